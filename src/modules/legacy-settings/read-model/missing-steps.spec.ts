import { describe, expect, it } from 'vitest';
import { missingStepsOf } from './missing-steps.js';

const none = { connected: false, received: 0, sentAt: null } as const;
const sentAt = '2026-11-20T01:00:00.000Z';

describe('what is still to come until a migration is complete', () => {
  it.each([
    [{ ...none, stage: 'legacy' }, ['connect', 'save']],
    [{ ...none, stage: 'legacy', connected: true }, ['save']],
    [{ ...none, stage: 're_registration_required' }, ['connect', 'save']],
    [{ ...none, stage: 're_registration_required', connected: true }, ['save']],
    [{ ...none, stage: 'migrated', connected: true }, ['first_mail_received', 'first_mail_sent']],
    [{ ...none, stage: 'migrated', connected: true, received: 1 }, ['first_mail_sent']],
    [{ ...none, stage: 'migrated', connected: true, sentAt }, ['first_mail_received']],
    [{ ...none, stage: 'migrated', connected: true, received: 2, sentAt }, []],
    [{ ...none, stage: 'released' }, []],
    [{ ...none, stage: 'imported', connected: true }, []],
  ] as const)('%j: %j', (standing, steps) => expect(missingStepsOf(standing)).toEqual(steps));
});
