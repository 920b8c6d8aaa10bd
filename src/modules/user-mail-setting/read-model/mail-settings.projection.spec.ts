import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decided, LEGACY_COMMANDS, legacyCommandsAt } from '../../../../test/support/legacy-commands.js';
import { projected } from '../../../../test/support/projected.js';
import { oldRegistrationBehind } from '../legacy-setting.decider.js';
import { userMailSettingDecider, type UserMailSettingState } from '../user-mail-setting.decider.js';
import { type MailSettingDocument, mailSettingsProjection } from './mail-settings.projection.js';
import { mailSettingIn } from './mail-settings.view.js';

/** What the person's page is made of, as the record has it. */
function expectedOf(state: UserMailSettingState) {
  const old = oldRegistrationBehind(state);
  return {
    status: state.status,
    account: 'account' in state ? expect.objectContaining({ credentialRef: state.account.credentialRef }) : null,
    details: 'details' in state ? state.details : null,
    predecessor: old === undefined || old.predecessor.released ? null : old.predecessor,
    isOld: state.status === 'legacy' || state.status === 're_registration_required',
  };
}

describe('the page of a mail setting', () => {
  it('never contradicts the record, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(LEGACY_COMMANDS - 1), { maxLength: 25 }), (choices) => {
        let state = userMailSettingDecider.initialState;
        let document: Partial<MailSettingDocument> = {};
        for (const [n, choice] of choices.entries()) {
          for (const event of decided(legacyCommandsAt(n)[choice]!, state)) {
            state = userMailSettingDecider.evolve(state, event);
            document = projected(mailSettingsProjection, document, event);
          }
          const { legacy, ...setting } = mailSettingIn(document as MailSettingDocument);
          expect({ ...setting, isOld: legacy !== null }).toMatchObject(expectedOf(state));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
