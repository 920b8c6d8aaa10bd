import { type SendAsSeed } from './google-seed.js';

/** A mail as Gmail holds it. */
export interface GmailMessage {
  readonly id: string;
  readonly threadId: string;
  readonly labelIds: ReadonlySet<string>;
  /** Milliseconds since 1970: when Gmail received it. */
  readonly internalDate: number;
  readonly raw: Buffer;
  /** Of the last change to it. */
  readonly historyId: number;
}

export type HistoryKind = 'messageAdded' | 'messageDeleted' | 'labelAdded' | 'labelRemoved';

/** One change to the mailbox (users.history). */
export interface HistoryRecord {
  readonly id: number;
  readonly kind: HistoryKind;
  readonly messageId: string;
  readonly threadId: string;
  /** What the message carried after the change. */
  readonly labelIds: readonly string[];
  /** Of labelAdded and labelRemoved. */
  readonly changed: readonly string[];
}

export interface Delivery {
  readonly internalDate: Date;
  /** Default: INBOX and UNREAD. */
  readonly labelIds?: readonly string[];
  /** Joins the thread of this message; default: a thread of its own. */
  readonly threadOf?: string;
}

/** Far from what a JavaScript number can hold, as Gmail's ids are. */
const FIRST_ID = 0x19a0_0000_0000_0000n;
const FIRST_HISTORY_ID = 987_000;

/** One mailbox: messages, labels, and the history of their changes. */
export class GmailMailbox {
  /** Ids of mails that cannot be handed over, however often they are asked for. */
  readonly broken = new Set<string>();
  private readonly messages = new Map<string, GmailMessage>();
  private readonly records: HistoryRecord[] = [];
  private newestFirst: readonly GmailMessage[] | null = null;
  private count = 0n;
  private lastHistoryId = FIRST_HISTORY_ID;
  /** History below this is forgotten ("typically at least a week, sometimes only hours"; guides/sync). */
  private forgottenUpTo = FIRST_HISTORY_ID - 1;

  constructor(
    readonly email: string,
    readonly sendAs: SendAsSeed[],
  ) {}

  get historyId(): number {
    return this.lastHistoryId;
  }

  get size(): number {
    return this.messages.size;
  }

  deliver(raw: Buffer, { internalDate, labelIds = ['INBOX', 'UNREAD'], threadOf }: Delivery): GmailMessage {
    const id = (FIRST_ID + (this.count++ << 12n)).toString(16);
    const threadId = threadOf === undefined ? id : this.mustFind(threadOf).threadId;
    const received = { id, threadId, labelIds: new Set(labelIds), internalDate: internalDate.getTime(), raw };
    return this.change(received, 'messageAdded', []);
  }

  find(id: string): GmailMessage | null {
    return this.messages.get(id) ?? null;
  }

  label(id: string, ...labels: readonly string[]): void {
    const message = this.mustFind(id);
    this.change({ ...message, labelIds: new Set([...message.labelIds, ...labels]) }, 'labelAdded', labels);
  }

  unlabel(id: string, ...labels: readonly string[]): void {
    const message = this.mustFind(id);
    const labelIds = new Set([...message.labelIds].filter((label) => !labels.includes(label)));
    this.change({ ...message, labelIds }, 'labelRemoved', labels);
  }

  /** Deletes for good, past the bin. */
  remove(id: string): void {
    const message = this.mustFind(id);
    this.change(message, 'messageDeleted', []);
    this.messages.delete(id);
    this.newestFirst = null;
  }

  /** The history so far can be asked for no longer. */
  expireHistory(): void {
    this.forgottenUpTo = this.lastHistoryId;
    this.lastHistoryId += 1;
  }

  /** Newest first, as messages.list gives them. */
  all(): readonly GmailMessage[] {
    this.newestFirst ??= [...this.messages.values()].sort(
      (a, b) => b.internalDate - a.internalDate || (a.id < b.id ? 1 : -1),
    );
    return this.newestFirst;
  }

  /** Changes behind this one, oldest first; null: it is too old, or was never given out. */
  historySince(startHistoryId: number): readonly HistoryRecord[] | null {
    if (!(startHistoryId > this.forgottenUpTo && startHistoryId <= this.lastHistoryId)) return null;
    return this.records.filter(({ id }) => id > startHistoryId);
  }

  private change(
    message: Omit<GmailMessage, 'historyId'>,
    kind: HistoryKind,
    changed: readonly string[],
  ): GmailMessage {
    const historyId = (this.lastHistoryId += 3); // Gmail's ids leave gaps
    const { id: messageId, threadId, labelIds } = message;
    this.records.push({ id: historyId, kind, messageId, threadId, labelIds: [...labelIds], changed });
    const stored = { ...message, historyId };
    this.messages.set(messageId, stored);
    this.newestFirst = null;
    return stored;
  }

  private mustFind(id: string): GmailMessage {
    const message = this.messages.get(id);
    if (!message) throw new Error(`There is no message ${id} in the mailbox of ${this.email}.`);
    return message;
  }
}
