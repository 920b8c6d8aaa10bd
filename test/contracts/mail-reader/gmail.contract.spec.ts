import { gmailPrices, type gmailRefusals } from '@libs/provider-simulators';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GmailTests } from './gmail-mailbox.js';
import { failureOf, lastCursor, pass, subjects } from './passes.js';
import {
  awkwardMails,
  DAY_AFTER,
  JUST_BEFORE,
  JUST_IN_TIME,
  largeMail,
  LONG_AGO,
  sampleMail,
  SINCE,
} from './sample-mails.js';

const MINUTE = 60_000;
const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `mail ${index}`);

/** The guarantees of MailReader (see its doc comment), by the Gmail API, against the simulator. */
describe('MailReader by gmail', () => {
  let gmail: GmailTests;

  beforeAll(async () => {
    gmail = await GmailTests.start();
  });
  afterEach(() => gmail.google.faults.clear());
  afterAll(() => gmail.close());

  it('yields what was received at or after the instant, byte for byte, oldest first', async () => {
    const { deliver, reader } = gmail.mailbox();
    const wanted = [sampleMail('edge', JUST_IN_TIME), ...awkwardMails(DAY_AFTER), sampleMail('last', DAY_AFTER)];
    deliver(sampleMail('long ago', LONG_AGO));
    deliver(sampleMail('one second too old', JUST_BEFORE));
    for (const mail of wanted) deliver(mail);

    const batches = await pass(reader());

    const mails = batches.flatMap((batch) => batch.mails);
    expect(mails.map((mail) => mail.source.toString('latin1'))).toEqual(
      wanted.map((mail) => mail.source.toString('latin1')),
    );
    expect(mails.map((mail) => mail.receivedAt)).toEqual(wanted.map((mail) => mail.receivedAt));
    expect(batches.map((batch) => batch.found)).toEqual(batches.map(() => wanted.length));
    expect(batches[0]?.oldestOnServer).toEqual(LONG_AGO);
  });

  it('judges each mail by itself: filed, only labelled, in the bin or merely of the same thread, it is left (R36, R37)', async () => {
    const { deliver, reader } = gmail.mailbox();
    const first = deliver(sampleMail('in the inbox', DAY_AFTER));
    deliver(sampleMail('same thread, archived', DAY_AFTER), ['IMPORTANT'], first.id);
    deliver(sampleMail('filed by a filter', DAY_AFTER), ['Label_7', 'UNREAD']);
    deliver(sampleMail('binned', DAY_AFTER), ['TRASH']);
    deliver(sampleMail('spam', DAY_AFTER), ['SPAM']);
    deliver(sampleMail('sent', DAY_AFTER), ['SENT']);
    deliver(sampleMail('labelled, in the inbox', DAY_AFTER), ['INBOX', 'Label_7']);
    expect(subjects(await pass(reader()))).toEqual(['in the inbox', 'labelled, in the inbox']);
  });

  it('changes nothing on the server', async () => {
    const { deliver, reader, mailbox } = gmail.mailbox();
    for (const subject of named(5)) deliver(sampleMail(subject, DAY_AFTER));
    const [before, historyId] = [mailbox.all(), mailbox.historyId];
    const batches = await pass(reader());
    await pass(reader(), lastCursor(batches));
    expect(mailbox.all()).toEqual(before);
    expect(mailbox.historyId).toBe(historyId);
  });

  it('goes on behind the cursor of every batch', async () => {
    const { deliver, reader } = gmail.mailbox();
    const all = named(10);
    for (const [index, subject] of all.entries()) {
      deliver(sampleMail(subject, new Date(DAY_AFTER.getTime() + index * MINUTE)));
    }
    const batches = await pass(reader({ limits: { batchMails: 3 } }));
    expect(batches.map((batch) => batch.mails.length)).toEqual([3, 3, 3, 1]);
    let seen: string[] = [];
    for (const batch of batches) {
      seen = [...seen, ...subjects([batch])];
      const rest = await pass(reader(), lastCursor([batch]));
      expect([...seen, ...subjects(rest)]).toEqual(all);
      expect(rest[0]).toMatchObject({ found: all.length - seen.length });
    }
  });

  it('yields later deliveries behind the last cursor, in batches of which each has a cursor, and then nothing', async () => {
    const { deliver, reader } = gmail.mailbox();
    deliver(sampleMail('early', DAY_AFTER));
    const first = lastCursor(await pass(reader()));
    for (const subject of named(5)) deliver(sampleMail(subject, DAY_AFTER));
    deliver(sampleMail('later, but received before the day', JUST_BEFORE));
    const second = await pass(reader({ limits: { batchMails: 2 } }), first);
    expect(subjects(second)).toEqual(named(5));
    expect(subjects(await pass(reader(), lastCursor(second.slice(0, 1))))).toEqual(named(5).slice(2));
    const third = await pass(reader(), lastCursor(second));
    expect(subjects(third)).toEqual([]);
    expect(lastCursor(third)).toEqual(lastCursor(second));
  });

  it('yields one batch without mails for an empty INBOX, with a cursor that later mail lies behind', async () => {
    const { deliver, reader } = gmail.mailbox();
    const batches = await pass(reader());
    expect(batches).toMatchObject([{ mails: [], unreadable: [], found: 0, oldestOnServer: null }]);
    deliver(sampleMail('first ever', DAY_AFTER));
    expect(subjects(await pass(reader(), lastCursor(batches)))).toEqual(['first ever']);
  });

  it('passes over mail from before the instant once and for all', async () => {
    const { deliver, reader } = gmail.mailbox();
    deliver(sampleMail('old', LONG_AGO));
    const batches = await pass(reader());
    expect(batches).toMatchObject([{ mails: [], found: 0, oldestOnServer: LONG_AGO }]);
    expect(await pass(reader(), lastCursor(batches))).toMatchObject([{ mails: [], found: 0 }]);
  });

  it('takes what is moved into the INBOX later, however it was labelled before', async () => {
    const { deliver, reader, mailbox } = gmail.mailbox();
    const filed = deliver(sampleMail('filed', DAY_AFTER), ['Label_7']);
    const cursor = lastCursor(await pass(reader()));
    mailbox.label(filed.id, 'INBOX');
    expect(subjects(await pass(reader(), cursor))).toEqual(['filed']);
  });

  it('leaves what has left the INBOX again, and what is gone', async () => {
    const { deliver, reader, mailbox } = gmail.mailbox();
    const cursor = lastCursor(await pass(reader()));
    const [archived, removed] = [sampleMail('archived', DAY_AFTER), sampleMail('removed', DAY_AFTER)].map((mail) =>
      deliver(mail),
    );
    deliver(sampleMail('stays', DAY_AFTER));
    mailbox.unlabel(archived!.id, 'INBOX');
    mailbox.remove(removed!.id);
    const batches = await pass(reader(), cursor);
    expect(subjects(batches)).toEqual(['stays']);
    expect(batches.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  });

  it('reads a change of labels that are not the INBOX as no arrival', async () => {
    const { deliver, reader, mailbox } = gmail.mailbox();
    const { id } = deliver(sampleMail('read and starred', DAY_AFTER));
    const cursor = lastCursor(await pass(reader()));
    mailbox.label(id, 'STARRED');
    mailbox.unlabel(id, 'UNREAD');
    gmail.google.requests.clear();
    expect(subjects(await pass(reader(), cursor))).toEqual([]);
    expect(gmail.google.requests.of('gmail.messages.get')).toEqual([]);
  });

  it('finds new mail first while an import is under way, and then goes on with it', async () => {
    const { deliver, reader } = gmail.mailbox();
    for (const subject of named(4)) deliver(sampleMail(subject, DAY_AFTER));
    const [first] = await pass(reader({ limits: { batchMails: 2 } }));
    deliver(sampleMail('just now', new Date(gmail.clock.now())));
    expect(subjects(await pass(reader(), lastCursor([first!])))).toEqual(['just now', 'mail 2', 'mail 3']);
  });

  it('cuts time into slices that a page of ids holds, also where a second holds more', async () => {
    const { deliver, reader } = gmail.mailbox();
    const dense = named(620);
    for (const subject of dense) deliver(sampleMail(subject, DAY_AFTER));
    for (let day = 1; day <= 300; day++) {
      deliver(sampleMail(`day ${day}`, new Date(DAY_AFTER.getTime() + day * 3_600_000)));
    }
    const plenty = { perMinuteAndUser: 100_000, messagesGet: 20 };
    gmail.google.quota.prices = { perMinuteAndUser: plenty.perMinuteAndUser, get: plenty.messagesGet };
    const batches = await pass(reader({ prices: plenty }));
    gmail.google.quota.prices = gmailPrices.new;
    expect(new Set(subjects(batches)).size).toBe(920);
    expect(subjects(batches)).toHaveLength(920);
    expect(batches[0]?.found).toBe(920);
  });

  it('keeps batches below their size in bytes, a single larger mail excepted', async () => {
    const { deliver, reader } = gmail.mailbox();
    for (const [index, bytes] of [40_000, 40_000, 250_000, 40_000, 90_000].entries()) {
      deliver(largeMail(`mail ${index}`, bytes, DAY_AFTER));
    }
    const batches = await pass(reader({ limits: { batchBytes: 100_000 } }));
    expect(batches.map(({ mails }) => mails.length)).toEqual([2, 1, 1, 1]);
    expect(subjects(batches)).toEqual(named(5));
  });

  it('reports a mail above the limit as unreadable and goes on', async () => {
    const { deliver, reader } = gmail.mailbox();
    deliver(sampleMail('before', DAY_AFTER));
    deliver(largeMail('too large', 300_000, DAY_AFTER));
    deliver(sampleMail('behind', DAY_AFTER));
    const batches = await pass(reader({ limits: { mailBytes: 200_000 } }));
    expect(subjects(batches)).toEqual(['before', 'behind']);
    expect(batches.flatMap((batch) => batch.unreadable)).toMatchObject([
      { reason: 'too_large', receivedAt: DAY_AFTER },
    ]);
    expect(subjects(await pass(reader(), lastCursor(batches)))).toEqual([]);
  });

  it('reports a mail that Google cannot hand over as unreadable and goes on', async () => {
    const { deliver, reader, mailbox } = gmail.mailbox();
    deliver(sampleMail('before', DAY_AFTER));
    const { id } = deliver(sampleMail('broken', DAY_AFTER));
    deliver(sampleMail('behind', DAY_AFTER));
    mailbox.broken.add(id);
    const batches = await pass(reader());
    expect(subjects(batches)).toEqual(['before', 'behind']);
    expect(batches.flatMap((batch) => batch.unreadable)).toEqual([
      { locator: id, receivedAt: null, reason: 'server_error' },
    ]);
  });

  it('does not fetch again what the caller has on the record', async () => {
    const { deliver, reader } = gmail.mailbox();
    const ids = named(6).map((subject) => deliver(sampleMail(subject, DAY_AFTER)).id);
    const batches = await pass(reader({ known: new Set(ids.slice(0, 4)) }));
    expect(subjects(batches)).toEqual(['mail 4', 'mail 5']);
    expect(batches.reduce((sum, { alreadyKnown = 0 }) => sum + alreadyKnown, 0)).toBe(4);
  });

  it('says that the cursor is no longer known when Gmail has forgotten the history', async () => {
    const { deliver, reader, mailbox } = gmail.mailbox();
    deliver(sampleMail('early', DAY_AFTER));
    const cursor = lastCursor(await pass(reader()));
    mailbox.expireHistory();
    await expect(pass(reader(), cursor)).rejects.toMatchObject({
      failure: { kind: 'CursorInvalid', reason: 'history_expired' },
    });
    const foreign = { protocol: 'imap', uidValidity: '1', lastUid: 1 } as const;
    await expect(pass(reader(), foreign)).rejects.toMatchObject({ failure: { kind: 'CursorInvalid' } });
  });

  it('ends soon after the signal is aborted, with a GatewayError', async () => {
    const { deliver, reader } = gmail.mailbox();
    for (const subject of named(12)) deliver(sampleMail(subject, DAY_AFTER));
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const request = { cursor: null, since: SINCE, signal: abort.signal };
      for await (const batch of reader({ limits: { batchMails: 1 } }).changesSince(request)) {
        expect(batch.mails).toHaveLength(1);
        abort.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ failure: { kind: 'Unavailable', detail: 'aborted' } });
  });

  it('takes a new token when one ends before its time, and asks for one once', async () => {
    const { deliver, reader, address } = gmail.mailbox();
    for (const subject of named(12)) deliver(sampleMail(subject, DAY_AFTER));
    const seen: string[] = [];
    const request = { cursor: null, since: SINCE, signal: new AbortController().signal };
    for await (const batch of reader({ limits: { batchMails: 4 } }).changesSince(request)) {
      if (seen.length === 0) gmail.google.desk.expireAccessTokens(address);
      seen.push(...subjects([batch]));
    }
    expect(seen).toEqual(named(12));
  });

  it.each([
    ['mailServiceNotEnabled', { kind: 'MailboxNotSupported' }],
    ['accessNotConfigured', { kind: 'Rejected', code: 'gmail_api_disabled' }],
    ['domainPolicy', { kind: 'Rejected', code: 'gmail_disabled_by_domain' }],
    ['insufficientPermissions', { kind: 'PermissionMissing' }],
    ['dailyLimitExceeded', { kind: 'RateLimited', retryAfterMs: 3_600_000 }],
    ['userRateLimitExceeded', { kind: 'RateLimited', retryAfterMs: MINUTE }],
    ['tooManyConcurrent', { kind: 'RateLimited', retryAfterMs: MINUTE }],
    ['authError', { kind: 'AuthorizationLost' }],
    ['unavailable', { kind: 'Unavailable', detail: 'server_error' }],
  ] as const satisfies readonly (readonly [keyof typeof gmailRefusals, object])[])(
    'fails for %s with a GatewayError',
    async (refusal, failure) => {
      const { reader, address } = gmail.mailbox();
      gmail.google.refuse('gmail.*', refusal, { subject: address });
      const error: unknown = await pass(reader()).catch((thrown: unknown) => thrown);
      expect(failureOf(error)).toMatchObject(failure);
    },
  );

  it('waits for a minute that is used up, instead of losing its turn', async () => {
    const { deliver, reader, address } = gmail.mailbox();
    deliver(sampleMail('patience', DAY_AFTER));
    gmail.google.refuse('gmail.messages.get', 'userRateLimitExceeded', { subject: address, times: 2 });
    gmail.google.refuse('gmail.messages.list', 'tooManyConcurrent', { subject: address, times: 2 });
    expect(subjects(await pass(reader()))).toEqual(['patience']);
  });

  it('keeps what it has fetched when it is refused on the way', async () => {
    const { deliver, reader, address } = gmail.mailbox();
    for (const subject of named(30)) deliver(sampleMail(subject, DAY_AFTER));
    gmail.google.refuse('gmail.messages.get', 'dailyLimitExceeded', { subject: address, after: 20 });
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      const request = { cursor: null, since: SINCE, signal: new AbortController().signal };
      for await (const batch of reader().changesSince(request)) seen.push(...subjects([batch]));
    };
    await expect(read()).rejects.toMatchObject({ failure: { kind: 'RateLimited' } });
    expect(seen.length).toBeGreaterThanOrEqual(15);
    expect(seen).toEqual(named(30).slice(0, seen.length));
  });
});
