import { Rejection } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Decision } from '../event-store/index.js';
import { newId } from '../ids.js';
import { CredentialVault } from '../security/index.js';

type Decided = Pick<Decision<unknown, unknown>, 'position'>;

/**
 * Keeps a secret before the decision that names it is on the record, so that no event ever names a secret that is
 * not there. What the decision then does not name goes again: at once where it was refused, and by the
 * CredentialSweep where nobody can say yet, such as after a crash or while the event store does not answer.
 */
@Injectable()
export class CredentialKeeper {
  constructor(private readonly vault: CredentialVault) {}

  /** @param stream the stream whose events may name the secret, by the reference that `decide` is given */
  async keepFor<Outcome extends Decided>(
    { company, stream, secret }: { readonly company: string; readonly stream: string; readonly secret: object },
    decide: (credentialRef: string) => Promise<Outcome>,
  ): Promise<Outcome> {
    const credentialRef = newId();
    await this.vault.put(company, credentialRef, secret, stream);
    try {
      const decision = await decide(credentialRef);
      if (decision.position === null) await this.vault.destroy(company, credentialRef);
      return decision;
    } catch (error) {
      if (isRefused(error)) await this.vault.destroy(company, credentialRef);
      throw error;
    }
  }
}

/** Whether it is certain that nothing was written; an effect that cannot be seen yet may well have been. */
const isRefused = (error: unknown): boolean => error instanceof Rejection && error.definition.kind !== 'unavailable';
