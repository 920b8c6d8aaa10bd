import type { GatewayError } from '../../../src/gateways/gateway.errors.js';
import type { Cursor, MailBatch, MailReader } from '../../../src/gateways/mail-reader.port.js';
import { SINCE } from './sample-mails.js';

/** What is asked of a reader in these suites. */
export function request(cursor: Cursor | null, signal = new AbortController().signal) {
  return { cursor, since: SINCE, signal };
}

/** One pass, to its end. */
export async function pass(reader: MailReader, cursor: Cursor | null = null): Promise<MailBatch[]> {
  const batches: MailBatch[] = [];
  for await (const batch of reader.changesSince(request(cursor))) batches.push(batch);
  return batches;
}

/** In the order in which they were yielded. */
export function subjects(batches: readonly MailBatch[]): string[] {
  const subject = (source: Buffer): string => /^Subject: (.*)\r$/m.exec(source.toString('latin1'))?.[1] ?? '';
  return batches.flatMap((batch) => batch.mails.map((mail) => subject(mail.source)));
}

/** The one to go on behind, as it comes back from an event. */
export function lastCursor(batches: readonly MailBatch[]): Cursor {
  const cursor = batches.at(-1)?.cursor;
  if (!cursor) throw new Error('a pass yields at least one batch');
  return throughJson(cursor);
}

export function failureOf(error: unknown): GatewayError['failure'] {
  return (error as GatewayError).failure;
}

/** Cursors are stored in events: what comes back from JSON must do. */
export function throughJson(cursor: Cursor): Cursor {
  return JSON.parse(JSON.stringify(cursor)) as Cursor;
}
