import type { StepFacts } from './step-facts.js';

/** The words that texts are put together from. */
export const protocolName = ({ protocol }: StepFacts): string => (protocol === 'pop3' ? 'POP3' : 'IMAP');
export const otherProtocolName = ({ protocol }: StepFacts): string => (protocol === 'pop3' ? 'IMAP' : 'POP3');
export const usualPort = ({ protocol }: StepFacts): number => (protocol === 'pop3' ? 110 : 143);
export const usualTlsPort = ({ protocol }: StepFacts): number => (protocol === 'pop3' ? 995 : 993);

export const certificateNames = ({ certificate }: StepFacts): string => certificate?.names.join(', ') || '-';

/** The day in Japan, as it is written there. */
export function japaneseDay(date: Date | undefined): string {
  return date ? new Intl.DateTimeFormat('ja-JP', { dateStyle: 'long', timeZone: 'Asia/Tokyo' }).format(date) : '-';
}

/** The day in Japan, in English. */
export function englishDay(date: Date | undefined): string {
  return date ? new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Asia/Tokyo' }).format(date) : '-';
}
