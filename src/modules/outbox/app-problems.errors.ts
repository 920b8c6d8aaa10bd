import { defineRejections } from '@libs/eventsourcing';
import { ONCE_MENDED, troubleText } from './trouble-text.policy.js';

/**
 * The provider refuses an app, HRBC's own or the company's: a mail waits for somebody to mend that, and nothing is wrong
 * with the mail itself.
 */
export const appProblems = defineRejections({
  sending_app_refused: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'HRBC側の問題で送信できません', en: 'A fault on our side' },
    detail: troubleText(
      {
        ja: 'HRBC Mailのメールサービスへの登録に問題があり、送信できませんでした。HRBCで対応します。メールの内容に問題はなく、再ログインも不要です。',
        en: 'The mail service refuses HRBC Mail’s own registration, so the mail could not be sent. HRBC will repair it; nothing is wrong with the mail, and nobody has to sign in again.',
      },
      ONCE_MENDED,
    ),
  },
  sending_google_app_missing: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google API設定がありません', en: 'The Google API setting is missing' },
    detail: troubleText(
      {
        ja: '会社のGoogle API設定がないため、Gmailで送信できませんでした。管理者が「Google API設定」を保存してください。',
        en: 'Without the company’s Google API setting nothing can be sent by Gmail. An administrator should save the "Google API設定".',
      },
      ONCE_MENDED,
    ),
  },
  sending_google_client_invalid: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google API設定が正しくありません', en: 'The Google API setting is wrong' },
    detail: troubleText(
      {
        ja: 'GoogleがクライアントIDまたはクライアントシークレットを受け付けないため、送信できませんでした。管理者が、Google CloudのOAuthクライアントと「Google API設定」の内容が一致しているか確認してください。',
        en: 'Google refuses the client id or client secret, so the mail could not be sent. An administrator should compare the OAuth client in Google Cloud with the "Google API設定".',
      },
      ONCE_MENDED,
    ),
  },
  sending_google_client_deleted: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'GoogleのOAuthクライアントが削除されています', en: 'The OAuth client at Google was deleted' },
    detail: troubleText(
      {
        ja: 'Google CloudでOAuthクライアントが削除または停止されているため、送信できませんでした。管理者がGoogle Cloudで復元する（削除後30日以内）か、新しいクライアントを「Google API設定」に保存してください（その場合は再ログインが必要です）。',
        en: 'The OAuth client was deleted or disabled in Google Cloud, so the mail could not be sent. An administrator should restore it there (within 30 days), or enter a new one under "Google API設定", after which everybody has to sign in again.',
      },
      ONCE_MENDED,
    ),
  },
  sending_google_client_blocked: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google Workspaceの設定でアプリが許可されていません', en: 'Google Workspace does not allow the app' },
    detail: troubleText(
      {
        ja: 'Google Workspaceの管理者設定によりアプリが許可されていないため、送信できませんでした。管理者が管理コンソールの「セキュリティ ＞ APIの制御」で、Google API設定のクライアントIDを「信頼できる」にしてください。',
        en: 'The settings of your Google Workspace bar the app, so the mail could not be sent. An administrator should trust the client id of the "Google API設定" in the admin console under Security > API controls.',
      },
      ONCE_MENDED,
    ),
  },
  sending_gmail_api_disabled: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Gmail APIが有効になっていません', en: 'The Gmail API is not enabled' },
    detail: troubleText(
      {
        ja: '会社のGoogle CloudプロジェクトでGmail APIが有効になっていないため、送信できませんでした。管理者がGoogle Cloudの「APIとサービス」でGmail APIを有効にしてください。',
        en: 'The Gmail API is not enabled in the company’s Google Cloud project, so the mail could not be sent. An administrator should enable it under "APIs & Services".',
      },
      ONCE_MENDED,
    ),
  },
  sending_gmail_disabled_by_domain: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google Workspaceの設定でGmail APIが禁止されています', en: 'Google Workspace bars the Gmail API' },
    detail: troubleText(
      {
        ja: 'Google Workspaceの管理者がアプリからのGmailの利用を禁止しているため、送信できませんでした。管理者が管理コンソールで許可してください。',
        en: 'An administrator of your Google Workspace bars apps from Gmail, so the mail could not be sent. Allow it in the admin console.',
      },
      ONCE_MENDED,
    ),
  },
});
