import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const readModelErrors = defineRejections({
  effect_not_visible: {
    kind: 'unavailable',
    fixableBy: 'service',
    title: { ja: '変更は記録されましたが、まだ表示できません', en: 'Done, but it cannot be shown yet' },
    detail: () => ({
      ja: '変更は記録されましたが、画面への反映が遅れています。しばらくしてから開き直してください。同じ操作を繰り返しても二重にはなりません。',
      en: 'The change is on the record, but it takes longer than usual to appear. Look again in a while; repeating the request changes nothing more.',
    }),
  },
});

export const rejectReading = rejectWith(readModelErrors);
