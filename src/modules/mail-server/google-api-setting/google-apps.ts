import { Injectable } from '@nestjs/common';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { googleApiSettingDecider, type GoogleApiSettingState } from './google-api-setting.decider.js';
import { googleApiSettingStream } from './google-api-setting.events.js';

/** A company's own app at Google, with its secret. */
export interface GoogleApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly quotaUnitsPerMinute: number | null;
}

/** As the vault keeps it. */
export interface GoogleAppSecret {
  readonly clientSecret: string;
}

/** The companies' Google apps as the record has them this moment, for those who must not act on a read model. */
@Injectable()
export class GoogleApps {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly vault: CredentialVault,
  ) {}

  async current(company: string): Promise<GoogleApiSettingState> {
    return (await this.runner.load(googleApiSettingDecider, googleApiSettingStream(company))).state;
  }

  /** null: the company has none, or its secret is gone. */
  async of(company: string): Promise<GoogleApp | null> {
    const state = await this.current(company);
    if (state.status !== 'saved') return null;
    const secret = await this.vault.open<GoogleAppSecret>(company, state.credentialRef);
    if (secret === null) return null;
    return {
      clientId: state.clientId,
      clientSecret: secret.clientSecret,
      quotaUnitsPerMinute: state.quotaUnitsPerMinute,
    };
  }
}
