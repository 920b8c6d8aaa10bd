import { Rejection } from '@libs/eventsourcing';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialKeeper } from '../../../platform/credential-keeping/index.js';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { checkIfMatch } from '../../../platform/http/index.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { EndpointClaims } from '../endpoint-claims.js';
import { DeleteGoogleApiSetting, EnterGoogleApp, SaveGoogleApiSetting } from './google-api-setting.commands.js';
import { googleApiSettingDecider, type GoogleApiSettingState } from './google-api-setting.decider.js';
import { reject } from './google-api-setting.errors.js';
import { googleApiSettingStream } from './google-api-setting.events.js';
import { type GoogleAppSecret, GoogleApps } from './google-apps.js';

/** Keeps the secret first, then puts the decision on the record; the same secret entered again is no new one. */
@CommandHandler(EnterGoogleApp)
export class EnterGoogleAppHandler implements ICommandHandler<EnterGoogleApp> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly vault: CredentialVault,
    private readonly keeper: CredentialKeeper,
    private readonly apps: GoogleApps,
  ) {}

  async execute({ data, metadata, ifMatch }: EnterGoogleApp): Promise<void> {
    const { company } = metadata;
    const { clientSecret, ...app } = data;
    const kept = await this.refOfSame(company, clientSecret);
    if (kept !== null) {
      const again = new SaveGoogleApiSetting({ ...app, credentialRef: kept }, metadata);
      if (await this.savedWith(again, ifMatch, kept)) return;
    }
    const stream = googleApiSettingStream(company);
    const secret = { clientSecret } satisfies GoogleAppSecret;
    await this.keeper.keepFor({ company, stream, secret }, async (credentialRef) =>
      this.runner.run(googleApiSettingDecider, stream, new SaveGoogleApiSetting({ ...app, credentialRef }, metadata), {
        guard: guardOf(ifMatch),
      }),
    );
  }

  /**
   * False, and nothing done, when the setting no longer names `kept` at the moment of the append: another save has
   * replaced that secret meanwhile, and it is destroyed or about to be.
   */
  private async savedWith(save: SaveGoogleApiSetting, ifMatch: string | null, kept: string): Promise<boolean> {
    const guard = (state: GoogleApiSettingState, revision: number | null): void => {
      checkIfMatch(ifMatch, revision);
      if (state.status !== 'saved' || state.credentialRef !== kept) throw new ReplacedMeanwhile();
    };
    try {
      await this.runner.run(googleApiSettingDecider, googleApiSettingStream(save.metadata.company), save, { guard });
      return true;
    } catch (error) {
      if (error instanceof ReplacedMeanwhile) return false;
      throw error;
    }
  }

  private async refOfSame(company: string, clientSecret: string): Promise<string | null> {
    const state = await this.apps.current(company);
    if (state.status !== 'saved') return null;
    const kept = await this.vault.open<GoogleAppSecret>(company, state.credentialRef);
    return kept?.clientSecret === clientSecret ? state.credentialRef : null;
  }
}

class ReplacedMeanwhile extends Error {}

/** Holds Gmail's place while it deletes, so that nobody registers Gmail in between (R16: the order is enforced). */
@CommandHandler(DeleteGoogleApiSetting)
export class DeleteGoogleApiSettingHandler implements ICommandHandler<DeleteGoogleApiSetting> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly endpoints: EndpointClaims,
  ) {}

  async execute(command: DeleteGoogleApiSetting): Promise<void> {
    const { company } = command.metadata;
    try {
      await this.endpoints.whileClaimed(company, GMAILS_PLACE, async () => {
        const options = { guard: guardOf(command.ifMatch) };
        await this.runner.run(googleApiSettingDecider, googleApiSettingStream(company), command, options);
      });
    } catch (error) {
      const isTaken = error instanceof Rejection && error.code === 'mail_server_exists';
      throw isTaken ? reject('google_api_setting_in_use') : error;
    }
    await this.endpoints.giveBack(company, GMAILS_PLACE.mailServerId, GMAILS_PLACE.description);
  }
}

const GMAILS_PLACE = {
  mailServerId: 'google-api-setting',
  name: 'Gmail',
  description: { service: 'gmail' },
} as const;

const guardOf =
  (ifMatch: string | null) =>
  (_state: GoogleApiSettingState, revision: number | null): void =>
    checkIfMatch(ifMatch, revision);

export const googleApiSettingHandlers = [EnterGoogleAppHandler, DeleteGoogleApiSettingHandler];
