import { describe, it, expect } from 'vitest';
import type { DiagnosisCode } from './diagnosis.js';
import { failureText } from './failure-text.js';
import type { StepFacts } from './step-facts.js';

const facts: StepFacts = {
  protocol: 'imap',
  host: 'imap.example.co.jp',
  port: 143,
  service: 'Gmail',
  egress: ['52.69.227.39'],
  certificate: {
    names: ['mail.example.co.jp'],
    issuer: 'Example CA',
    validFrom: new Date('2024-01-01T00:00:00+09:00'),
    validUntil: new Date('2025-01-01T00:00:00+09:00'),
  },
};

/** What a person has to be told besides that it failed. */
const table: [DiagnosisCode, RegExp, RegExp][] = [
  ['unknown_host', /imap\.example\.co\.jp.*綴り/, /spelling/],
  ['lookup_failed', /もう一度/, /try again/],
  ['oauth_only_host', /「Gmail」/, /"Gmail"/],
  ['private_address', /プライベートアドレス/, /private address/],
  ['port_not_allowed', /993（SSL）.*143（なし）/, /993 \(SSL\) and 143/],
  ['connection_refused', /143.*52\.69\.227\.39/, /143.*52\.69\.227\.39/],
  ['connect_timeout', /143.*52\.69\.227\.39/, /firewall.*52\.69\.227\.39/],
  ['host_unreachable', /52\.69\.227\.39/, /52\.69\.227\.39/],
  ['tls_not_spoken', /993.*「なし」/, /993.*"none"/],
  ['tls_failed', /TLS 1\.2/, /TLS 1\.2/],
  ['certificate_self_signed', /mail\.example\.co\.jp.*自己署名/, /self-signed/],
  ['certificate_untrusted', /Example CA.*中間証明書/, /Example CA.*intermediate/],
  ['certificate_expired', /2025年1月1日/, /1 January 2025/],
  ['certificate_not_yet_valid', /2024年1月1日/, /1 January 2024/],
  [
    'certificate_wrong_name',
    /mail\.example\.co\.jp.*imap\.example\.co\.jp/,
    /mail\.example\.co\.jp.*imap\.example\.co\.jp/,
  ],
  ['no_greeting', /IMAP.*52\.69\.227\.39/, /IMAP.*52\.69\.227\.39/],
  ['tls_expected', /「SSL」/, /"SSL"/],
  ['closed_at_greeting', /52\.69\.227\.39/, /52\.69\.227\.39/],
  ['refused_at_greeting', /52\.69\.227\.39/, /52\.69\.227\.39/],
  ['other_protocol', /「POP3」/, /POP3/],
  ['not_a_mail_server', /IMAPサーバーではありません/, /not a server for IMAP/],
  ['login_failed', /HRBCのパスワードではなく/, /not the one of HRBC/],
  ['login_disabled', /「SSL」/, /"SSL"/],
  ['login_method_unknown', /管理者/, /whoever runs/],
  ['credentials_not_allowed', /改行/, /line ends/],
  ['server_busy', /ほかのメールソフト/, /another mail program/],
  ['server_unavailable', /一時的/, /temporarily/],
  ['inbox_missing', /INBOX/, /no INBOX/],
  ['inbox_refused', /INBOX/, /INBOX/],
  ['connection_lost', /切れました/, /lost/],
  ['timeout', /時間/, /too long/],
  ['protocol_error', /IMAPの規則/, /rules of IMAP/],
];

describe('failureText', () => {
  it.each(table)('says for %s what to do, in both languages', (code, ja, en) => {
    const text = failureText(code, facts);
    expect(text.ja).toMatch(ja);
    expect(text.en).toMatch(en);
    expect(text.ja + text.en).not.toContain('undefined');
  });
});
