import { defineRejections } from '@libs/eventsourcing';

/** What is wrong with the company's own Google app: one fault for the whole company, and nobody has to sign in again. */
export const googleAppProblems = defineRejections({
  google_client_invalid: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google API設定が正しくありません', en: 'The Google API setting is wrong' },
    detail: () => ({
      ja: 'GoogleがクライアントIDまたはクライアントシークレットを受け付けません。管理者が、Google CloudのOAuthクライアントと「Google API設定」の内容（シークレット、リダイレクトURI）が一致しているか確認してください。直ると、受信は自動的に再開します。再ログインは不要です。',
      en: 'Google refuses the client id or client secret. An administrator should compare the OAuth client in Google Cloud with the "Google API設定" (secret, redirect URI). Receiving goes on by itself once it is right; nobody has to sign in again.',
    }),
  },
  google_client_deleted: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'GoogleのOAuthクライアントが削除されています', en: 'The OAuth client at Google was deleted' },
    detail: () => ({
      ja: 'Google CloudでOAuthクライアントが削除または停止されています。管理者がGoogle Cloudで復元する（削除後30日以内）か、新しいクライアントを「Google API設定」に保存してください。新しいクライアントにした場合は、全員の再ログインが必要です。',
      en: 'The OAuth client was deleted or disabled in Google Cloud. An administrator should restore it there (within 30 days), or enter a new one under "Google API設定"; with a new one everybody has to sign in again.',
    }),
  },
  google_client_blocked: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google Workspaceの設定でアプリが許可されていません', en: 'Google Workspace does not allow the app' },
    detail: () => ({
      ja: 'Google Workspaceの管理者設定により、このアプリは利用できません。管理コンソールの「セキュリティ ＞ APIの制御」で、Google API設定のクライアントIDを「信頼できる」にしてください。',
      en: 'The settings of your Google Workspace bar the app. In the admin console under Security > API controls, trust the client id of the "Google API設定".',
    }),
  },
  gmail_api_disabled: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Gmail APIが有効になっていません', en: 'The Gmail API is not enabled' },
    detail: () => ({
      ja: '会社のGoogle CloudプロジェクトでGmail APIが有効になっていません。管理者がGoogle Cloudの「APIとサービス」でGmail APIを有効にしてください。有効になると、自動的に再開します。再ログインは不要です。',
      en: 'The Gmail API is not enabled in the company’s Google Cloud project. An administrator should enable it under "APIs & Services". It then goes on by itself; nobody has to sign in again.',
    }),
  },
  gmail_disabled_by_domain: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google Workspaceの設定でGmail APIが禁止されています', en: 'Google Workspace bars the Gmail API' },
    detail: () => ({
      ja: 'Google Workspaceの管理者が、アプリからのGmailの利用を禁止しています。管理コンソールで許可してください。許可されると、自動的に再開します。',
      en: 'An administrator of your Google Workspace bars apps from Gmail. Allow it in the admin console; it then goes on by itself.',
    }),
  },
  google_app_missing: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google API設定がありません', en: 'The Google API setting is missing' },
    detail: () => ({
      ja: '会社のGoogle API設定がないため、Gmailに接続できません。管理者が「Google API設定」を保存してください。',
      en: 'Without the company’s Google API setting Gmail cannot be reached. An administrator should save the "Google API設定".',
    }),
  },
});

/** Why a person has to consent at Google again, and what keeps it from happening again. */
export const googleGrantProblems = defineRejections({
  google_grant_ended: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'Googleへの再ログインが必要です', en: 'A new sign-in at Google is needed' },
    detail: () => ({
      ja: 'Googleのアクセス許可が無効になりました。Googleアカウントのパスワードを変更したか、許可を取り消したことが主な原因です（Gmailの許可はパスワードを変更すると無効になります）。ユーザーメール設定から、もう一度ログインしてください。それまでの間のメールは、再ログイン後に受信されます。',
      en: 'Google has ended the permission, most likely because the password of the Google account was changed or the permission was withdrawn (a new password always ends permissions for Gmail). Sign in again from your mail setting. Mail that arrives until then is received afterwards.',
    }),
  },
  google_testing_ended: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'Googleへの再ログインが必要です（テスト中のアプリ）', en: 'A new sign-in is needed (app in testing)' },
    detail: () => ({
      ja: 'ログインからちょうど7日で許可が無効になりました。会社のGoogleアプリが「テスト」状態のためと思われます。もう一度ログインしてください。7日ごとの再ログインを防ぐには、管理者がGoogle Cloudの「OAuth同意画面」でユーザーの種類を「内部」にするか、公開ステータスを「本番環境」にしてください。',
      en: 'The permission ended exactly seven days after the sign-in, probably because the company’s Google app is in "Testing". Sign in again. To keep it from ending every seven days, an administrator should make the app "Internal", or publish it, on the OAuth consent screen in Google Cloud.',
    }),
  },
  google_grant_unused: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'Googleへの再ログインが必要です（長期間未使用）', en: 'A new sign-in is needed (long unused)' },
    detail: () => ({
      ja: '6か月以上使われなかったため、Googleのアクセス許可が無効になりました。もう一度ログインしてください。受信を続けている間は起きません。',
      en: 'Google has ended the permission because it was not used for six months. Sign in again. It does not happen while mail is being received.',
    }),
  },
  google_session_ended: {
    kind: 'conflict',
    fixableBy: 'user',
    title: {
      ja: 'Googleへの再ログインが必要です（セッションの制限）',
      en: 'A new sign-in is needed (session control)',
    },
    detail: () => ({
      ja: 'Google Workspaceのセッション制御により、ログイン状態が解除されました。もう一度ログインしてください。定期的に起きるのを防ぐには、管理者が管理コンソールでこのアプリを「信頼できるアプリ」にし、再認証の対象外にしてください。',
      en: 'Session control of your Google Workspace has ended the sign-in. Sign in again. To keep it from recurring, an administrator should trust this app and exempt it from re-authentication in the admin console.',
    }),
  },
  google_client_changed: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: 'Googleへの再ログインが必要です（アプリの変更）', en: 'A new sign-in is needed (app changed)' },
    detail: () => ({
      ja: '会社のGoogle API設定でクライアントIDが変更されたため、以前の許可は使えません。ユーザーメール設定から、もう一度Googleにログインしてください。それまでの間のメールは、再ログイン後に受信されます。',
      en: 'The client id in the company’s Google API setting was changed, and earlier permissions are not for it. Sign in at Google again from your mail setting. Mail that arrives until then is received afterwards.',
    }),
  },
  gmail_not_enabled: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'このアカウントではGmailを利用できません', en: 'This account has no Gmail' },
    detail: () => ({
      ja: 'ログインしたGoogleアカウントでは、Gmailのサービスが有効になっていません。Google Workspaceの管理者に、Gmailの利用を許可するよう依頼してください。',
      en: 'Gmail is not switched on for the Google account that signed in. Ask your Google Workspace administrator to switch it on.',
    }),
  },
});
