import { defineRejections } from '@libs/eventsourcing';
import { loginProblems } from './login-problems.errors.js';

/** Why a mailbox cannot be read at present: shown on the setting, counted for admins. */
export const mailboxProblems = defineRejections({
  ...loginProblems,
  mailbox_login_failed: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再ログインが必要です', en: 'A new login is needed' },
    detail: () => ({
      ja: 'メールサーバーがログインを受け付けません。パスワードが変わった可能性があります。ユーザーメール設定でパスワードを入力し直してください。それまでの間のメールは、再設定後に受信されます。',
      en: 'The mail server no longer accepts the login; the password has probably changed. Enter it again in your mail setting. Mail that arrives until then is received afterwards.',
    }),
  },
  mailbox_permission_missing: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '必要な許可がありません', en: 'A permission is missing' },
    detail: () => ({
      ja: 'メールサービスがメールの読み取りを許可していません。ユーザーメール設定からもう一度ログインし、表示されるすべての項目を許可してください。',
      en: 'The mail service does not permit reading your mail. Sign in again from your mail setting and allow everything that is asked for.',
    }),
  },
  mailbox_without_exchange: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '利用できるメールボックスがありません', en: 'There is no mailbox that can be used' },
    detail: () => ({
      ja: 'アカウントに利用できるExchangeのメールボックスがありません。ライセンスが外された可能性があります。会社の管理者に確認してください。',
      en: 'The account has no Exchange mailbox that can be used; its licence may have been removed. Ask your administrator.',
    }),
  },
  mailbox_server_unreachable: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'メールサーバーに接続できません', en: 'The mail server cannot be reached' },
    detail: () => ({
      ja: 'メールサーバーに接続できません。自動的に再試行しています。続く場合は、サーバーの稼働状況と接続元アドレスの許可を管理者が確認してください。',
      en: 'The mail server cannot be reached; it is tried again automatically. If it goes on, an administrator should check whether the server is up and lets our addresses in.',
    }),
  },
  mailbox_busy: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'メールサーバーが混み合っています', en: 'The mail server is busy' },
    detail: () => ({
      ja: 'メールサーバーから接続を控えるよう求められています。時間をおいて自動的に再開します。操作は必要ありません。',
      en: 'The mail server asks us to slow down. Receiving goes on by itself after a while; nothing has to be done.',
    }),
  },
  mailbox_read_failed: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'メールを受信できません', en: 'Mail cannot be received' },
    detail: () => ({
      ja: 'メールサーバーの応答を処理できませんでした。自動的に再試行しています。続く場合は、HRBCサポートへお問い合わせください。',
      en: 'The answer of the mail server could not be processed; it is tried again automatically. If it goes on, contact HRBC support.',
    }),
  },
  mail_server_missing: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'メールサーバーの登録がありません', en: 'The mail server is not registered' },
    detail: () => ({
      ja: 'この設定が使っているメールサーバーの登録が削除されています。別のメールサーバーを選び直してください。',
      en: 'The mail server of this setting is no longer registered. Choose another one.',
    }),
  },
  mail_server_changed: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールサーバーが変更されました', en: 'The mail server was changed' },
    detail: () => ({
      ja: '管理者がメールサーバーのホスト名を変更しました。パスワードを新しいサーバーへ無断で送らないよう、受信を止めています。ユーザーメール設定で、変更先のサーバーを確認のうえパスワードを入力し直してください。それまでの間のメールは、再設定後に受信されます。',
      en: 'An administrator changed the host of the mail server. Receiving is paused, so that your password is not sent to another server without your knowing. Check the server in your mail setting and enter the password again. Mail that arrives until then is received afterwards.',
    }),
  },
  mailbox_silent: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '受信の確認が遅れています', en: 'Receiving has fallen silent' },
    detail: () => ({
      ja: 'エラーは起きていませんが、メールボックスを確認できていない状態が続いています。自動的に再開します。続く場合は、HRBCサポートへお問い合わせください。',
      en: 'Nothing has failed, but the mailbox has not been looked into for longer than it should. It goes on by itself; if it does not, contact HRBC support.',
    }),
  },
});

export type MailboxProblemCode = keyof typeof mailboxProblems;
