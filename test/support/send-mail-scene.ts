import { GatewayError, type GatewayFailure } from '../../src/gateways/gateway.errors.js';
import { type MailSender, type SendOutcome, type SentSearch } from '../../src/gateways/index.js';
import { type ReturnPaths } from '../../src/modules/outbox/bounces/return-paths.js';
import { type KeptMails } from '../../src/modules/outbox/composing/kept-mails.js';
import { type OutboxMailState } from '../../src/modules/outbox/outbox.decider.js';
import { type Senders } from '../../src/modules/outbox/routing/senders.js';
import { type AttemptRecord } from '../../src/modules/outbox/sending/attempt-record.js';
import { type CompanyPace } from '../../src/modules/outbox/sending/company-pace.js';
import { MailboxTurns } from '../../src/modules/outbox/sending/mailbox-turns.js';
import { type Gate, type OutboxQueue, type TakenMail } from '../../src/modules/outbox/sending/outbox-queue.js';
import { SendMail } from '../../src/modules/outbox/sending/send-mail.js';
import { SenderLook } from '../../src/modules/outbox/sending/sender-look.js';

export const NOW = new Date('2026-11-01T09:00:00Z');
const never = new AbortController().signal;
export const known = {
  userId: 'taro',
  route: 'gmail',
  from: 'taro@acme.example',
  troubles: {},
  outstanding: null,
  isRewritten: false,
  reports: [],
} as const;
export const queued: OutboxMailState = { ...known, status: 'queued', attempts: 0 };
export const sendingFor = (seconds: number): OutboxMailState => ({
  ...known,
  status: 'sending',
  attempts: 1,
  startedAt: new Date(NOW.getTime() - seconds * 1_000).toISOString(),
});
export const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

/** A mail in a given state, with everything around it that the look at it touches. */
export class Scene {
  readonly told: string[] = [];
  readonly turns = new MailboxTurns();
  outcome: SendOutcome = { kind: 'accepted', refused: [], sentAs: known.from };
  search: SentSearch | GatewayFailure = { kind: 'absent' };
  wait = 0;
  /** How often room in the company's pace was given back. */
  givenBack = 0;
  searching: () => void = () => undefined;
  passing: () => void = () => undefined;
  isOurs = true;
  starts = true;
  unopened: GatewayFailure | null = null;

  constructor(
    private readonly state: OutboxMailState,
    private readonly gate: Gate | null = null,
  ) {}

  look(): Promise<Date | null> {
    const taken: TakenMail = { company: 'acme', mailId: 'm1', gate: this.gate, dueAt: NOW, holder: 'h' };
    const record = {
      current: async () => this.state,
      start: async () => this.starts,
      accepted: async (_attempt: unknown, { foundInSent }: { foundInSent: boolean }) =>
        void this.told.push(foundInSent ? 'found' : 'accepted'),
      failed: async (_attempt: unknown, { code, retryAt }: { code: string; retryAt: Date | null }) =>
        void this.told.push(`${code} ${retryAt === null ? 'for good' : 'again'}`),
      uncertain: async () => void this.told.push('unknown'),
      sender: async (_attempt: unknown, sentAs: string) => void this.told.push(`as ${sentAs}`),
    } as unknown as AttemptRecord;
    const queue = {
      prepareAttempt: async () => this.isOurs,
      pass: async () => (this.passing(), this.isOurs),
      renew: async () => this.isOurs,
    } as unknown as OutboxQueue;
    const room = { giveBack: async () => void this.givenBack++ };
    const pace = { take: async () => (this.wait > 0 ? { waitMs: this.wait } : room) } as unknown as CompanyPace;
    const senders = { senderOf: async () => this.sender() } as unknown as Senders;
    const mails = { prepared: async () => ({}) } as unknown as KeptMails;
    const paths = { of: () => ({ returnPath: null, envelopeId: 'e' }) } as unknown as ReturnPaths;
    const sentAs = new SenderLook(record, senders, this.turns);
    return new SendMail(record, queue, pace, this.turns, senders, mails, paths, sentAs).look(taken, never);
  }

  private sender(): MailSender {
    if (this.unopened) throw new GatewayError(this.unopened);
    return {
      maxMessageBytes: async () => 1,
      send: async (_mail, commit) => {
        this.told.push('send');
        await commit().catch(() => undefined);
        return this.outcome;
      },
      findSent: async () => {
        this.told.push('search');
        this.searching();
        if (this.search.kind === 'found' || this.search.kind === 'absent' || this.search.kind === 'unsearchable') {
          return this.search;
        }
        throw new GatewayError(this.search);
      },
      checkFrom: async () => ({ sendable: 'yes' }),
    };
  }
}

export const away: GatewayFailure = { kind: 'Unavailable', detail: 'timeout' };
