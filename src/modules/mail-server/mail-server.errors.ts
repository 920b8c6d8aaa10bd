import { defineRejections, rejectWith } from '@libs/eventsourcing';

export const mailServerErrors = defineRejections({
  mail_server_not_found: {
    kind: 'not_found',
    fixableBy: 'user',
    title: { ja: 'メールサーバーが見つかりません', en: 'No such mail server' },
    detail: () => ({
      ja: 'このメールサーバーは登録されていないか、すでに削除されています。一覧を開き直してください。',
      en: 'This mail server is not registered, or has been deleted. Open the list again.',
    }),
  },
  mail_server_exists: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '同じメールサーバーが登録されています', en: 'This mail server is registered already' },
    detail: ({ what }) => ({
      ja: `${what} はすでに登録されています。新規登録ではなく、一覧にある設定を使うか変更してください。`,
      en: `${what} is registered already. Use or change the entry in the list instead of adding another.`,
    }),
  },
  mail_server_in_use: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'メールサーバーは利用中です', en: 'The mail server is in use' },
    detail: ({ inUseBy }) => ({
      ja: `${inUseBy} 名のユーザーメール設定がこのサーバーを使っています。設定も同時に解除して削除する場合は release=true を指定してください。受信済みのメールは残ります。`,
      en: `${inUseBy} user mail settings use this server. To delete it and release those settings too, pass release=true. Mail already received stays.`,
    }),
  },
  mail_service_fixed: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: 'メールサービスの種類は変更できません', en: 'The kind of mail service cannot be changed' },
    detail: () => ({
      ja: '登録済みのメールサーバーの種類（Office365・Gmail・その他）は変更できません。新しく登録し、古いものを削除してください。',
      en: 'The kind (Office365, Gmail, other) of a registered mail server cannot be changed. Register a new one and delete the old one.',
    }),
  },
  google_api_setting_missing: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: 'Google API設定がありません', en: 'The Google API setting is missing' },
    detail: () => ({
      ja: 'Gmailを登録する前に、「Google API設定」でクライアントIDとクライアントシークレットを保存してください。',
      en: 'Save the client id and client secret under "Google API設定" before registering Gmail.',
    }),
  },
  private_address: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: '社内用のアドレスは利用できません', en: 'A private address cannot be used' },
    detail: ({ host }) => ({
      ja: `${host} は社内アクセス用（192.168…など）または公開されていないアドレスです。受信メールサーバーの外部アクセス用のサーバー名を入力してください。`,
      en: `${host} is a private or otherwise non-public address (such as 192.168…). Enter the name by which the mail server is reached from outside.`,
    }),
  },
  oauth_only_host: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: 'このサーバーはOAuthでの接続が必要です', en: 'This server needs OAuth' },
    detail: ({ host, service }) => ({
      ja: `${host} は基本認証では接続できません。メールサーバーの種類で「${service}」を選んでください。`,
      en: `${host} cannot be used with basic authentication. Choose ${service} as the kind of mail server.`,
    }),
  },
  unknown_host: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: 'サーバー名が見つかりません', en: 'The server name does not exist' },
    detail: ({ host }) => ({
      ja: `${host} という名前のサーバーが見つかりません（DNSに登録がありません）。つづりを確認してください。`,
      en: `There is no server named ${host} (it is not in the DNS). Check the spelling.`,
    }),
  },
  port_not_allowed: {
    kind: 'invalid',
    fixableBy: 'admin',
    title: { ja: 'このポート番号は利用できません', en: 'This port cannot be used' },
    detail: ({ port }) => ({
      ja: `ポート番号 ${port} はメール受信用ではありません。通常は IMAP なら 143 または 993、POP3 なら 110 または 995 です。`,
      en: `Port ${port} is not one for receiving mail. Usual are 143 or 993 for IMAP and 110 or 995 for POP3.`,
    }),
  },
});

export const reject = rejectWith(mailServerErrors);
