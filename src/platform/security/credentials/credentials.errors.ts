import { defineRejections, Rejection, rejectWith } from '@libs/eventsourcing';

export const credentialErrors = defineRejections({
  company_forgotten: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'この会社のデータは消去されています', en: "This company's data has been erased" },
    detail: () => ({
      ja: 'この会社の暗号鍵は破棄されており、新しい情報を保存できません。HRBCのサポートにお問い合わせください。',
      en: "This company's keys have been destroyed, so nothing new can be kept for it. Contact HRBC support.",
    }),
  },
  person_forgotten: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'このユーザーの個人情報は消去されています', en: "This user's personal data has been erased" },
    detail: () => ({
      ja: 'このユーザーの個人情報は消去されており、新しい情報を保存できません。HRBCのサポートにお問い合わせください。',
      en: "This user's personal data has been erased, so nothing new can be kept for this user. Contact HRBC support.",
    }),
  },
});

export const rejectForgotten = rejectWith(credentialErrors);

/** Nothing that names the person can be put on the record any more, however often it is tried. */
export const isPersonForgotten = (error: unknown): boolean =>
  error instanceof Rejection && error.code === 'person_forgotten';
