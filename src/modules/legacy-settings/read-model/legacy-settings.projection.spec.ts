import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decided, LEGACY_COMMANDS, legacyCommandsAt } from '../../../../test/support/legacy-commands.js';
import { projected } from '../../../../test/support/projected.js';
import { oldRegistrationBehind } from '../../user-mail-setting/legacy-setting.decider.js';
import {
  userMailSettingDecider,
  type UserMailSettingState,
} from '../../user-mail-setting/user-mail-setting.decider.js';
import { type LegacySettingDocument, legacySettingsProjection } from './legacy-settings.projection.js';

type Document = Partial<LegacySettingDocument>;

/** What the cockpit must say of a setting in this state. */
function expectedOf(state: UserMailSettingState): Document {
  switch (state.status) {
    case 'none':
      return {};
    case 'legacy':
    case 're_registration_required':
      return { stage: state.status, address: state.predecessor.address, connected: false, takenOver: false };
    case 'authorized':
      return { connected: true, takenOver: false };
    case 'in_use':
    case 'action_required': {
      const isTakenOver = 'legacyRegisteredAt' in state.account;
      return { connected: true, takenOver: isTakenOver, ...(isTakenOver ? { stage: 'imported' } : {}) };
    }
    case 'released':
      return { connected: false };
  }
}

describe('the cockpit', () => {
  it('never contradicts the record, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(LEGACY_COMMANDS - 1), { maxLength: 25 }), (choices) => {
        let state = userMailSettingDecider.initialState;
        let document: Document = {};
        for (const [n, choice] of choices.entries()) {
          for (const event of decided(legacyCommandsAt(n)[choice]!, state)) {
            state = userMailSettingDecider.evolve(state, event);
            document = projected(legacySettingsProjection, document, event);
          }
          expect(document).toMatchObject(expectedOf(state));
          assertWaiting(document, state);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Somebody waits for a new registration exactly as long as an old one is not released. */
function assertWaiting({ stage }: Document, state: UserMailSettingState): void {
  const predecessor = oldRegistrationBehind(state)?.predecessor;
  const isWaiting = stage === 'legacy' || stage === 're_registration_required';
  expect(isWaiting, `${state.status}: ${stage}`).toBe(predecessor !== undefined && !predecessor.released);
}
