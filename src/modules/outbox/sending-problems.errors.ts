import { defineRejections } from '@libs/eventsourcing';
import { appProblems } from './app-problems.errors.js';
import { troubleText } from './trouble-text.policy.js';

/** How an attempt to send ended, where it did not end well: shown on the mail, in the words of its author. */
export const sendingProblems = defineRejections({
  ...appProblems,
  sending_login_failed: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再ログインが必要です', en: 'A new login is needed' },
    detail: troubleText(
      {
        ja: '接続しているメールサービスがログインを受け付けません。',
        en: 'The mail service no longer accepts the login.',
      },
      {
        goingOn: {
          ja: '自動的に再試行します。続く場合は、ユーザーメール設定で再ログインしてください。',
          en: 'It is tried again automatically. If that does not help, log in again in your mail setting.',
        },
        givenUp: {
          ja: 'ユーザーメール設定で再ログインしてから、再送信してください。',
          en: 'Log in again in your mail setting, then send again.',
        },
      },
    ),
  },
  sending_server_login_failed: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'HRBCのメールサーバーで問題が起きています', en: 'HRBC’s mail server has a problem' },
    detail: troubleText({
      ja: 'HRBCのメールサーバーへのログインに失敗しました。',
      en: 'HRBC’s mail server refused our login.',
    }),
  },
  sending_permission_missing: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'この差出人で送る権限がありません', en: 'There is no permission to send as this address' },
    detail: () => ({
      ja: 'このアドレスから送信する権限がありません。Exchangeの管理者が、Exchange管理センターで対象のメールボックスに「送信者アクセス許可（Send As）」または「代理送信（Send on Behalf）」を付与してから、再送信してください。',
      en: 'You may not send as this address. Ask the Exchange administrator to grant "Send As" or "Send on Behalf" for that mailbox in the Exchange admin center, then send again.',
    }),
  },
  sending_rate_limited: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '送信が混み合っています', en: 'Sending is busy' },
    detail: troubleText({
      ja: '送信サービスから、しばらく待つよう求められています。',
      en: 'The provider asks us to wait.',
    }),
  },
  sending_deferred: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '一時的に受け付けられませんでした', en: 'It is not taken at the moment' },
    detail: troubleText({
      ja: 'メールサーバーが一時的に受け付けませんでした（グレイリスティング、容量不足など）。',
      en: 'The mail server would not take it for the moment (greylisting, a full disk or the like).',
    }),
  },
  sending_unreachable: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '送信サービスに接続できません', en: 'The mail service cannot be reached' },
    detail: troubleText({
      ja: '送信サービスに接続できませんでした。メールは送られていません。',
      en: 'The mail service could not be reached. The mail was not sent.',
    }),
  },
  sending_interrupted: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '送信が中断されました', en: 'Sending was interrupted' },
    detail: troubleText({
      ja: '送信が途中で中断されました。この回では送られていません。',
      en: 'Sending was interrupted before the mail was handed over. It was not sent.',
    }),
  },
  sending_recipients_refused: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '宛先が受け付けられませんでした', en: 'The recipients were refused' },
    detail: () => ({
      ja: 'すべての宛先が受け付けられませんでした。宛先のアドレスを確認し、正しい宛先で送り直してください。',
      en: 'All recipients were refused. Check their addresses and send to the right ones.',
    }),
  },
  sending_sender_refused: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '差出人が受け付けられませんでした', en: 'The sender was refused' },
    detail: () => ({
      ja: 'メールサーバーが差出人アドレスを受け付けませんでした。管理者に差出人アドレスの設定を確認してもらってください。',
      en: 'The mail server refused the sender address. Ask your administrator to check it.',
    }),
  },
  sending_from_not_registered: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '差出人アドレスがGmailに登録されていません', en: 'Gmail does not know the sender address' },
    detail: () => ({
      ja: 'このアドレスはGmailの送信元として登録・確認されていないため、差出人が書き換えられる前に送信を止めました。Gmailの「設定」→「アカウント」→「名前」→「他のメールアドレスを追加」で登録と確認を済ませてから、再送信してください。',
      en: 'This address is not registered and verified in Gmail, so sending was stopped before Gmail could replace it. Add and confirm it under Settings → Accounts → "Send mail as", then send again.',
    }),
  },
  sending_too_large: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールが大きすぎます', en: 'The mail is too large' },
    detail: () => ({
      ja: '送信サービスの上限を超えているため受け付けられませんでした。添付ファイルを減らして送り直してください。',
      en: 'It is larger than the provider takes. Send it again with fewer attachments.',
    }),
  },
  sending_refused: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '送信が拒否されました', en: 'The mail was refused' },
    detail: () => ({
      ja: '送信サービスがこのメールを拒否しました（迷惑メール対策や内容の制限など）。内容や添付ファイルを見直して送り直してください。',
      en: 'The provider refused this mail (spam protection, or limits on what it may contain). Look over text and attachments and send it again.',
    }),
  },
  sending_not_connected: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールサービスに接続していません', en: 'The mail service is not connected' },
    detail: () => ({
      ja: '送信に使うメールサービスの設定が利用中ではなくなりました。ユーザーメール設定を確認してから送り直してください。',
      en: 'The mail service by which this was to be sent is no longer in use. Look at your mail setting, then send again.',
    }),
  },
  sending_failed: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '送信できませんでした', en: 'It could not be sent' },
    detail: troubleText({
      ja: '送信サービスの応答を処理できませんでした。このメールは送られていません。続く場合は、HRBCサポートへお問い合わせください。',
      en: 'The provider’s answer could not be processed. The mail was not sent. If it goes on, contact HRBC support.',
    }),
  },
  sending_outcome_unknown: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '送信されたかどうか不明です', en: 'It may have been sent' },
    detail: () => ({
      ja: 'メールを渡した直後に応答が途絶えたため、送信されたかどうか確認できません。二重送信を避けるため、自動では再送しません。相手に届いたかを確認し、結果（送信済み／未送信）を指定してください。',
      en: 'The connection broke right after the mail was handed over, so it may or may not have been sent. It is not repeated automatically, because it could arrive twice. Find out whether it arrived, then say whether it was sent.',
    }),
  },
  recipient_refused: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '宛先が受け付けられませんでした', en: 'The recipient was refused' },
    detail: ({ code }) => ({
      ja: `この宛先は受け付けられませんでした（応答コード ${String(code)}）。アドレスを確認してください。`,
      en: `This recipient was refused (reply ${String(code)}). Check the address.`,
    }),
  },
  recipient_deferred: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '宛先が一時的に受け付けられませんでした', en: 'The recipient was not taken for the moment' },
    detail: ({ code }) => ({
      ja: `この宛先は一時的に受け付けられませんでした（応答コード ${String(code)}）。この宛先には送られていません。時間をおいて、この宛先だけに送り直してください。`,
      en: `This recipient was not taken for the moment (reply ${String(code)}), and has not got the mail. Send to this recipient again after a while.`,
    }),
  },
  bounced: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '配送できませんでした', en: 'It could not be delivered' },
    detail: ({ code }) => ({
      ja: `相手のメールサーバーに配送できなかったという通知が届きました（状態コード ${String(code)}）。宛先を確認してください。`,
      en: `A report came that it could not be delivered (status ${String(code)}). Check the recipient’s address.`,
    }),
  },
  delivery_delayed: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: '配送が遅れています', en: 'Delivery is delayed' },
    detail: ({ code }) => ({
      ja: `配送が遅れているという通知が届きました（状態コード ${String(code)}）。引き続き配送が試みられています。`,
      en: `A report came that delivery is delayed (status ${String(code)}). It is still being tried.`,
    }),
  },
});

export type SendingProblemCode = keyof typeof sendingProblems;
