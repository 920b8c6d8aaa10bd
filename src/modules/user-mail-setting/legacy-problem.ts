import { type MailSetting } from './read-model/mail-settings.view.js';

const NAMES = { office365: 'Office365', gmail: 'Gmail', other: 'other' } as const;

/**
 * Why a setting from before OAuth has to be registered anew, with what its text (`legacyProblems`) says of the case;
 * null for every other setting (R11).
 * @param enforcedFrom the day from which the providers take no passwords, if one is announced (R09)
 */
export function legacyProblemOf(
  { legacy, predecessor }: Pick<MailSetting, 'legacy' | 'predecessor'>,
  enforcedFrom: string | null,
) {
  if (legacy === null) return null;
  const { code, since, reason } = legacy;
  const service = NAMES[predecessor?.service ?? 'other'];
  return { code, since, params: { service, reason: reason ?? '', enforcedFrom: enforcedFrom ?? '' } };
}
