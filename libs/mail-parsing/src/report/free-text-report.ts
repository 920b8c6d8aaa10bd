import { type ReportedRecipient } from './delivery-report.js';

/**
 * Reports in words, as qmail, Exim, and the Japanese carriers and hosting services write them: who is meant is what
 * looks like an address, and how bad it is stands in a code or in the words themselves.
 */

/** Where the report ends and the returned mail begins. */
const COPY_BELOW =
  /^[ \t]*(?:-{2,}.{0,40}(?:copy of the message|original message|original mail|below this line|以下は|元のメ).{0,80}|(?:Received|Return-Path|DKIM-Signature):.*)$/im;

const DELAY =
  /\bdelayed\b|\bwill (?:continue|keep|be) (?:to )?(?:try|trying|retried)|still (?:being )?(?:re)?tr(?:y|ied)|not yet been delivered|do not need to resend|配信が遅れ|配送が遅れ|遅延|再送(?:信)?を(?:試|続|行)/i;
const FAILURE =
  /user unknown|unknown user|no such user|mailbox (?:unavailable|is full|full)|unable to deliver|could ?n[o']t be delivered|not (?:be )?delivered|undeliver|delivery (?:has )?failed|permanent (?:fatal )?error|rejected|returned to sender|account is disabled|over quota|配信できません|配送できません|送信できません|届けられません|届きません|見つかりません|存在しません|配信不能|配信エラー|エラーのため/i;

const ADDRESS =
  /[^\s<>()[\]"',:;：「」（）。、]{1,64}@[A-Za-z0-9.-]{1,253}[A-Za-z0-9]|"[^"\s]{1,64}"@[A-Za-z0-9.-]{1,253}[A-Za-z0-9]/g;
const MOST_ADDRESSES = 200;

/**
 * Whom the words of a report tell of, and what; empty: they tell of no failure.
 * @param named  addresses that a header field names outright (Exim's X-Failed-Recipients)
 */
export function recipientsInWords(text: string, named: readonly string[] = []): ReportedRecipient[] {
  const words = text.slice(0, COPY_BELOW.exec(text)?.index);
  const action = actionOf(words, named.length > 0);
  if (action === null) return [];
  const status = statusIn(words);
  const found = named.length > 0 ? named : (words.match(ADDRESS) ?? []).slice(0, MOST_ADDRESSES);
  const addresses = [...new Set(found.map((address) => address.toLowerCase()))];
  if (addresses.length === 0) return [{ addresses: [], action, status }];
  return addresses.map((address) => ({ addresses: [address], action, status }));
}

function actionOf(words: string, isNamedOutright: boolean): ReportedRecipient['action'] | null {
  // A code tells more than words: "will retry" may stand in a report of what was tried and given up.
  const code = statusIn(words) ?? replyIn(words);
  if (code !== null)
    return code.startsWith('5') ? 'failed' : DELAY.test(words) || !FAILURE.test(words) ? 'delayed' : 'failed';
  if (DELAY.test(words)) return 'delayed';
  return isNamedOutright || FAILURE.test(words) ? 'failed' : null;
}

/** RFC 3463. */
const statusIn = (words: string): string | null => /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(words)?.[0] ?? null;

/** RFC 5321, 4.2.1: what the other server said. */
const replyIn = (words: string): string | null => /(?:^|[\s:(])([45][0-5]\d)[ -]\D/m.exec(words)?.[1] ?? null;
