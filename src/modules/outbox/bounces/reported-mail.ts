import { type ReportedRecipient } from '@libs/mail-parsing';

/** What a report says of one recipient of a mail. */
export interface Reported {
  /** Place in the mail's list; null: the report does not say who. */
  readonly recipient: number | null;
  readonly action: 'failed' | 'delayed';
  readonly status: string | null;
}

/**
 * Whom of a mail's recipients a report tells of (pure). Reports also name addresses to which somebody forwards, and
 * those of postmasters; where one of the mail's own is among them, the others do not count. Where none is, it is the
 * only recipient that the mail has, or nobody can say who.
 */
export function reportedOf(reported: readonly ReportedRecipient[], recipients: readonly string[]): Reported[] {
  const places = new Map(recipients.map((address, place) => [comparable(address), place]));
  const known = reported.flatMap(({ addresses, action, status }) => {
    const place = addresses.map((address) => places.get(comparable(address))).find((found) => found !== undefined);
    return place === undefined ? [] : [{ recipient: place, action, status }];
  });
  if (known.length > 0) return known;
  const worst = reported.find(({ action }) => action === 'failed') ?? reported[0];
  if (worst === undefined) return [];
  return [{ recipient: recipients.length === 1 ? 0 : null, action: worst.action, status: worst.status }];
}

/** Old carrier addresses stand in quotes in SMTP, and without them where people write them. */
const comparable = (address: string): string => address.toLowerCase().replace(/^"(.*)"@/, '$1@');
