import { defineRejections, rejectWith } from '@libs/eventsourcing';

/** Why a mail is not taken, or something cannot be done with one. */
export const outboxErrors = defineRejections({
  outbox_message_not_found: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: '送信メールが見つかりません', en: 'No such sent mail' },
    detail: () => ({
      ja: 'この送信メールはありません。一覧を開き直してください。',
      en: 'There is no such mail in your outbox. Open the list again.',
    }),
  },
  outbox_attachment_not_found: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: '添付ファイルが見つかりません', en: 'No such attachment' },
    detail: () => ({
      ja: 'この番号の添付ファイルはありません。メールを開き直してください。',
      en: 'The mail has no attachment of this number. Open the mail again.',
    }),
  },
  from_not_allowed: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'この差出人アドレスは使えません', en: 'This sender address cannot be used' },
    detail: ({ allowed }) => ({
      ja: `差出人に使えるのは、ご自身のアドレスと追加アドレス1だけです（${list(allowed)}）。別のアドレスを使うには、HRBCのユーザー情報の追加アドレス1に登録してください。`,
      en: `You can send from your own address and additional address 1 only (${list(allowed)}). To use another one, have it entered as additional address 1 of your HRBC user.`,
    }),
  },
  from_not_registered_at_provider: {
    kind: 'invalid',
    fixableBy: 'user',
    title: {
      ja: '差出人アドレスが送信サービスに登録されていません',
      en: 'The provider does not know this sender address',
    },
    detail: ({ address }) => ({
      ja: `${String(address)} は送信元アドレスとして登録・確認されていないため、このまま送ると差出人が書き換えられます。Gmailの場合は「設定」→「アカウント」→「名前」の「他のメールアドレスを追加」で登録し、届いた確認メールで確認を済ませてください。Office365の場合は、Exchangeの管理者に「送信者アクセス許可（Send As）」の付与を依頼してください。`,
      en: `${String(address)} is not registered and verified as a sender, so the provider would replace it. With Gmail, add it under Settings → Accounts → "Send mail as" and confirm the mail that arrives. With Office365, ask your Exchange administrator for the "Send As" permission.`,
    }),
  },
  message_too_large: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'メールが大きすぎます', en: 'The mail is too large' },
    detail: ({ limit }) => ({
      ja: `添付ファイルを含めて ${megabytes(limit)} MB（添付ファイルは符号化で約1.4倍になります）までのメールを送れます。添付ファイルを減らすか、分けて送ってください。`,
      en: `A mail may have up to ${megabytes(limit)} MB with its attachments, which grow by about 1.4 when encoded. Attach less, or send several mails.`,
    }),
  },
  in_reply_to_unknown: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '返信元のメールが見つかりません', en: 'The mail that this replies to is not there' },
    detail: () => ({
      ja: 'inReplyTo には、閲覧できる受信メールのID、または Message-ID（<…@…> の形式）を指定してください。',
      en: 'Give as inReplyTo the id of a received mail that you may read, or a Message-ID of the form <…@…>.',
    }),
  },
  multipart_malformed: {
    kind: 'malformed',
    fixableBy: 'service',
    title: { ja: 'multipart の内容を読み取れません', en: 'The multipart body cannot be read' },
    detail: () => ({
      ja: 'multipart/form-data には、JSONの項目 message、または各項目（to は複数可）を入れ、添付ファイルは attachments として付けてください。',
      en: 'Put a field message holding JSON, or the fields one by one (to may be repeated), into multipart/form-data, and the files as attachments.',
    }),
  },
  action_required: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再ログインが必要です', en: 'A new login is needed' },
    detail: () => ({
      ja: '接続しているメールサービスへの再ログインが必要なため、送信できません。ユーザーメール設定を開き、もう一度ログインしてから送信してください。（HRBCのメールサーバーから代わりに送られることはありません。）',
      en: 'The mail service you are connected to asks for a new login, so nothing can be sent. Open your mail setting, log in again, and send then. (HRBC’s own mail server is never used in its place.)',
    }),
  },
  mail_not_failed: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '再送信できる状態ではありません', en: 'This mail has not failed' },
    detail: ({ state }) => ({
      ja: `再送信できるのは、送信に失敗したメールだけです（現在の状態: ${String(state)}）。送信済みかどうか不明のメールは、先に結果を確定してください。`,
      en: `Only a mail that failed can be sent again; this one is ${String(state)}. If it is unknown whether it was sent, say so first.`,
    }),
  },
  mail_not_queued: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '取り消せる状態ではありません', en: 'This mail cannot be taken back any more' },
    detail: ({ state }) => ({
      ja: `取り消せるのは、送信待ちのメールだけです（現在の状態: ${String(state)}）。`,
      en: `Only a mail that waits to be sent can be taken back; this one is ${String(state)}.`,
    }),
  },
  mail_partly_sent: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '一部の宛先には送信済みです', en: 'Some recipients have got this mail already' },
    detail: () => ({
      ja: '一部の宛先にはすでに送信されているため、取り消せません。残りの宛先には自動的に再試行しています。',
      en: 'Some recipients have got this mail already, so it cannot be taken back. The others are tried again automatically.',
    }),
  },
  mail_outcome_known: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '送信結果は確定しています', en: 'It is known what became of this mail' },
    detail: ({ state }) => ({
      ja: `結果を指定できるのは、送信済みかどうか不明のメールだけです（現在の状態: ${String(state)}）。`,
      en: `Only for a mail whose outcome is unknown can it be said; this one is ${String(state)}.`,
    }),
  },
  mail_route_changed: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '送信方法が変わりました', en: 'The way of sending has changed' },
    detail: () => ({
      ja: 'このメールを作成した後に、メール設定が変わりました。新しいメールとして送信し直してください。',
      en: 'Your mail setting has changed since this mail was written. Send it anew as another mail.',
    }),
  },
});

export const reject = rejectWith(outboxErrors);

const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
const megabytes = (bytes: unknown): string => String(Math.floor((Number(bytes) / 1024 / 1024) * 10) / 10);
