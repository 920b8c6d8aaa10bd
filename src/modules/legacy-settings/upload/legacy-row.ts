import { startOfJapanDay } from '../../user-mail-setting/index.js';
import { z } from 'zod';
import { FILLED_COLUMNS } from './legacy-columns.js';
import { type UploadRecord } from './upload-record.js';
import { reject } from '../legacy-settings.errors.js';

const NO_CONTROLS = /^[^\p{Cc}]*$/u;
const text = (most: number) => z.string().trim().min(1).max(most).regex(NO_CONTROLS);
const oneOf = <Value extends string>(meanings: Readonly<Record<string, Value>>) =>
  z.string().transform((typed, context) => {
    const meaning = new Map(Object.entries(meanings)).get(typed.trim().toLowerCase());
    if (meaning !== undefined) return meaning;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });

/** An old setting as the upload tells it, all but its password. */
const legacyRow = z.object({
  userId: text(100),
  address: z.string().trim().max(320).pipe(z.email()),
  protocol: oneOf({ imap: 'imap', imap4: 'imap', pop3: 'pop3', pop: 'pop3' }),
  security: oneOf({ none: 'none', なし: 'none', ssl: 'ssl', tls: 'ssl', 'ssl/tls': 'ssl' }),
  host: text(253).regex(/^[\p{L}\p{N}._:[\]-]+$/u).toLowerCase(), // prettier-ignore
  port: z.string().trim().regex(/^\d{1,5}$/).transform(Number).pipe(z.int().min(1).max(65_535)), // prettier-ignore
  accountName: text(320),
  registeredAt: z.string().transform((typed, context) => {
    const instant = instantOf(typed.trim());
    if (instant !== null) return instant;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  shareByDefault: oneOf({ true: 'yes', '1': 'yes', false: 'no', '0': 'no' }).transform((typed) => typed === 'yes'),
  importSince: z
    .string()
    .trim()
    .transform((day) => (day === '' ? null : day))
    .refine((day) => day === null || startOfJapanDay(day) !== null)
    .prefault(''),
});
export type LegacyRow = z.output<typeof legacyRow>;

/**
 * The old setting on this line, which has to be the company's. Its password is not looked at: it is asked for
 * (`passwordOf`) only where it is needed.
 */
export function toLegacyRow({ values }: UploadRecord, company: string): LegacyRow {
  const value = (column: string): string | undefined => values.get(column.toLowerCase());
  for (const column of FILLED_COLUMNS) {
    if ((value(column) ?? '').trim() === '') throw reject('legacy_value_missing', { column });
  }
  if (value('companyId')?.trim() !== company) throw reject('legacy_other_company');
  const typed = Object.fromEntries(Object.keys(legacyRow.shape).map((column) => [column, value(column)]));
  const parsed = legacyRow.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw reject('legacy_value_invalid', { column: String(parsed.error.issues[0]?.path[0]) });
}

/** The password of an account that is to be used as it is; kept as typed, blanks included. */
export function passwordOf({ values }: UploadRecord): string {
  const password = values.get('password') ?? '';
  if (password === '') throw reject('legacy_value_missing', { column: 'password' });
  if (password.length > 1_024 || /[\0\r\n]/.test(password))
    throw reject('legacy_value_invalid', { column: 'password' });
  return password;
}

/**
 * An instant in RFC 3339 with its offset, or as spreadsheets write dates and times, which are then Japan's:
 * `2020-08-11`, `2020/8/11`, `2020/8/11 23:59`, `2020-08-11 23:59:59`. Answers it in UTC; null: it is none.
 */
function instantOf(typed: string): string | null {
  if (/([zZ]|[+-]\d{2}:\d{2})$/.test(typed)) {
    const rfc3339 = z.iso.datetime({ offset: true }).safeParse(typed.replace(' ', 'T'));
    return rfc3339.success ? new Date(rfc3339.data).toISOString() : null;
  }
  const [day = '', time = '', ...rest] = typed.split(/[ T]/);
  const midnight = midnightOf(day);
  const seconds = secondsOf(time);
  if (midnight === null || seconds === null || rest.length > 0) return null;
  return new Date(new Date(midnight).getTime() + seconds * 1_000).toISOString();
}

function midnightOf(day: string): string | null {
  const [year = '', month = '', date = '', ...rest] = day.split(/[-/]/);
  return rest.length > 0 ? null : startOfJapanDay(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`);
}

/** Seconds since midnight; no time is midnight, and null is no time of day. */
function secondsOf(time: string): number | null {
  if (time === '') return 0;
  const parts = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(time);
  return parts && (Number(parts[1]) * 60 + Number(parts[2])) * 60 + Number(parts[3] ?? 0);
}
