import { fold } from '@libs/eventsourcing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decided, LEGACY_COMMANDS, legacyCommandsAt } from '../../../test/support/legacy-commands.js';
import { userMailSettingDecider, type UserMailSettingState } from './user-mail-setting.decider.js';
import { type UserMailSettingEvent } from './user-mail-setting.events.js';

/** Which state may follow which; whatever is not here must never happen. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  none: ['legacy', 'in_use', 'authorized'],
  legacy: ['re_registration_required', 'authorized', 'released'],
  re_registration_required: ['authorized', 'released'],
  authorized: ['authorized', 'in_use', 'legacy', 're_registration_required', 'released'],
  in_use: ['authorized', 'in_use', 're_registration_required', 'released'],
  released: ['authorized'],
};
describe('any order of import, force, expiry, consent, registration, save, release, a server’s end and repeats', () => {
  it('goes only through states the rules allow, with a history that explains it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(LEGACY_COMMANDS - 1), { maxLength: 25 }), (choices) => {
        const past: UserMailSettingEvent[] = [];
        let state = userMailSettingDecider.initialState;
        for (const [n, choice] of choices.entries()) {
          const command = legacyCommandsAt(n)[choice]!;
          const events = decided(command, state);
          const before = state.status;
          past.push(...events);
          state = events.reduce(userMailSettingDecider.evolve, state);
          if (state.status !== before) expect(NEXT[before], `${before} → ${state.status}`).toContain(state.status);
          else expect(decided(command, state), 'a repeat changes nothing').toEqual([]);
        }
        expect(fold(userMailSettingDecider, past)).toEqual(state);
        assertLastEventExplains(past, state);
        assertExplained(past, state);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** By which event a setting comes into its state; a reminder brings nobody anywhere. */
const BROUGHT_BY: Readonly<Record<string, readonly UserMailSettingEvent['type'][]>> = {
  none: [],
  legacy: ['LegacySettingImported', 'MailSettingReleased'],
  re_registration_required: ['ReRegistrationForced', 'LegacySettingExpired', 'MailSettingReleased'],
  authorized: ['AccountRegistered', 'OAuthAccountConnected'],
  in_use: ['MailSettingDetailsSaved', 'AccountRegistered', 'OAuthAccountConnected'],
  released: ['MailSettingReleased', 'LegacySettingReleased'],
};
/** The last event that is no reminder says what the setting's state is. */
function assertLastEventExplains(past: readonly UserMailSettingEvent[], { status }: UserMailSettingState): void {
  const last = past.findLast(({ type }) => type !== 'MigrationReminded');
  if (last === undefined) expect(status).toBe('none');
  else expect(BROUGHT_BY[status], `${last.type} → ${status}`).toContain(last.type);
  const keeps = last !== undefined && 'keepsDetails' in last.data ? last.data.keepsDetails : null;
  if (last?.type === 'MailSettingReleased') expect(status === 'released').toBe(!last.data.restoresLegacy);
  if (keeps !== null) expect(status).toBe(keeps ? 'in_use' : 'authorized');
}

/** Of credentials exactly the present one is alive, and an old registration was released at most once. */
function assertExplained(past: readonly UserMailSettingEvent[], state: UserMailSettingState): void {
  const alive = new Set<string>();
  for (const { data } of past) {
    const { credentialRef, replacedCredentialRef } = data as Partial<Record<string, string | null>>;
    if (replacedCredentialRef) alive.delete(replacedCredentialRef);
    // Named the first time it is kept, and the second time destroyed.
    if (credentialRef && !alive.delete(credentialRef)) alive.add(credentialRef);
  }
  expect([...alive]).toEqual('account' in state ? [state.account.credentialRef] : []);
  const count = (type: string): number => past.filter((event) => event.type === type).length;
  expect(count('LegacySettingReleased')).toBeLessThanOrEqual(
    count('LegacySettingImported') + count('ReRegistrationForced'),
  );
  if (past.some(({ data }) => 'replacesLegacy' in data)) expect(count('LegacySettingReleased')).toBeGreaterThan(0);
}
