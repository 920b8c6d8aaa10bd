import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { LostMailbox } from '../../../src/modules/inbox/receiving/lost-mailbox.js';
import { type CursorHint } from '../../../src/modules/inbox/receiving/receive-mailbox.js';
import { FakeInbox, mailOf, SINCE } from './fake-inbox.js';
import { Crash, ReceivingService } from './receiving-service.js';

/** What may happen to a mailbox, in any order. */
type Happening =
  | { readonly kind: 'delivery'; readonly mails: number }
  | { readonly kind: 'old mail' }
  | { readonly kind: 'copy of a mail' }
  | { readonly kind: 'look'; readonly batchSize: number }
  | { readonly kind: 'crash'; readonly atBatch: number; readonly where: 'before storing' | 'before recording' }
  | { readonly kind: 'two at once' }
  | { readonly kind: 'shift ends' }
  | { readonly kind: 'UIDVALIDITY changes' }
  | { readonly kind: 'other protocol' }
  | { readonly kind: 'mailbox locks a mail' }
  | { readonly kind: 'mailbox unlocks' };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('delivery' as const), mails: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('look' as const), batchSize: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('crash' as const),
    atBatch: fc.integer({ min: 1, max: 3 }),
    where: fc.constantFrom('before storing' as const, 'before recording' as const),
  }),
  ...(['old mail', 'copy of a mail', 'two at once', 'shift ends'] as const).map((kind) => fc.constant({ kind })),
  ...(['UIDVALIDITY changes', 'other protocol', 'mailbox locks a mail', 'mailbox unlocks'] as const).map((kind) =>
    fc.constant({ kind }),
  ),
);

let service: ReceivingService;
let users = 0;

beforeAll(async () => {
  service = await ReceivingService.start();
});
afterAll(async () => service?.close());

/** One mailbox and everything that was ever delivered to it. */
class History {
  readonly user = `user${(users += 1)}`;
  readonly inbox = new FakeInbox();
  readonly wanted = new Set<string>();
  private hint: CursorHint | null = null;
  private names = 0;

  constructor() {
    service.opener.mailboxes.set(this.user, this.inbox);
    service.opener.decideSharing = () => true;
  }

  async happens(what: Happening): Promise<void> {
    switch (what.kind) {
      case 'delivery':
        for (let n = 0; n < what.mails; n++) this.deliver();
        return;
      case 'old mail':
        this.inbox.deliver(mailOf(`old ${(this.names += 1)}`), { receivedAt: new Date(SINCE.getTime() - 1_000) });
        return;
      case 'copy of a mail':
        if (this.inbox.mails[0]) this.inbox.deliver(this.inbox.mails[0].source, { receivedAt: this.inbox.mails[0].receivedAt }); // prettier-ignore
        return;
      case 'look':
        this.inbox.batchSize = what.batchSize;
        return this.look();
      case 'crash':
        return this.crash(what.atBatch, what.where);
      case 'two at once':
        await Promise.all([this.look(), this.look()]);
        return;
      case 'shift ends':
        return this.look({ yields: () => true });
      case 'UIDVALIDITY changes':
        return this.inbox.resetUidValidity();
      case 'other protocol':
        return this.inbox.changeProtocol();
      case 'mailbox locks a mail':
        this.inbox.mails = this.inbox.mails.map((mail, index) => ({ ...mail, locked: mail.locked || index === 1 }));
        return;
      case 'mailbox unlocks':
        this.inbox.mails = this.inbox.mails.map((mail) => ({ ...mail, locked: false }));
        return;
    }
  }

  /** In the end the server hands everything over, forgets its UIDs once more, and is looked at in peace. */
  async ends(): Promise<void> {
    await this.happens({ kind: 'mailbox unlocks' });
    this.inbox.resetUidValidity();
    for (let n = 0; n < 4; n++) await this.look();
  }

  private deliver(): void {
    const name = `mail ${(this.names += 1)}`;
    this.inbox.deliver(mailOf(name));
    this.wanted.add(name);
  }

  private async crash(atBatch: number, where: 'before storing' | 'before recording'): Promise<void> {
    let batches = 0;
    const crashAtLast = (): true => {
      if ((batches += 1) === atBatch) throw new Crash();
      return true;
    };
    if (where === 'before recording') service.opener.decideSharing = crashAtLast;
    await this.look(where === 'before storing' ? { stillOurs: async () => void crashAtLast() } : {});
    service.opener.decideSharing = () => true;
    this.hint = null;
  }

  /** As the service does it: a cursor that is no more is reset, everything else is tried again at the next look. */
  private async look(options: Parameters<ReceivingService['look']>[1] = {}): Promise<void> {
    try {
      const { hint } = await service.look(this.user, { hint: this.hint, ...options });
      this.hint = hint ?? this.hint;
    } catch (error) {
      if (error instanceof GatewayError) await this.reset(error);
      else if (!(error instanceof Crash) && !(error instanceof LostMailbox)) throw error;
    }
  }

  private async reset({ failure }: GatewayError): Promise<void> {
    expect(failure.kind).toBe('CursorInvalid');
    await service.resetCursor(this.user, 'uid_validity_changed').catch((error: unknown) => {
      if (!(error instanceof LostMailbox)) throw error;
    });
  }
}

describe('whatever happens to a mailbox', () => {
  it('in the end exactly the wanted mails are here, each once, and the counts say so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 2, maxLength: 14 }), async (happenings) => {
        const history = new History();
        for (const what of happenings) await history.happens(what);
        await history.ends();

        const received = await service.received(history.user);
        expect(received.map(({ subject }) => subject).sort()).toEqual([...history.wanted].sort());
        expect(received.filter(({ quarantined }) => quarantined)).toEqual([]);
        const { phase, import: report } = (await service.eventsOf(history.user)).at(-1)!.data.standing;
        expect(phase).toBe('receiving');
        expect(report.found).toBe(report.imported + report.known + report.quarantined);
      }),
      { numRuns: 12, endOnFailure: false },
    );
  });
});
