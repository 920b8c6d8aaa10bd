import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const googleApiSettingErrors = defineRejections({
  google_api_setting_not_found: {
    kind: 'not_found',
    fixableBy: 'admin',
    title: { ja: 'Google API設定がありません', en: 'There is no Google API setting' },
    detail: () => ({
      ja: 'Google API設定はまだ保存されていません。Google Cloudで作成したOAuthクライアントのクライアントIDとクライアントシークレットを入力してください。',
      en: 'The Google API setting has not been saved yet. Enter the client id and client secret of the OAuth client that you made in Google Cloud.',
    }),
  },
  google_api_setting_in_use: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google API設定は利用中です', en: 'The Google API setting is in use' },
    detail: () => ({
      ja: 'メールサーバーにGmailが登録されているため、Google API設定を削除できません。先にメールサーバーの一覧からGmailを削除してください。',
      en: 'Gmail is registered as a mail server, which needs this setting. Delete Gmail from the list of mail servers first.',
    }),
  },
});

export const reject = rejectWith(googleApiSettingErrors);
