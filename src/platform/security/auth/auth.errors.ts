import { defineRejections, rejectWith } from '@libs/eventsourcing';

/** What may go wrong between a token and a caller. */
export const authErrors = defineRejections({
  token_missing: {
    kind: 'unauthenticated',
    fixableBy: 'user',
    title: { ja: '認証が必要です', en: 'Authentication is required' },
    detail: () => ({
      ja: 'HRBCにサインインしてから、もう一度お試しください。(Authorization: Bearer ヘッダーがありません)',
      en: 'Sign in to HRBC and try again. (There is no Authorization: Bearer header.)',
    }),
  },
  token_invalid: {
    kind: 'unauthenticated',
    fixableBy: 'user',
    title: { ja: '認証情報が正しくありません', en: 'The token is not valid' },
    detail: () => ({
      ja: '認証情報を確認できません。HRBCにサインインし直してください。',
      en: 'The token could not be verified. Sign in to HRBC again.',
    }),
  },
  token_expired: {
    kind: 'unauthenticated',
    fixableBy: 'user',
    title: { ja: '認証の有効期限が切れています', en: 'The token has expired' },
    detail: () => ({
      ja: '認証の有効期限が切れました。HRBCにサインインし直してください。',
      en: 'The token has expired. Sign in to HRBC again.',
    }),
  },
  role_missing: {
    kind: 'forbidden',
    fixableBy: 'admin',
    title: { ja: '権限がありません', en: 'A role is missing' },
    detail: ({ role }) => ({
      ja: `この操作には「${String(role)}」の権限が必要です。HRBCの管理者に依頼してください。`,
      en: `This needs the role "${String(role)}". Ask your HRBC administrator for it.`,
    }),
  },
  token_keys_unavailable: {
    kind: 'unavailable',
    fixableBy: 'service',
    title: { ja: '認証情報を確認できません', en: 'Tokens cannot be verified at present' },
    detail: () => ({
      ja: '認証の確認に必要な鍵を取得できません。しばらくしてからもう一度お試しください。',
      en: 'The keys that verify tokens cannot be fetched at present. Try again in a little while.',
    }),
  },
});

export const rejectAuth = rejectWith(authErrors);
