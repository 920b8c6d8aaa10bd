import { type BilingualText, defineRejections } from '@libs/eventsourcing';
import { type LoginProblemCode } from '../login-problems.errors.js';

/** As Google's page words them; Microsoft's say themselves what they are. */
const WORDS: Readonly<Record<string, BilingualText>> = {
  'gmail.readonly': { ja: 'メール メッセージと設定の表示', en: 'View your email messages and settings' },
  'gmail.send': { ja: 'ユーザー本人に代わってメールを送信', en: 'Send email on your behalf' },
};
const list = (names: unknown, language: keyof BilingualText): string =>
  Array.isArray(names) ? names.map((name) => WORDS[String(name)]?.[language] ?? String(name)).join(', ') : '';

/** How a consent comes to nothing besides what a sign-in meets anywhere (login-problems). */
export const consentProblems = defineRejections({
  address_mismatch: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'メールアドレスが一致しません', en: 'The addresses differ' },
    detail: ({ address, consentedAddress }) => ({
      ja: `ログインしたアカウントのメールアドレス（${String(consentedAddress)}）が、HRBCのユーザーID（${String(address)}）と一致しません。ユーザーIDと完全に一致するメールアドレスのアカウントでログインし直してください。何も保存されていません。`,
      en: `The account you signed in with (${String(consentedAddress)}) is not your HRBC user ID (${String(address)}). Sign in with the account whose address is exactly your user ID. Nothing was stored.`,
    }),
  },
  permission_missing: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '必要な許可が足りません', en: 'A permission is missing' },
    detail: ({ missingPermissions }) => ({
      ja: `次の許可がありません: ${list(missingPermissions, 'ja')}。もう一度ログインし、表示されるすべての項目を許可してください。何も保存されていません。`,
      en: `These permissions were not granted: ${list(missingPermissions, 'en')}. Sign in again and allow everything that is asked for. Nothing was stored.`,
    }),
  },
  mailbox_not_supported: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: 'このプランのメールボックスには対応していません', en: 'This plan has no mailbox that can be used' },
    detail: () => ({
      ja: 'ログインしたアカウントには、利用できるExchangeのメールボックスがありません。Exchangeの付いていない次のプランはサポート対象外です: Microsoft 365 Personal、Office Home & Business、Office Personal、Microsoft 365 Apps。ご契約のプランを管理者に確認してください。',
      en: 'The account has no Exchange mailbox that can be used. Plans without Exchange are not supported: Microsoft 365 Personal, Office Home & Business, Office Personal, Microsoft 365 Apps. Ask your administrator which plan you have.',
    }),
  },
  consent_denied: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'アクセスが許可されませんでした', en: 'The access was not allowed' },
    detail: () => ({
      ja: 'アクセス許可の画面で「承諾」（Googleでは「続行」）が押されませんでした。受信するには、もう一度ログインして許可してください。Microsoftの画面に「管理者の承認が必要」と表示された場合は、会社のMicrosoft 365の管理者に、HRBC Mailの承認を依頼してください。',
      en: 'The access was not accepted. To receive mail, sign in again and accept. If the page said that an administrator has to approve, ask your Microsoft 365 administrator to approve HRBC Mail.',
    }),
  },
  authorization_expired: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'ログインの手続きが期限切れです', en: 'The sign-in has expired' },
    detail: () => ({
      ja: 'ログインの手続きは開始から10分以内に、同じブラウザーで一度だけ行えます。もう一度「ログインする」から始めてください。',
      en: 'A sign-in has to be finished within ten minutes, once, and in the browser it was started in. Start it again.',
    }),
  },
  provider_unavailable: {
    kind: 'unavailable',
    fixableBy: 'service',
    title: { ja: 'メールサービスが応答しません', en: 'The mail service does not answer' },
    detail: () => ({
      ja: 'メールサービスから正しい応答がありませんでした。しばらくしてから、もう一度お試しください。',
      en: 'The mail service did not answer as it should. Try again after a while.',
    }),
  },
  mail_server_gone: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールサーバーの登録がなくなりました', en: 'The mail server is not registered any more' },
    detail: () => ({
      ja: 'ログインの間に、選んだメールサーバーの登録が削除されました。一覧から選び直してください。',
      en: 'The chosen mail server was deleted while you signed in. Choose one from the list again.',
    }),
  },
});

export type ConsentProblemCode = keyof typeof consentProblems | LoginProblemCode;
