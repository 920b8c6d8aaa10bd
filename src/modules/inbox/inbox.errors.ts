import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const inboxErrors = defineRejections({
  message_not_found: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: 'メールが見つかりません', en: 'No such mail' },
    detail: () => ({
      ja: 'このメールはないか、あなたにシェアされていません。',
      en: 'There is no such mail, or it is not shared with you.',
    }),
  },
  attachment_not_found: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: '添付ファイルが見つかりません', en: 'No such attachment' },
    detail: () => ({
      ja: 'このメールに、その番号の添付ファイルはありません。',
      en: 'The mail has no attachment with this number.',
    }),
  },
  not_mailbox_owner: {
    kind: 'forbidden',
    fixableBy: 'user',
    title: { ja: 'シェア設定は受信した本人だけが変更できます', en: 'Only the owner of the mailbox may share its mail' },
    detail: () => ({
      ja: 'ほかのユーザーが受信したメールのシェア設定は変更できません。受信した本人に依頼してください。',
      en: 'The sharing of mail that somebody else received cannot be changed. Ask the person who received it.',
    }),
  },
  mailbox_not_connected: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールボックスが接続されていません', en: 'The mailbox is not connected' },
    detail: () => ({
      ja: 'このメールはメールサーバーから取得し直す必要がありますが、メールボックスが利用中ではありません。ユーザーメール設定を確認してください。',
      en: 'This mail has to be fetched from the mail server again, but the mailbox is not in use. Check the mail setting.',
    }),
  },
  mail_not_on_server: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'メールがサーバーにありません', en: 'The mail is no longer on the server' },
    detail: () => ({
      ja: 'このメールは、メールサーバー上の元の場所にもうありません。削除または移動されたか、メールサーバーが変わりました。',
      en: 'The mail is no longer where it could not be fetched from: it was deleted or moved, or the mail server is another one.',
    }),
  },
  mailbox_unavailable: {
    kind: 'unavailable',
    fixableBy: 'service',
    title: { ja: 'メールサーバーから取得できません', en: 'The mail server cannot be asked at present' },
    detail: () => ({
      ja: 'いまはメールサーバーから取得できません。しばらくしてからもう一度お試しください。',
      en: 'The mail cannot be fetched from the mail server at present. Try again in a while.',
    }),
  },
});

export const reject = rejectWith(inboxErrors);
