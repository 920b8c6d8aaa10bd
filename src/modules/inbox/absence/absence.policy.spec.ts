import { describe, expect, it } from 'vitest';
import { type AbsenceFacts, absenceReasonOf } from './absence.policy.js';

const readAll: AbsenceFacts = {
  here: 0,
  quarantined: 0,
  state: 'in_use',
  hasProblem: false,
  importRunning: false,
  receiveFrom: '2026-10-31T15:00:00.000Z',
  lastCheckedAt: '2026-11-22T00:00:00.000Z',
  day: { start: '2026-11-09T15:00:00.000Z', end: '2026-11-10T15:00:00.000Z' },
};
const dayBefore = { start: '2026-10-30T15:00:00.000Z', end: '2026-10-31T15:00:00.000Z' };
const today = { start: '2026-11-22T15:00:00.000Z', end: '2026-11-23T15:00:00.000Z' };

describe('why a mail is not here', () => {
  it.each([
    ['here', { here: 1, state: 'released' }],
    ['mailbox_not_connected', { state: 'none' }],
    ['mailbox_not_connected', { state: 'released', quarantined: 1 }],
    ['before_import_day', { day: dayBefore, hasProblem: true }],
    ['quarantined', { quarantined: 1, hasProblem: true }],
    ['mailbox_paused', { state: 'action_required' }],
    ['mailbox_paused', { hasProblem: true, importRunning: true }],
    ['not_yet_fetched', { importRunning: true }],
    ['not_yet_fetched', { lastCheckedAt: null }],
    ['not_yet_fetched', { day: today }],
    ['not_in_inbox', {}],
    ['not_in_inbox', { day: null }],
  ] as const)('%s: %j', (reason, over) => {
    expect(absenceReasonOf({ ...readAll, ...over })).toBe(reason);
  });

  it('takes the first instant of the import day for wanted', () => {
    const firstDay = { start: dayBefore.end, end: '2026-11-01T15:00:00.000Z' };
    expect(absenceReasonOf({ ...readAll, day: firstDay })).toBe('not_in_inbox');
  });
});
