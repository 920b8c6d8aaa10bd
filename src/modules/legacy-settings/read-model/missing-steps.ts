import { type LegacySettingDocument, type LegacyStage } from './legacy-settings.projection.js';

/** What is still to come until the migration of a person is complete. */
export const MISSING_STEPS = ['connect', 'save', 'first_mail_received', 'first_mail_sent'] as const;
export type MissingStep = (typeof MISSING_STEPS)[number];

type Standing = Pick<LegacySettingDocument, 'stage' | 'connected' | 'received' | 'sentAt'>;
const WAITING: readonly LegacyStage[] = ['legacy', 're_registration_required'];

/** In the order in which they come. */
export function missingStepsOf({ stage, connected, received, sentAt }: Standing): MissingStep[] {
  switch (stage) {
    case 'legacy':
    case 're_registration_required':
      return connected ? ['save'] : ['connect', 'save'];
    case 'migrated': {
      const proofs = [['first_mail_received', received > 0] as const, ['first_mail_sent', sentAt !== null] as const];
      return proofs.flatMap(([step, isThere]) => (isThere ? [] : [step]));
    }
    case 'released':
    case 'imported':
      return [];
  }
}

/** The same as a condition on stored documents: those that miss this step. */
export function missing(step: MissingStep): object {
  switch (step) {
    case 'connect':
      return { stage: { $in: [...WAITING] }, connected: false };
    case 'save':
      return { stage: { $in: [...WAITING] } };
    case 'first_mail_received':
      return { stage: 'migrated', received: 0 };
    case 'first_mail_sent':
      return { stage: 'migrated', sentAt: null };
  }
}
