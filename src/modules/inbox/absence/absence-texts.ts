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
    ja: '現在メールボックスを読み取れません。問題が解消すると、それまでのメールも受信されます。',
    en: 'The mailbox cannot be read at present. Once the problem is solved, mail that came until then is received too.',
  },
  before_import_day: {
    ja: '取込み開始日より前に届いたメールのため、受信していません。取り込むには、ユーザーメール設定で取込み開始日を前の日付に変更してください。',
    en: 'It came before the day from which mail is imported. To have it, choose an earlier day in your mail setting.',
  },
  not_yet_fetched: {
    ja: 'まだ確認が終わっていません。取込み中か、次の確認を待っています。しばらくしてからもう一度確認してください。',
    en: 'The mailbox has not been looked through yet: the import is still running, or the next look has yet to come. Look again in a while.',
  },
  on_server: {
    ja: 'このメールはメールサーバーの受信トレイにありますが、まだ受信していません。いま確認を始めました。取込み中の場合は順番に受信されます。しばらくしてからもう一度確認してください。',
    en: 'It is in the INBOX on the mail server and has not been received yet. A look has just been asked for; while mail is being imported, it comes in its turn. Look again in a while.',
  },
  in_junk: {
    ja: 'メールサーバーで迷惑メールとして扱われています。受信するのは受信トレイのメールだけです。メールサーバー側で迷惑メールを解除し、受信トレイに戻すと受信されます。',
    en: 'The mail server has taken it for spam, and only the INBOX is received. Mark it as no spam there; moved back into the INBOX, it is received.',
  },
  in_trash: {
    ja: 'メールサーバーではごみ箱にあります。HRBCが確認する前に、ほかのメールソフトなどで削除された可能性があります。受信トレイに戻すと受信されます。',
    en: 'On the mail server it is in the bin: it may have been deleted, by another mail program for instance, before HRBC looked. Moved back into the INBOX, it is received.',
  },
  in_other_folder: {
    ja: 'メールサーバーでは受信トレイ以外の場所にあります（振り分け、アーカイブ、またはGmailで受信トレイのラベルがない状態）。受信するのは受信トレイのメールだけです。受信トレイに戻すと受信されます。',
    en: 'On the mail server it is somewhere else than in the INBOX (filed by a rule, archived, or in Gmail without the label INBOX), and only the INBOX is received. Moved back into the INBOX, it is received.',
  },
  not_on_server: {
    ja: 'メールサーバーに確認しましたが、このメールはありません。考えられる理由: HRBCが確認する前にほかのメールソフトが受信してサーバーから削除した、相手からまだ届いていない、送信元で配信に失敗した。送信者、またはメールサーバーの管理者に確認してください。',
    en: 'The mail server was asked, and it is not there. Possible reasons: another mail program fetched it and deleted it from the server before HRBC looked, it has not arrived yet, or it could not be delivered. Ask the sender, or whoever runs the mail server.',
  },
  not_in_inbox: {
    ja: 'メールボックスは確認済みですが、このメールは受信トレイにありませんでした。考えられる理由: 振り分けなどで別のフォルダに入った（受信トレイ以外は受信しません。Gmailで受信トレイのラベルがないメールも同様です）、迷惑メールとして扱われた、HRBCが確認する前にほかのメールソフトが受信してサーバーから削除した、相手からまだ届いていない。メールサーバー側で確認してください。受信トレイに戻すと受信されます。',
    en: 'The mailbox has been looked through, and this mail was not in its INBOX. Possible reasons: a rule filed it in another folder (only the INBOX is received; in Gmail, only what carries the label INBOX), it was taken for spam, another mail program fetched it and deleted it from the server before HRBC looked, or it has not arrived. Check on the mail server; moved back into the INBOX, it is received.',
  },
};

/** Added where POP3 or a time limit kept other folders from being looked into. */
export const onlyInboxAsked: BilingualText = {
  ja: '受信トレイ以外のフォルダ（迷惑メールなど）は確認できませんでした。',
  en: 'Other folders, spam among them, could not be looked into.',
};

/** Added where something keeps the mailbox from being read, before what it is. */
export const pausedSince = (since: string): BilingualText => ({
  ja: `${inJapan(since)}から: `,
  en: `Since ${inJapan(since)} (Japan time): `,
});

/** Added where the server could not be asked, before the reason. */
export const serverNotAsked: BilingualText = {
  ja: 'メールサーバーには確認できませんでした: ',
  en: 'The mail server could not be asked: ',
};

export const inFolder = (folder: string): BilingualText => ({
  ja: `フォルダ: 「${folder}」`,
  en: `Folder: "${folder}"`,
});

const inJapan = (instant: string): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Tokyo' }).format(
    new Date(instant),
  );
