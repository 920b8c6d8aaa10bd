import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const userMailSettingErrors = defineRejections({
  account_name_not_allowed: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'このアカウント名は設定できません', en: 'This account name is not allowed' },
    detail: ({ address, localPart }) => ({
      ja: `アカウント名は「${address}」または「${localPart}」のどちらかです。ほかのアカウント名では受信設定できません。`,
      en: `The account name is either "${address}" or "${localPart}"; no other can be used for receiving.`,
    }),
  },
  mail_server_unknown: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '選択したメールサーバーは登録されていません', en: 'No such mail server to choose' },
    detail: () => ({
      ja: '選んだメールサーバーは登録されていません。一覧から選び直すか、システム管理者に登録を依頼してください。',
      en: 'The chosen mail server is not registered. Choose one from the list, or ask your administrator to register it.',
    }),
  },
  password_login_required: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'アカウント名とパスワードによる設定が必要です', en: 'This server is set up with a password' },
    detail: ({ name }) => ({
      ja: `${String(name)} にはログインボタンはありません。「設定画面で設定する」からアカウント名とパスワードを設定してください。`,
      en: `${String(name)} has no sign-in button. Set it up with account name and password.`,
    }),
  },
  return_url_not_allowed: {
    kind: 'invalid',
    fixableBy: 'service',
    title: { ja: '戻り先のURLが許可されていません', en: 'The return URL is not allowed' },
    detail: () => ({
      ja: '戻り先のURLは、HRBCのページに限られます。RETURN_URL_ORIGINS を確認してください。',
      en: 'The return URL has to be a page of HRBC. See RETURN_URL_ORIGINS.',
    }),
  },
  office365_not_configured: {
    kind: 'conflict',
    fixableBy: 'service',
    title: { ja: 'Office365は現在利用できません', en: 'Office365 is not available' },
    detail: () => ({
      ja: 'このサービスには、MicrosoftのアプリID（OFFICE365_CLIENT_ID）が設定されていません。HRBCサポートへお問い合わせください。',
      en: 'No Microsoft app is configured for this service (OFFICE365_CLIENT_ID). Contact HRBC support.',
    }),
  },
  provider_login_required: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'ログインによる設定が必要です', en: 'This service is connected by signing in' },
    detail: ({ name }) => ({
      ja: `${name} はアカウント名とパスワードでは設定できません。ログインボタンから設定してください。`,
      en: `${name} cannot be set up with an account name and password. Use its sign-in button instead.`,
    }),
  },
  login_failed: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: 'メールサーバーにログインできません', en: 'The mail server refused the login' },
    detail: ({ seenJa, seenEn }) => ({
      ja: `${seenJa} パスワードはHRBCのものではなく、メールサーバーのものです。`,
      en: `${seenEn} The password is the mail server's, not HRBC's.`,
    }),
  },
  server_unreachable: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: 'メールサーバーに接続できません', en: 'The mail server cannot be reached' },
    detail: ({ seenJa, seenEn }) => ({ ja: `${seenJa}`, en: `${seenEn}` }),
  },
  mail_setting_not_connected: {
    kind: 'conflict',
    fixableBy: 'user',
    title: { ja: '先にログインまたはアカウントの設定が必要です', en: 'Connect the mailbox first' },
    detail: () => ({
      ja: '詳細を保存する前に、メールサービスへのログイン、またはアカウント名とパスワードの設定を行ってください。',
      en: 'Sign in to the mail service, or set the account name and password, before saving the details.',
    }),
  },
  import_day_invalid: {
    kind: 'invalid',
    fixableBy: 'user',
    title: { ja: '取込み開始日が正しくありません', en: 'The import day is not valid' },
    detail: () => ({
      ja: '過去メールの取込み開始日は、今日までの実在する日付を YYYY-MM-DD の形で指定してください。新着メールだけを受信する場合は null です。',
      en: 'Give an existing day up to today as YYYY-MM-DD (Japan time), or null to receive only new mail.',
    }),
  },
});

export const reject = rejectWith(userMailSettingErrors);
