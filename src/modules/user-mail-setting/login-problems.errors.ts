import { defineRejections } from '@libs/eventsourcing';
import { googleAppProblems, googleGrantProblems } from './google-problems.errors.js';

/**
 * What has to be done before a provider gives access (again), as the provider says it: met when a user signs in, and
 * later when a mailbox is read.
 */
export const loginProblems = defineRejections({
  ...googleGrantProblems,
  ...googleAppProblems,
  login_required: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再ログインが必要です', en: 'A new sign-in is needed' },
    detail: () => ({
      ja: 'メールサービスへのログインの有効期限が切れたか、取り消されました。ユーザーメール設定から、もう一度ログインしてください。それまでの間のメールは、再ログイン後に受信されます。',
      en: 'The sign-in to the mail service has expired or was revoked. Sign in again from your mail setting. Mail that arrives until then is received afterwards.',
    }),
  },
  login_policy_recurs: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再ログインが必要です（サインイン頻度の制限）', en: 'A new sign-in is needed (sign-in frequency)' },
    detail: () => ({
      ja: '会社のMicrosoft設定（サインイン頻度）により、ログイン状態が解除されました。もう一度ログインしてください。同じことが定期的に起きるため、HRBC Mail をこの制限の対象外にするよう、Microsoft 365の管理者に依頼してください。',
      en: 'Your organisation’s sign-in frequency policy has ended the sign-in. Sign in again. It will happen again and again, so ask your Microsoft 365 administrator to exempt HRBC Mail from that policy.',
    }),
  },
  consent_required: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'アクセス許可が取り消されました', en: 'The permission was withdrawn' },
    detail: () => ({
      ja: 'メールサービスでHRBC Mailへのアクセス許可が取り消されています。ユーザーメール設定からもう一度ログインし、アクセスを許可してください。',
      en: 'The permission for HRBC Mail was withdrawn at the mail service. Sign in again from your mail setting and allow the access.',
    }),
  },
  admin_consent_required: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '管理者の承認が必要です', en: 'An administrator has to approve' },
    detail: () => ({
      ja: '会社のMicrosoft設定により、HRBC Mailの利用には管理者の承認が必要です。下の文面を管理者に送り、承認後にもう一度ログインしてください。',
      en: 'In your organisation an administrator has to approve HRBC Mail first. Send the text below to your administrator, and sign in again once it is approved.',
    }),
  },
  access_policy_blocks: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '会社のアクセス制限によりログインできません', en: 'An access policy blocks the sign-in' },
    detail: () => ({
      ja: '会社のMicrosoft設定（条件付きアクセス）がHRBC Mailを拒否しています。Microsoft 365の管理者に、HRBC Mailのアプリまたは接続元アドレスを許可するよう依頼してください。',
      en: 'A conditional access policy of your organisation refuses HRBC Mail. Ask your Microsoft 365 administrator to allow the app or our addresses.',
    }),
  },
  account_disabled: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'アカウントが無効です', en: 'The account is disabled' },
    detail: () => ({
      ja: 'メールサービスのアカウントが無効になっています。管理者に確認してください。',
      en: 'The account at the mail service is disabled. Ask your administrator.',
    }),
  },
  account_password_expired: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールサービスのパスワードが期限切れです', en: 'The password of the mail service has expired' },
    detail: () => ({
      ja: 'メールサービスのパスワードの有効期限が切れています。メールサービスでパスワードを変更してから、もう一度ログインしてください。',
      en: 'The password at the mail service has expired. Change it there, then sign in again.',
    }),
  },
  app_not_assigned: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'HRBC Mailの利用が割り当てられていません', en: 'You are not assigned to HRBC Mail' },
    detail: () => ({
      ja: '会社のMicrosoft設定で、HRBC Mailを利用できるユーザーが限定されています。Microsoft 365の管理者に、あなたをHRBC Mail（エンタープライズ アプリケーション）に割り当てるよう依頼してください。',
      en: 'Your organisation limits who may use HRBC Mail. Ask your Microsoft 365 administrator to assign you to the enterprise application HRBC Mail.',
    }),
  },
  wrong_account: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '別のアカウントでログインしています', en: 'Signed in with another account' },
    detail: () => ({
      ja: 'このアカウントは使えません。HRBCのユーザーIDと同じメールアドレスのアカウントでログインし直してください。',
      en: 'This account cannot be used. Sign in with the account whose address is your HRBC user ID.',
    }),
  },
  provider_app_refused: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'HRBC側の問題で接続できません', en: 'A fault on our side' },
    detail: () => ({
      ja: 'HRBC Mailのメールサービスへの登録に問題があり、接続できません。HRBCで対応中です。ログインし直す必要はありません。復旧後、自動的に再開します。',
      en: 'The mail service refuses HRBC Mail’s own registration. We are working on it; nobody has to sign in again. It goes on by itself once repaired.',
    }),
  },
});

export type LoginProblemCode = keyof typeof loginProblems;
