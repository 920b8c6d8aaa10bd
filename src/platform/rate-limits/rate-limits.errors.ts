import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const rateLimitErrors = defineRejections({
  rate_limited: {
    kind: 'too_many',
    fixableBy: 'user',
    title: { ja: '試行回数が多すぎます', en: 'Too many attempts' },
    detail: ({ retryAfterSeconds }) => ({
      ja: `短い間に繰り返されたため受け付けられません。${String(retryAfterSeconds)} 秒後にもう一度お試しください。`,
      en: `This was tried too often in a short time. Try again in ${String(retryAfterSeconds)} seconds.`,
    }),
  },
});

export const rejectRate = rejectWith(rateLimitErrors);
