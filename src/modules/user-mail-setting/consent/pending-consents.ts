import { type Actor } from '@libs/eventsourcing';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { createHash, randomBytes } from 'node:crypto';
import { type OAuthService } from '../../../gateways/index.js';
import { newId } from '../../../platform/ids.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { type ConsentMemory, type ConsentRequest } from './oauth-provider.js';

/** From the user's click to the browser's return. */
export const CONSENT_LIFETIME_MS = 10 * 60_000;
/** Kept longer, so that who comes late is told so on the page that asked. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** A consent that a user has begun. */
export interface PendingConsent extends ConsentRequest {
  readonly service: OAuthService;
  readonly returnUrl: string;
  /** The user, who is the one that acts when the browser comes back without a token of ours. */
  readonly actor: Actor;
  /** The request that began it. */
  readonly correlationId: string;
}

interface PendingDocument {
  /** Hash of the ticket in the address that the browser is given. */
  readonly _id: string;
  readonly company: string;
  readonly service: OAuthService;
  readonly returnUrl: string;
  readonly stage: 'issued' | 'departing' | 'away' | 'back';
  readonly stateHash: string | null;
  readonly browserHash: string | null;
  /** The credential that holds everything personal and secret about it, sealed. */
  readonly secretRef: string;
  readonly expiresAt: Date;
}

interface Secret {
  readonly consent: PendingConsent;
  readonly memory?: ConsentMemory;
}

/** A ticket that was just used, and what it stands for. */
export interface Departure {
  readonly consent: PendingConsent;
  /** Notes what the provider's answer will have to fit, and which browser may bring it. */
  away(memory: ConsentMemory, browser: string): Promise<void>;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Consents under way: each ticket and each state is good once, for ten minutes, and a state only in the browser it was
 * given to. In the database are hashes; what has to be known again lies in the credential vault. No server session.
 */
@Injectable()
export class PendingConsents implements OnModuleInit {
  private readonly pending: Collection<PendingDocument>;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly vault: CredentialVault,
  ) {
    this.pending = connection.collection<PendingDocument>('pending_consents');
  }

  async onModuleInit(): Promise<void> {
    await this.pending.createIndex({ stateHash: 1 });
    await this.pending.createIndex({ expiresAt: 1 });
  }

  /** @returns a ticket, which whoever has it can use once */
  async open(consent: PendingConsent): Promise<{ readonly ticket: string; readonly expiresAt: Date }> {
    const [ticket, secretRef] = [newSecret(), newId()];
    const expiresAt = new Date(Date.now() + CONSENT_LIFETIME_MS);
    const { company, service, returnUrl } = consent;
    await this.pending.insertOne({
      _id: hashOf(ticket),
      company,
      service,
      returnUrl,
      stage: 'issued',
      stateHash: null,
      browserHash: null,
      secretRef,
      expiresAt,
    });
    // After the entry that it expires with: a crash in between leaves no secret that nobody removes.
    await this.vault.put(consent.company, secretRef, { consent } satisfies Secret, null);
    return { ticket, expiresAt };
  }

  /** Uses a ticket; null: it is unknown, was used, or has expired. */
  async depart(ticket: string, service: OAuthService): Promise<Departure | null> {
    const found = await this.pending.findOneAndUpdate(
      { _id: hashOf(ticket), service, stage: 'issued', expiresAt: { $gt: new Date() } },
      { $set: { stage: 'departing' } },
    );
    const secret = found && (await this.vault.open<Secret>(found.company, found.secretRef));
    if (!secret) return null;
    const { consent } = secret;
    return {
      consent,
      away: async (memory, browser) => {
        await this.vault.replace(found.company, found.secretRef, { consent, memory } satisfies Secret);
        const away = { stage: 'away', stateHash: hashOf(memory.state), browserHash: hashOf(browser) } as const;
        await this.pending.updateOne({ _id: found._id }, { $set: away });
      },
    };
  }

  /** Uses a state; null: it is unknown, was used, has expired, or belongs to another browser. */
  async arrive(
    state: string,
    browser: string,
    service: OAuthService,
  ): Promise<{ readonly consent: PendingConsent; readonly memory: ConsentMemory } | null> {
    const found = await this.pending.findOneAndUpdate(
      {
        stateHash: hashOf(state),
        browserHash: hashOf(browser),
        service,
        stage: 'away',
        expiresAt: { $gt: new Date() },
      },
      { $set: { stage: 'back' } },
    );
    if (!found) return null;
    const secret = await this.vault.open<Secret>(found.company, found.secretRef);
    await this.vault.destroy(found.company, found.secretRef);
    return secret?.memory ? { consent: secret.consent, memory: secret.memory } : null;
  }

  /** Where to send who comes too late, or a second time; null: nothing is known of it. */
  async returnUrlOf(
    mark: { readonly ticket: string } | { readonly state: string; readonly browser: string },
  ): Promise<string | null> {
    const filter =
      'ticket' in mark
        ? { _id: hashOf(mark.ticket) }
        : { stateHash: hashOf(mark.state), browserHash: hashOf(mark.browser) };
    return (await this.pending.findOne(filter))?.returnUrl ?? null;
  }

  /** Removes what nobody comes back for any more; a periodic job. */
  async forgetExpired(now = Date.now()): Promise<void> {
    const old = { expiresAt: { $lt: new Date(now - REMEMBERED_MS) } };
    for await (const { _id, company, secretRef } of this.pending.find(old)) {
      await this.vault.destroy(company, secretRef);
      await this.pending.deleteOne({ _id });
    }
  }
}
