import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';

/**
 * The kinds of values that environment variables have. Every message says in both languages what is expected and
 * never repeats the value, because some values are secrets.
 */
const expected = (ja: string, en: string): { error: string } => ({ error: `${ja} / ${en}` });

export const wholeNumber = (min: number, max: number) => {
  const message = expected(`${min}〜${max}の整数を指定してください`, `must be a whole number from ${min} to ${max}`);
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

export const flag = z
  .enum(['true', 'false'], expected('true または false を指定してください', 'must be true or false'))
  .transform((value) => value === 'true');

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, expected(`${values.join('、')} のいずれかを指定してください`, `must be one of ${values.join(', ')}`));

/** A URL of one of these schemes, as it is. */
export const urlOf = (...schemes: readonly string[]) => {
  const forms = schemes.map((scheme) => `${scheme}://…`).join(', ');
  return z
    .string()
    .refine(
      (value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value),
      expected(`${forms} の形式で指定してください`, `must be a URL of the form ${forms}`),
    );
};

/** A base that paths are appended to: kept without a slash at its end. */
export const baseUrl = urlOf('http', 'https')
  .refine(
    (value) => !/[?#]/.test(value),
    expected('? や # を含まないURLを指定してください', 'must be a URL without ? or #'),
  )
  .transform((value) => value.replace(/\/+$/, ''));

/** The same for where access tokens go: they never travel in the open. */
export const secureBaseUrl = urlOf('https').pipe(baseUrl);

export const text = z
  .string()
  .regex(/^[^\p{Cc}]+$/u, expected('制御文字を含められません', 'must not contain control characters'));

/** A calendar day, `YYYY-MM-DD`. Which instants belong to it (Japan time) is for its users to say. */
export const day = z.iso.date(
  expected('YYYY-MM-DD 形式の日付を指定してください', 'must be a date of the form YYYY-MM-DD'),
);

const commaSeparated = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const addresses = commaSeparated.refine(
  (list) => list.length > 0 && list.every((address) => isIP(address) !== 0),
  expected('IPアドレスをカンマ区切りで指定してください', 'must be IP addresses separated by commas'),
);

/** Origins of web pages (RFC 6454); `:*` in place of a port stands for any. */
export const origins = commaSeparated.refine(
  (list) => list.every((origin) => /^https?:\/\/[A-Za-z0-9.-]{1,253}(:(\d{1,5}|\*))?$/.test(origin)),
  expected(
    'https://host[:port] の形式のオリジンをカンマ区切りで指定してください',
    'must be origins of the form https://host[:port] separated by commas',
  ),
);

/** Host names, addresses, or networks in CIDR notation (RFC 4632, RFC 4291 2.3). */
export const hosts = commaSeparated.refine(
  (list) => list.every((host) => /^[A-Za-z0-9:._-]{1,253}(\/\d{1,3})?$/.test(host)),
  expected(
    'ホスト名・IPアドレス・CIDRをカンマ区切りで指定してください',
    'must be host names, addresses or CIDR networks separated by commas',
  ),
);

export const mailAddress = z
  .string()
  .regex(
    /^[\w.+-]{1,40}@[\w-]+(\.[\w-]+)+$/,
    expected('メールアドレスを指定してください', 'must be a mail address in ASCII'),
  );

/** Each mail gets a sender address of its own: `+` and 39 characters more, where 64 are allowed (RFC 5321, 4.5.3.1.1). */
export const bounceAddress = mailAddress.refine(
  (value) => value.indexOf('@') <= 24,
  expected('@より前を24文字以内にしてください', 'must have at most 24 characters before the @'),
);

/** A mailbox with the login to it. */
export const mailboxUrl = urlOf('imap', 'imaps').refine(
  (value) => URL.canParse(value) && new URL(value).username !== '' && new URL(value).password !== '',
  expected('imaps://user:password@host の形式で指定してください', 'must be of the form imaps://user:password@host'),
);

/** What signs the mail that leaves by HRBC's own server (RFC 6376, 3.6.2.1). */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

export const dkimKey = z.string().transform((value, context): DkimKey => {
  const [domain = '', selector = '', key = '', ...rest] = value.split(':');
  const privateKey = rest.length === 0 && domain !== '' && selector !== '' ? pemOf(Buffer.from(key, 'base64')) : null;
  if (privateKey !== null) return { domain, selector, privateKey };
  const message = expected(
    'ドメイン:セレクタ:秘密鍵(PKCS#8 DERのbase64) の形式で指定してください',
    'must be domain:selector:key, the key being PKCS#8 (DER) in base64',
  ).error;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** null: not a private key. */
function pemOf(der: Buffer): string | null {
  try {
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return key.export({ format: 'pem', type: 'pkcs8' }).toString();
  } catch {
    return null; // OpenSSL's reasons could repeat parts of the key
  }
}

/** A key that wraps the data keys of companies; the id is stored beside everything it has wrapped. */
export interface CredentialKey {
  readonly id: string;
  /** 32 bytes, for AES-256. */
  readonly key: Buffer;
}

const CREDENTIAL_KEY = /^(?<id>[A-Za-z0-9._-]{1,64}):(?<key>[A-Za-z0-9+/]{43}=)$/;

export const credentialKeys = commaSeparated
  .refine(
    (list) => list.length > 0 && list.every((entry) => CREDENTIAL_KEY.test(entry)),
    expected(
      'id:鍵(32バイトのbase64)をカンマ区切りで指定してください',
      'must be id:key pairs separated by commas, each key being 32 bytes in base64',
    ),
  )
  .transform((list) => list.map(toCredentialKey))
  .refine(
    (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
    expected('鍵のidが重複しています', 'must not name the same key id twice'),
  );

function toCredentialKey(entry: string): CredentialKey {
  const [id = '', key = ''] = entry.split(':');
  return { id, key: Buffer.from(key, 'base64') };
}
