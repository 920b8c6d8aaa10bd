import type { DiagnosisCode } from './diagnosis.js';
import type { StepFacts, StepText } from './step-facts.js';
import {
  certificateNames,
  englishDay,
  japaneseDay,
  otherProtocolName,
  protocolName,
  usualPort,
  usualTlsPort,
} from './wording.js';

/** What a step that failed has seen, and what a person at the company can do about it. */
export function failureText(code: DiagnosisCode, facts: StepFacts): StepText {
  const text = TEXTS[code](facts);
  if (!MAY_BE_ACCESS_RESTRICTION.has(code)) return text;
  const addresses = (facts.egress ?? []).join(', ');
  return {
    ja: `${text.ja}接続元を制限している場合は、次のアドレスからの接続を許可してください: ${addresses}`,
    en: `${text.en} If the server admits only certain addresses, allow connections from: ${addresses}`,
  };
}

/** What every failed step says, on a server made up for the purpose: for docs/errors.md. */
export const documentedFailures = (): readonly (StepText & { readonly code: string })[] =>
  Object.entries(TEXTS).map(([code, textOf]) => ({ code, ...textOf(MADE_UP) }));

const MADE_UP: StepFacts = {
  protocol: 'imap',
  host: 'mail.example.co.jp',
  port: 993,
  service: 'Office365',
  tlsVersion: 'TLSv1.1',
  startTls: 'not_offered',
  certificate: {
    names: ['www.example.co.jp'],
    issuer: 'Example CA',
    validFrom: new Date('2027-01-01T00:00:00Z'),
    validUntil: new Date('2027-03-31T00:00:00Z'),
  },
};

/** R20: servers with access restrictions fail even when the setting is right. */
const MAY_BE_ACCESS_RESTRICTION: ReadonlySet<DiagnosisCode> = new Set<DiagnosisCode>([
  'connection_refused',
  'connect_timeout',
  'host_unreachable',
  'tls_failed',
  'no_greeting',
  'closed_at_greeting',
  'refused_at_greeting',
  'server_unavailable',
]);

const TEXTS: Readonly<Record<DiagnosisCode, (facts: StepFacts) => StepText>> = {
  unknown_host: ({ host }) => ({
    ja: `ホスト名 ${host} が見つかりません。綴りを確認してください。社内だけで使える名前は使用できません。`,
    en: `The host ${host} does not exist. Check its spelling; names that only your own network knows cannot be used.`,
  }),
  lookup_failed: ({ host }) => ({
    ja: `ホスト名 ${host} を調べられませんでした。しばらくしてからもう一度お試しください。`,
    en: `The host ${host} could not be looked up. Please try again later.`,
  }),
  oauth_only_host: ({ service }) => ({
    ja: `このサーバーはパスワードでは接続できません。メールサーバーの種類に「${service}」を選んでください。`,
    en: `This server accepts no passwords. Choose "${service}" as the kind of mail server instead.`,
  }),
  private_address: () => ({
    ja: 'プライベートアドレスなど、インターネットに公開されていないアドレスのため接続できません。インターネットから接続できるホスト名を登録してください。',
    en: 'This is a private address, or another one that is not on the public internet. Register a host that can be reached from the internet.',
  }),
  port_not_allowed: (facts) => ({
    ja: `ポート ${facts.port} はメール受信用のポートではありません。通常は ${usualTlsPort(facts)}（SSL）または ${usualPort(facts)}（なし）です。`,
    en: `Port ${facts.port} is not used for receiving mail. Usual are ${usualTlsPort(facts)} (SSL) and ${usualPort(facts)} (none).`,
  }),
  connection_refused: ({ port }) => ({
    ja: `ポート ${port} への接続が拒否されました。ポート番号と、サーバーが動作していることを確認してください。`,
    en: `Port ${port} refused the connection. Check the port number, and that the server is running.`,
  }),
  connect_timeout: ({ port }) => ({
    ja: `ポート ${port} への接続に応答がありません。ポート番号とファイアウォールの設定を確認してください。`,
    en: `Port ${port} did not answer. Check the port number and the firewall.`,
  }),
  host_unreachable: () => ({
    ja: 'サーバーまでの経路がありません。ホスト名とファイアウォールの設定を確認してください。',
    en: 'There is no route to the server. Check the host name and the firewall.',
  }),
  tls_not_spoken: (facts) => ({
    ja: `ポート ${facts.port} はSSLに対応していません。SSL用のポート（通常 ${usualTlsPort(facts)}）を指定するか、セキュリティに「なし」を選んでください。`,
    en: `Port ${facts.port} does not speak SSL. Give the port for SSL (usually ${usualTlsPort(facts)}) or choose "none" as security.`,
  }),
  tls_failed: () => ({
    ja: '暗号化通信を開始できませんでした。サーバーがTLS 1.2以上に対応していることを確認してください。',
    en: 'The encrypted connection could not be established. Check that the server supports TLS 1.2 or later.',
  }),
  certificate_self_signed: (facts) => ({
    ja: `サーバーの証明書（${certificateNames(facts)} 用）は自己署名のため信頼できません。公的な認証局の証明書を設定してください。`,
    en: `The server's certificate (for ${certificateNames(facts)}) is self-signed and cannot be trusted. Install one of a public certification authority.`,
  }),
  certificate_untrusted: (facts) => ({
    ja: `サーバーの証明書（${certificateNames(facts)} 用、発行者 ${facts.certificate?.issuer}）を信頼できません。公的な認証局の証明書と、中間証明書が設定されていることを確認してください。`,
    en: `The server's certificate (for ${certificateNames(facts)}, issued by ${facts.certificate?.issuer}) cannot be trusted. Check that it is of a public authority and that the intermediate certificates are installed.`,
  }),
  certificate_expired: (facts) => ({
    ja: `サーバーの証明書（${certificateNames(facts)} 用）は${japaneseDay(facts.certificate?.validUntil)}に期限が切れています。更新してください。`,
    en: `The server's certificate (for ${certificateNames(facts)}) expired on ${englishDay(facts.certificate?.validUntil)}. Renew it.`,
  }),
  certificate_not_yet_valid: (facts) => ({
    ja: `サーバーの証明書（${certificateNames(facts)} 用）は${japaneseDay(facts.certificate?.validFrom)}から有効です。`,
    en: `The server's certificate (for ${certificateNames(facts)}) is not valid before ${englishDay(facts.certificate?.validFrom)}.`,
  }),
  certificate_wrong_name: (facts) => ({
    ja: `サーバーの証明書は ${certificateNames(facts)} 用で、${facts.host} には使えません。証明書にある名前をホスト名に登録するか、証明書を取り直してください。`,
    en: `The server's certificate is for ${certificateNames(facts)} and not for ${facts.host}. Register the host by a name in the certificate, or have the certificate replaced.`,
  }),
  no_greeting: (facts) => ({
    ja: `接続できましたが、${protocolName(facts)}サーバーからの応答がありません。ポート番号とセキュリティの設定を確認してください。`,
    en: `The connection was accepted, but no ${protocolName(facts)} server answered. Check the port number and the security setting.`,
  }),
  tls_expected: ({ port }) => ({
    ja: `ポート ${port} はSSL用のポートです。セキュリティに「SSL」を選んでください。`,
    en: `Port ${port} expects SSL. Choose "SSL" as security.`,
  }),
  closed_at_greeting: () => ({
    ja: '接続した直後に、サーバーが接続を切りました。',
    en: 'The server closed the connection at once.',
  }),
  refused_at_greeting: () => ({
    ja: '接続した直後に、サーバーが利用を断りました。',
    en: 'The server turned the connection away at once.',
  }),
  other_protocol: (facts) => ({
    ja: `このポートでは${otherProtocolName(facts)}サーバーが応答しました。プロトコルに「${otherProtocolName(facts)}」を選ぶか、ポート番号を直してください。`,
    en: `${otherProtocolName(facts)} is spoken on this port. Choose ${otherProtocolName(facts)} as protocol, or correct the port number.`,
  }),
  not_a_mail_server: (facts) => ({
    ja: `応答がありましたが、${protocolName(facts)}サーバーではありません。ホスト名とポート番号を確認してください。`,
    en: `What answered is not a server for ${protocolName(facts)}. Check the host and the port number.`,
  }),
  login_failed: () => ({
    ja: 'アカウント名またはパスワードが違います。HRBCのパスワードではなく、メールサーバーのパスワードを入力してください。',
    en: 'The account name or the password is wrong. Enter the password of the mail server, not the one of HRBC.',
  }),
  login_disabled: () => ({
    ja: 'サーバーは暗号化されていないログインを受け付けません。セキュリティに「SSL」を選ぶか、サーバーの管理者に確認してください。',
    en: 'The server accepts no login without encryption. Choose "SSL" as security, or ask whoever runs the server.',
  }),
  login_method_unknown: () => ({
    ja: 'サーバーがパスワードによるログイン（PLAIN、LOGIN）に対応していません。サーバーの管理者に確認してください。',
    en: 'The server offers no login by password (PLAIN, LOGIN). Ask whoever runs the server.',
  }),
  credentials_not_allowed: () => ({
    ja: 'アカウント名とパスワードには、改行などの制御文字を使えません。空にもできません。',
    en: 'Account name and password may not be empty and may not contain line ends.',
  }),
  server_busy: () => ({
    ja: 'サーバーが混み合っているか、ほかのメールソフトが受信トレイを使用中です。しばらくしてからもう一度お試しください。',
    en: 'The server is busy, or another mail program is using the INBOX. Please try again later.',
  }),
  server_unavailable: () => ({
    ja: 'サーバーが一時的に利用できません。しばらくしてからもう一度お試しください。',
    en: 'The server is temporarily unavailable. Please try again later.',
  }),
  inbox_missing: () => ({
    ja: 'ログインできましたが、受信トレイ（INBOX）がありません。サーバーの管理者に確認してください。',
    en: 'The login succeeded, but there is no INBOX. Ask whoever runs the server.',
  }),
  inbox_refused: () => ({
    ja: 'ログインできましたが、受信トレイ（INBOX）を開けません。サーバーの管理者に確認してください。',
    en: 'The login succeeded, but the INBOX cannot be opened. Ask whoever runs the server.',
  }),
  connection_lost: () => ({
    ja: '途中でサーバーとの接続が切れました。しばらくしてからもう一度お試しください。',
    en: 'The connection was lost on the way. Please try again later.',
  }),
  timeout: () => ({
    ja: 'サーバーの応答に時間がかかりすぎています。しばらくしてからもう一度お試しください。',
    en: 'The server takes too long to answer. Please try again later.',
  }),
  protocol_error: (facts) => ({
    ja: `サーバーの応答が${protocolName(facts)}の規則に合っていません。サーバーの管理者に確認してください。`,
    en: `The server's answers do not follow the rules of ${protocolName(facts)}. Ask whoever runs the server.`,
  }),
};
