import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const auditErrors = defineRejections({
  not_on_record: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: '記録がありません', en: 'Nothing is on record' },
    detail: () => ({
      ja: '指定された対象についての記録はありません。IDを確認してください。',
      en: 'There is no record of this. Check the id.',
    }),
  },
  period_invalid: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '期間の指定が正しくありません', en: 'The period is not valid' },
    detail: () => ({
      ja: '開始の日時には、終了の日時より前を指定してください。',
      en: 'The period must begin before it ends.',
    }),
  },
});

export const rejectAudit = rejectWith(auditErrors);
