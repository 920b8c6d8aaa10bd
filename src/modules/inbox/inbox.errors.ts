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
});

export const reject = rejectWith(inboxErrors);
