import type { SourceFetcher } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import type { GmailInbox } from './gmail-inbox.js';

/** Fetches mails by id, a few at the same time. */
export class GmailSourceFetcher implements SourceFetcher<string> {
  /** When each was received, of those that were fetched. */
  readonly receivedAt = new Map<string, Date>();
  readonly #gone = new Set<string>();

  constructor(private readonly inbox: GmailInbox) {}

  async together(ids: readonly string[], take: (id: string, source: Buffer) => void): Promise<void> {
    const outcomes = await Promise.allSettled(
      ids.map(async (id) => {
        const source = await this.alone(id);
        if (source !== null) take(id, source);
      }),
    );
    // The worst decides: a limit or a lost grant is nobody's single fault.
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    const worst = failed.find((error) => !(error instanceof GatewayError) || error.failure.kind !== 'Unavailable');
    if (failed.length > 0) throw worst ?? failed[0];
  }

  async alone(id: string): Promise<Buffer | null> {
    if (this.#gone.has(id)) return null;
    const mail = await this.inbox.mail(id);
    if (mail === null) {
      this.#gone.add(id);
      return null;
    }
    this.receivedAt.set(id, mail.receivedAt);
    return mail.source;
  }
}
