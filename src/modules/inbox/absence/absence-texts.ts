import { type BilingualText } from '@libs/eventsourcing';
import { type AbsenceReason } from './absence.policy.js';

/** What to tell the person who misses a mail, and what to do about it (R36, R37, R39). */
export const absenceTexts: Readonly<Record<AbsenceReason, BilingualText>> = {
  here: {
    ja: 'このメールは受信済みです。受信メールの一覧、または検索で確認してください。',
    en: 'This mail has been received. Look for it in the list of received mail, or search for it.',
  },
  quarantined: {
    ja: '読み取れなかったメールがあり、隔離されています。探しているメールはその中にある可能性があります。一覧で「隔離」の状態のメールを読み直してください。',
    en: 'There is mail that could not be read and is kept in quarantine; the one you miss may be among it. Have the quarantined mail in the list read once more.',
  },
  mailbox_not_connected: {
    ja: 'メールボックスが利用中ではないため、メールは受信されません。ユーザーメール設定で接続し、詳細を保存してください。',
    en: 'No mail is received, because the mailbox is not in use. Connect it in your mail setting and save the details.',
  },
  mailbox_paused: {
    ja: '現在メールボックスを読み取れません。ユーザーメール設定に表示されている問題が解消すると、それまでのメールも受信されます。',
    en: 'The mailbox cannot be read at present. Once the problem that your mail setting shows is solved, mail that came until then is received too.',
  },
  before_import_day: {
    ja: '取込み開始日より前に届いたメールのため、受信していません。取り込むには、ユーザーメール設定で取込み開始日を前の日付に変更してください。',
    en: 'It came before the day from which mail is imported. To have it, choose an earlier day in your mail setting.',
  },
  not_yet_fetched: {
    ja: 'まだ確認が終わっていません。取込み中か、次の確認を待っています。しばらくしてからもう一度確認してください。',
    en: 'The mailbox has not been looked through yet: the import is still running, or the next look has yet to come. Look again in a while.',
  },
  not_in_inbox: {
    ja: 'メールボックスは確認済みですが、このメールは受信トレイにありませんでした。考えられる理由: 振り分けなどで別のフォルダに入った（受信トレイ以外は受信しません。Gmailで受信トレイのラベルがないメールも同様です）、迷惑メールとして扱われた、HRBCが確認する前にほかのメールソフトが受信してサーバーから削除した、相手からまだ届いていない。メールサーバー側で確認してください。受信トレイに戻すと受信されます。',
    en: 'The mailbox has been looked through, and this mail was not in its INBOX. Possible reasons: a rule filed it in another folder (only the INBOX is received; in Gmail, only what carries the label INBOX), it was taken for spam, another mail program fetched it and deleted it from the server before HRBC looked, or it has not arrived. Check on the mail server; moved back into the INBOX, it is received.',
  },
};
