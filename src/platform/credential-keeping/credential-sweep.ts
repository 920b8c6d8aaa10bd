import { Injectable, Logger } from '@nestjs/common';
import { EventStore } from '../event-store/index.js';
import { CredentialVault } from '../security/index.js';

/** No append is under way for that long: every call to the store has a deadline of seconds. */
const SETTLED_AFTER_MS = 60 * 60 * 1_000;

/** Finds the secrets that were kept for an event that never came, and destroys them. Safe in any number of instances. */
@Injectable()
export class CredentialSweep {
  private readonly logger = new Logger(CredentialSweep.name);

  constructor(
    private readonly vault: CredentialVault,
    private readonly store: EventStore,
  ) {}

  /** A periodic job. Looks at every secret once. */
  async run(signal: AbortSignal, now = Date.now()): Promise<void> {
    for await (const { company, ref, stream } of this.vault.unsettled(new Date(now - SETTLED_AFTER_MS))) {
      if (signal.aborted) return;
      if (await this.isNamed(stream, ref)) {
        await this.vault.settle(company, ref);
      } else {
        await this.vault.destroy(company, ref);
        this.logger.warn({ company, stream }, 'A secret that no event names was destroyed.');
      }
    }
  }

  private async isNamed(stream: string, ref: string): Promise<boolean> {
    const { events } = await this.store.read(stream);
    return events.some(({ data }) => 'credentialRef' in data && data.credentialRef === ref);
  }
}
