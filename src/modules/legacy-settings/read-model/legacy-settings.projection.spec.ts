import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decided, LEGACY_COMMANDS, LEGACY_MAILS, legacyCommandsAt } from '../../../../test/support/legacy-commands.js';
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
  it('never contradicts the record, in whatever order things happen, and whatever mail comes and goes', () => {
    const choice = fc.nat(LEGACY_COMMANDS + LEGACY_MAILS.length - 1);
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 25 }), (choices) => {
        let state = userMailSettingDecider.initialState;
        let document: Document = {};
        let reminders = 0;
        for (const [n, chosen] of choices.entries()) {
          const mail = LEGACY_MAILS[chosen - LEGACY_COMMANDS];
          if (mail !== undefined) document = projected(legacySettingsProjection, document, mail);
          for (const event of mail === undefined ? decided(legacyCommandsAt(n)[chosen]!, state) : []) {
            state = userMailSettingDecider.evolve(state, event);
            document = projected(legacySettingsProjection, document, event);
            if (event.type === 'MigrationReminded') reminders += 1;
          }
          expect(document).toMatchObject(expectedOf(state));
          expect(document.reminders ?? 0).toBe(reminders);
          assertWaiting(document, state);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('counts who had mail before the import among those who wait, and keeps reminders over a corrected import', () => {
    const [imported, , , reminder] = legacyCommandsAt(0);
    const { initialState, evolve } = userMailSettingDecider;
    const [first] = decided(imported!, initialState);
    const [reminded] = decided(reminder!, evolve(initialState, first!));
    for (const mail of LEGACY_MAILS) {
      const document = [mail, first!, reminded!, mail, first!].reduce<Document>(
        (before, event) => projected(legacySettingsProjection, before, event),
        {},
      );
      const fresh = { stage: 'legacy', connected: false, takenOver: false, received: 0, sentAt: null };
      expect(document).toMatchObject({ ...fresh, forcedAt: null, expiredAt: null, reminders: 1 });
    }
  });
});

/** Somebody waits for a new registration exactly as long as an old one is not released. */
function assertWaiting({ stage }: Document, state: UserMailSettingState): void {
  const predecessor = oldRegistrationBehind(state)?.predecessor;
  const isWaiting = stage === 'legacy' || stage === 're_registration_required';
  expect(isWaiting, `${state.status}: ${stage}`).toBe(predecessor !== undefined && !predecessor.released);
}
