import { describe, expect, it } from 'vitest';
import { type AbsenceFacts, absenceReasonOf, reasonOnRecord, type ServerFacts } from './absence.policy.js';

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

describe('why a mail is not here, by the record alone', () => {
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
    expect(absenceReasonOf({ ...readAll, ...over }, null)).toBe(reason);
  });

  it('takes the first instant of the import day for wanted', () => {
    const firstDay = { start: dayBefore.end, end: '2026-11-01T15:00:00.000Z' };
    expect(absenceReasonOf({ ...readAll, day: firstDay }, null)).toBe('not_in_inbox');
  });
});

const nowhere: ServerFacts = { place: null, receivedAt: null, complete: true };
const inInbox: ServerFacts = { place: 'inbox', receivedAt: '2026-11-10T00:00:00.000Z', complete: true };

describe('why a mail is not here, when the server was asked', () => {
  it.each([
    ['on_server', {}, inInbox],
    ['on_server', { importRunning: true }, { ...inInbox, receivedAt: null }],
    ['quarantined', { quarantined: 1 }, inInbox],
    ['before_import_day', { day: null }, { ...inInbox, receivedAt: '2026-10-31T14:59:59.000Z' }],
    ['on_server', { day: null }, { ...inInbox, receivedAt: '2026-10-31T15:00:00.000Z' }],
    ['in_junk', { quarantined: 1 }, { ...inInbox, place: 'junk' }],
    ['in_trash', {}, { ...inInbox, place: 'trash' }],
    ['in_other_folder', { importRunning: true }, { ...inInbox, place: 'other' }],
    ['not_on_server', {}, nowhere],
    ['not_on_server', { importRunning: true }, nowhere],
    ['quarantined', { quarantined: 1 }, nowhere],
    ['not_in_inbox', {}, { ...nowhere, complete: false }],
    ['not_yet_fetched', { importRunning: true }, { ...nowhere, complete: false }],
    ['here', { here: 1 }, nowhere],
  ] as const)('%s: %j, %j', (reason, over, server) => {
    expect(absenceReasonOf({ ...readAll, ...over }, server)).toBe(reason);
  });

  it('is asked only where the record leaves it open', () => {
    expect(reasonOnRecord(readAll)).toBeNull();
    expect(reasonOnRecord({ ...readAll, quarantined: 1 })).toBeNull();
    expect(reasonOnRecord({ ...readAll, hasProblem: true })).toBe('mailbox_paused');
  });
});
