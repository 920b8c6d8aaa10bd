import type { Socket } from 'node:net';
import { type ScriptedServer, scriptedServer } from './scripted-server.js';

export interface FakeImapMail {
  readonly uid: number;
  readonly source: Buffer;
  /** As it stands between quotes; default: 2 March 2024. */
  readonly internalDate?: string;
  /** What RFC822.SIZE claims; default: the truth. */
  readonly size?: number;
}

/** Answers a command itself and gives true, or leaves it to the server. */
export type Intervention = (command: string, tag: string, socket: Socket, connection: number) => boolean;

export interface FakeImapOptions {
  /** Mails by ascending UID; may be changed between two connections. */
  readonly inbox: { uidValidity: number; uidNext?: number; mails: readonly FakeImapMail[] };
  readonly greeting?: string;
  readonly intervene?: Intervention;
}

/**
 * An IMAP server for what no decent one does. It knows what a reader asks and no more; whatever a test wants to go
 * wrong, `intervene` does.
 */
export function fakeImapServer({
  inbox,
  greeting = '* OK hello',
  intervene,
}: FakeImapOptions): Promise<ScriptedServer> {
  let connections = 0;
  const numbers = new WeakMap<Socket, number>();
  return scriptedServer({
    onConnect: (socket) => {
      numbers.set(socket, ++connections);
      socket.write(`${greeting}\r\n`);
    },
    onLine: (line, socket) => {
      const [, tag = '', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      if (intervene?.(command, tag, socket, numbers.get(socket) ?? 0)) return;
      for (const answer of answersTo(command, inbox)) socket.write(answer);
      socket.write(`${tag} OK done\r\n`);
      if (command === 'LOGOUT') socket.end();
    },
  });
}

/** The answer to one FETCH of a mail, with what was asked for. */
export function fetchAnswer(mail: FakeImapMail, command: string, sequence = 1): Buffer {
  const items = [`UID ${mail.uid}`];
  if (command.includes('INTERNALDATE')) {
    items.push(`INTERNALDATE "${mail.internalDate ?? ' 2-Mar-2024 09:00:00 +0900'}"`);
  }
  if (command.includes('RFC822.SIZE')) items.push(`RFC822.SIZE ${mail.size ?? mail.source.length}`);
  const text = `* ${sequence} FETCH (${items.join(' ')}`;
  if (command.includes('HEADER.FIELDS')) {
    const header = mail.source.subarray(0, mail.source.indexOf('\r\n\r\n') + 4);
    return literal(`${text} BODY[HEADER.FIELDS (RECEIVED DATE)]`, header);
  }
  return command.includes('BODY.PEEK[]') ? literal(`${text} BODY[]`, mail.source) : Buffer.from(`${text})\r\n`);
}

export function wantedBy(command: string, mails: readonly FakeImapMail[]): FakeImapMail[] {
  const [, set = ''] = /^UID FETCH (\S+)/.exec(command) ?? [];
  const highest = mails.at(-1)?.uid ?? 0;
  return mails.filter(({ uid }) =>
    set.split(',').some((range) => {
      const [from, to] = range.split(':').map((end) => (end === '*' ? highest : Number(end)));
      const [low, high] = [Math.min(from ?? 0, to ?? from ?? 0), Math.max(from ?? 0, to ?? from ?? 0)];
      return uid >= low && uid <= high;
    }),
  );
}

function answersTo(command: string, inbox: FakeImapOptions['inbox']): (string | Buffer)[] {
  if (command === 'CAPABILITY') return ['* CAPABILITY IMAP4rev1\r\n'];
  if (command.startsWith('LIST')) return ['* LIST () "/" INBOX\r\n'];
  if (command.startsWith('EXAMINE')) {
    const uidNext = inbox.uidNext ?? (inbox.mails.at(-1)?.uid ?? 0) + 1;
    return [
      `* ${inbox.mails.length} EXISTS\r\n`,
      `* OK [UIDVALIDITY ${inbox.uidValidity}] fine\r\n`,
      `* OK [UIDNEXT ${uidNext}] fine\r\n`,
    ];
  }
  if (command.startsWith('UID FETCH')) return wantedBy(command, inbox.mails).map((mail) => fetchAnswer(mail, command));
  return [];
}

function literal(before: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${before} {${bytes.length}}\r\n`), bytes, Buffer.from(')\r\n')]);
}
