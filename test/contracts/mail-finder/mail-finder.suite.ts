import { describe, expect, it } from 'vitest';
import { type GatewayError } from '../../../src/gateways/gateway.errors.js';
import {
  type Findings,
  type MailFinder,
  type MailPlace,
  type WantedMail,
} from '../../../src/gateways/mail-finder.port.js';

/** A mail on its way into a mailbox. */
export interface Arrival {
  readonly source: Buffer;
  readonly receivedAt: Date;
  readonly place: MailPlace | 'sent';
}

/** A mailbox of its own for a test, and how it is searched. */
export interface SearchedMailbox {
  readonly deliver: (arrival: Arrival) => void;
  readonly finder: MailFinder;
  /** Everything that reading could change. */
  readonly snapshot: () => unknown;
  /** The same mailbox asked with credentials that are not its own. */
  readonly refused: MailFinder;
}

/** One implementation of MailFinder. */
export interface FinderUnderTest {
  readonly title: string;
  /** POP3 knows the INBOX alone. */
  readonly hasFolders: boolean;
  readonly mailbox: () => SearchedMailbox | Promise<SearchedMailbox>;
}

export const RECEIVED = new Date('2024-03-02T09:00:00+09:00');
const DAY = { since: new Date('2024-03-02T00:00:00+09:00'), until: new Date('2024-03-03T00:00:00+09:00') };

export function arrival(name: string, over: Partial<Arrival> = {}): Arrival {
  const receivedAt = over.receivedAt ?? RECEIVED;
  const source = Buffer.from(
    [
      `Received: from a.example by mx.example.co.jp; ${receivedAt.toUTCString().replace('GMT', '+0000')}`,
      `From: Suzuki <${name}@customer.example>`,
      `Message-ID: <${name}@customer.example>`,
      `Subject: ${name}`,
      '',
      'Hello',
      '',
    ].join('\r\n'),
  );
  return { source, receivedAt, place: 'inbox', ...over };
}

/** The guarantees of MailFinder (see its doc comment). */
export function describeMailFinder({ title, hasFolders, mailbox }: FinderUnderTest): void {
  const find = async ({ finder }: SearchedMailbox, wanted: WantedMail): Promise<Findings> =>
    finder.find(wanted, AbortSignal.timeout(30_000));
  const byId = (name: string): WantedMail => ({ messageId: `<${name}@customer.example>` });

  describe(title, () => {
    it('finds a mail of the INBOX by its Message-ID, and no other', async () => {
      const box = await mailbox();
      for (const name of ['first', 'wanted', 'last']) box.deliver(arrival(name));
      const { found, complete } = await find(box, byId('wanted'));
      expect(complete).toBe(true);
      expect(found).toMatchObject([
        {
          place: 'inbox',
          receivedAt: RECEIVED,
          messageId: '<wanted@customer.example>',
          from: { name: 'Suzuki', address: 'wanted@customer.example' },
        },
      ]);
    });

    it('takes nothing in a Message-ID for a command', async () => {
      const box = await mailbox();
      box.deliver(arrival('wanted'));
      for (const messageId of [
        "<a' or '1' eq '1>",
        '<a" OR ALL "b>',
        '<a>\r\nNOOP',
        '<x {3}>',
        '<面談@customer.example>',
      ]) {
        expect((await find(box, { messageId })).found).toEqual([]);
      }
    });

    it('finds the mails of a day, and says who sent them', async () => {
      const box = await mailbox();
      box.deliver(arrival('before', { receivedAt: new Date('2024-03-01T23:59:59+09:00') }));
      box.deliver(arrival('morning', { receivedAt: DAY.since }));
      box.deliver(arrival('night', { receivedAt: new Date('2024-03-02T23:59:59+09:00') }));
      box.deliver(arrival('after', { receivedAt: DAY.until }));
      const { found } = await find(box, { from: 'customer.example', ...DAY });
      expect(found.map(({ from }) => from?.address).sort()).toEqual([
        'morning@customer.example',
        'night@customer.example',
      ]);
    });

    it('finds nothing in an empty mailbox', async () => {
      expect(await find(await mailbox(), byId('wanted'))).toMatchObject({ found: [], complete: true });
    });

    it.skipIf(!hasFolders)('says where else a mail is', async () => {
      const box = await mailbox();
      for (const place of ['junk', 'trash', 'other'] as const) box.deliver(arrival(place, { place }));
      box.deliver(arrival('sent', { place: 'sent' }));
      for (const place of ['junk', 'trash', 'other'] as const) {
        const { found, otherFolders } = await find(box, byId(place));
        expect([place, found.map((mail) => mail.place), otherFolders]).toEqual([place, [place], true]);
      }
      expect((await find(box, byId('sent'))).found).toEqual([]);
    });

    it('changes nothing', async () => {
      const box = await mailbox();
      box.deliver(arrival('wanted'));
      box.deliver(arrival('filed', { place: hasFolders ? 'other' : 'inbox' }));
      const before = box.snapshot();
      await find(box, byId('wanted'));
      await find(box, byId('filed'));
      await find(box, { from: 'customer', ...DAY });
      expect(box.snapshot()).toEqual(before);
    });

    it('fails with a GatewayError where it is not let in, and when it is given up', async () => {
      const box = await mailbox();
      const failureOf = async (work: Promise<unknown>): Promise<string> =>
        work.then(
          () => 'none',
          (error: GatewayError) => error.failure.kind,
        );
      expect(await failureOf(box.refused.find(byId('wanted'), AbortSignal.timeout(30_000)))).toBe('AuthorizationLost');
      expect(await failureOf(box.finder.find(byId('wanted'), AbortSignal.abort()))).toBe('Unavailable');
    });
  });
}
