/** Some 10 MB; a mailbox may send some thousand mails a day, whatever its provider. */
const MOST_REMEMBERED = 50_000;

/** What is read of a sent mail. */
export interface SentMail {
  /** Our own id of it; null: HRBC has not sent it. */
  readonly mailId: string | null;
  /** The address that it went out with; null: nobody can say. */
  readonly from: string | null;
}

/**
 * What was read of sent mails, by mailbox and the provider's id; they never change. No provider can be asked for a header
 * of ours, so a search reads one mail after the other, in Gmail at 20 of the 6,000 units that a mailbox has in a minute:
 * without this, a search through more than three hundred mails would never come to its end, and leave nothing for
 * receiving and sending. Only what was read whole may be remembered: half an answer would be believed for good.
 */
export class SentMailMemory {
  readonly #mails = new Map<string, SentMail>();

  constructor(private readonly most = MOST_REMEMBERED) {}

  recall(mailbox: string, id: string): SentMail | undefined {
    return this.#mails.get(`${mailbox} ${id}`);
  }

  remember(mailbox: string, id: string, mail: SentMail): void {
    this.#mails.set(`${mailbox} ${id}`, mail);
    if (this.#mails.size <= this.most) return;
    const [oldest] = this.#mails.keys();
    this.#mails.delete(oldest!);
  }
}
