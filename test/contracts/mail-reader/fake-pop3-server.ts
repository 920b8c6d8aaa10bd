import type { Socket } from 'node:net';
import { type ScriptedServer, scriptedServer } from './scripted-server.js';

export interface FakePop3Mail {
  readonly id: string;
  readonly source: Buffer;
  /** What LIST claims; default: the truth. */
  readonly size?: number;
}

export interface FakePop3Options {
  /** May be changed between two connections. */
  readonly inbox: { mails: readonly FakePop3Mail[] };
  readonly greeting?: string;
  readonly capabilities?: readonly string[];
  /** Commands that the server does not know. */
  readonly without?: readonly ('UIDL' | 'TOP' | 'CAPA')[];
  /** Answers a command itself and gives true, or leaves it to the server. */
  readonly intervene?: (command: string, socket: Socket) => boolean;
}

/**
 * A POP3 server for what no decent one does. Whatever a test wants to go wrong, `intervene` does; the rest it serves
 * as RFC 1939 says. It knows no DELE.
 */
export function fakePop3Server(options: FakePop3Options): Promise<ScriptedServer> {
  const { inbox, greeting = '+OK hello', intervene } = options;
  return scriptedServer({
    onConnect: (socket) => void socket.write(`${greeting}\r\n`),
    onLine: (line, socket) => {
      if (intervene?.(line, socket)) return;
      socket.write(answerTo(line, options, inbox.mails));
      if (line === 'QUIT') socket.end();
    },
  });
}

/** A text as it goes over the wire: dots stuffed, ended by a line with a dot (RFC 1939, 3). */
export function dotText(source: Buffer): Buffer {
  const text = source.toString('latin1');
  const ended = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
  return Buffer.from(`${ended.replaceAll(/^\./gm, '..')}.\r\n`, 'latin1');
}

function answerTo(line: string, options: FakePop3Options, mails: readonly FakePop3Mail[]): Buffer {
  const [verb = '', number = '0', lines = '0'] = line.split(' ');
  if (options.without?.some((missing) => missing === verb)) return Buffer.from('-ERR unknown command\r\n');
  const mail = mails[Number(number) - 1];
  switch (verb) {
    case 'CAPA':
      return listing(options.capabilities ?? ['TOP', 'UIDL', 'PIPELINING']);
    case 'LIST':
      return listing(mails.map(({ source, size }, index) => `${index + 1} ${size ?? source.length}`));
    case 'UIDL':
      return listing(mails.map(({ id }, index) => `${index + 1} ${id}`));
    case 'STAT':
      return Buffer.from(`+OK ${mails.length} 1000\r\n`);
    case 'TOP':
    case 'RETR':
      if (!mail) return Buffer.from('-ERR no such message\r\n');
      return Buffer.concat([
        Buffer.from('+OK\r\n'),
        dotText(verb === 'TOP' ? top(mail.source, Number(lines)) : mail.source),
      ]);
    case 'USER':
    case 'PASS':
    case 'QUIT':
    case 'NOOP':
      return Buffer.from('+OK\r\n');
    default:
      return Buffer.from('-ERR unknown command\r\n');
  }
}

/** The header, the empty line, and so many lines of the body (RFC 1939, 7). */
function top(source: Buffer, lines: number): Buffer {
  const text = source.toString('latin1');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n').split(/(?<=\r\n)/);
  return Buffer.from(`${head}\r\n\r\n${body.slice(0, lines).join('')}`, 'latin1');
}

function listing(lines: readonly string[]): Buffer {
  return Buffer.from(['+OK', ...lines, '.', ''].join('\r\n'), 'latin1');
}
