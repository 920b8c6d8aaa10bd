import type { MailAccount } from '../../../src/gateways/mail-account.js';
import { Pop3MailReader } from '../../../src/gateways/pop3/pop3-mail-reader.js';
import { defaultReaderLimits, type ReaderLimits } from '../../../src/gateways/reader-limits.js';
import type { FakePop3Mail } from './fake-pop3-server.js';
import type { pass } from './passes.js';
import { DAY_AFTER, sampleMail } from './sample-mails.js';
import type { ScriptedServer } from './scripted-server.js';

export const account: MailAccount = {
  protocol: 'pop3',
  security: 'none',
  host: '127.0.0.1',
  port: 0,
  accountName: 'taro',
  password: 'never to be seen',
};

/** So many mails, each with a UIDL of its own. */
export function inboxOf(count: number): { mails: readonly FakePop3Mail[] } {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return { mails: numbers.map((n) => ({ id: `id${n}`, source: sampleMail(`mail ${n}`, DAY_AFTER).source })) };
}

/** A reader of the scripted server. */
export function readerOf(server: ScriptedServer, limits: Partial<ReaderLimits> = {}): Pop3MailReader {
  const network = { allowedPrivate: [server.host] };
  return new Pop3MailReader({ ...account, port: server.port }, network, { ...defaultReaderLimits, ...limits });
}

/** The mails as they were yielded, byte for byte. */
export function sources(batches: Awaited<ReturnType<typeof pass>>): string[] {
  return batches.flatMap((batch) => batch.mails.map(({ source }) => source.toString('latin1')));
}
