import Encoding from 'encoding-japanese';

/** A mail for a sample mailbox. */
export interface SampleMail {
  readonly source: Buffer;
  readonly receivedAt: Date;
}

interface Draft {
  readonly daysAgo: number;
  readonly from: string;
  readonly subject: string;
  readonly body: string;
}

const DAY_MS = 86_400_000;

const DRAFTS: readonly Draft[] = [
  {
    daysAgo: 40,
    from: '佐藤 一郎 <sato@customer.example>',
    subject: '求人票のご確認のお願い',
    body: 'お世話になっております。株式会社サンプル商事の佐藤です。\n営業職の求人票をお送りします。ご確認ください。',
  },
  {
    daysAgo: 20,
    from: '鈴木 美咲 <suzuki@candidate.example>',
    subject: '面談日程について（第二希望まで）',
    body: '面談の件、来週の火曜 10時〜12時、または木曜の午後でお願いできますでしょうか。',
  },
  {
    daysAgo: 6,
    from: 'Tanaka <tanaka..t.@docomo.example>',
    subject: '①履歴書の送付 ②㈱ポーターズの件',
    body: '履歴書は明日お送りします。\n--\n田中',
  },
  {
    daysAgo: 1,
    from: '経理 <keiri@customer.example>',
    subject: '【重要】ｻﾝﾌﾟﾙ請求書（半角カナ）',
    body: '請求書を添付のとおりお送りします。',
  },
];

/**
 * A few mails as Japanese business mail really looks: half of them in ISO-2022-JP with NEC characters and half-width
 * kana, one with a carrier address that no standard allows, one with an attachment.
 */
export function sampleMails(to: string, now: Date): SampleMail[] {
  return DRAFTS.map((draft, index) => {
    const receivedAt = new Date(now.getTime() - draft.daysAgo * DAY_MS);
    const source = index % 2 === 0 ? inJis(draft, to, receivedAt) : withAttachment(draft, to, receivedAt);
    return { source, receivedAt };
  });
}

function inJis(draft: Draft, to: string, date: Date): Buffer {
  return Buffer.concat([
    Buffer.from(lines(...headers(draft, to, date, jisWord), 'Content-Type: text/plain; charset=ISO-2022-JP', '', '')),
    jis(draft.body.replaceAll('\n', '\r\n')),
    Buffer.from('\r\n'),
  ]);
}

function withAttachment(draft: Draft, to: string, date: Date): Buffer {
  return Buffer.from(
    lines(
      ...headers(draft, to, date, utf8Word),
      'Content-Type: multipart/mixed; boundary="part"',
      '',
      '--part',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: base64',
      '',
      base64(Buffer.from(draft.body)),
      '--part',
      'Content-Type: text/csv; charset=UTF-8',
      `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent('候補者一覧.csv')}`,
      'Content-Transfer-Encoding: base64',
      '',
      base64(Buffer.from('氏名,職種\r\n田中,営業\r\n')),
      '--part--',
      '',
    ),
  );
}

function headers({ from, subject, daysAgo }: Draft, to: string, date: Date, word: (text: string) => string): string[] {
  const [, name = '', address = from] = /^(.*) <(.*)>$/.exec(from) ?? [];
  return [
    `From: ${word(name)} <${address}>`,
    `To: ${to}`,
    `Subject: ${word(subject)}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <sample-${daysAgo}-${to}>`,
    'MIME-Version: 1.0',
  ];
}

const lines = (...all: string[]): string => all.join('\r\n');
const jis = (text: string): Buffer =>
  Buffer.from(Encoding.convert(Encoding.stringToCode(text), { to: 'JIS', from: 'UNICODE' }));
const jisWord = (text: string): string => `=?ISO-2022-JP?B?${jis(text).toString('base64')}?=`;
const utf8Word = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
