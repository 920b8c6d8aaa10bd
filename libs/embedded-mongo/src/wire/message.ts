import { Elements } from '../bson/elements.js';
import type { Cell } from '../bson/cell.js';
import { readDocument } from '../bson/validate-bson.js';
import { MongoFault } from '../mongo-fault.js';

/** MongoDB's limit for one message: 48,000,000 bytes. */
export const MAX_MESSAGE_SIZE = 48_000_000;

const HEADER = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flag bits 0 to 15 must be understood; the exhaust bit 16 only allows something. */
const REQUIRED_BITS = 0xffff;

/** A command as it came over the wire (MongoDB manual, "MongoDB Wire Protocol"). */
export interface Request {
  readonly requestId: number;
  /** The legacy form, in which drivers send their first `ismaster`; it is answered in the legacy form too. */
  readonly isLegacy: boolean;
  /** Whether an answer is awaited; unacknowledged writes want none. */
  readonly wantsReply: boolean;
  readonly body: Cell;
  /** Arrays of documents sent beside the body, such as `documents` of an insert. */
  readonly sequences: ReadonlyMap<string, readonly Cell[]>;
}

const malformed = (what: string): never => {
  throw new MongoFault(17, `malformed message: ${what}`);
};

function zeroTerminated(message: Buffer, at: number): [text: string, end: number] {
  const end = message.indexOf(0, at);
  if (end < 0) malformed('a name without end');
  return [message.toString('utf8', at, end), end + 1];
}

function readSequence(message: Buffer, start: number, limit: number): [name: string, documents: Cell[], end: number] {
  const end = start + message.readInt32LE(start);
  if (end > limit) malformed('a document sequence beyond its message');
  const [name, first] = zeroTerminated(message, start + 4);
  const documents: Cell[] = [];
  for (let at = first; at < end;) {
    const document = readDocument(message, at);
    documents.push(document);
    at = document.end;
  }
  return [name, documents, end];
}

function parseMsg(message: Buffer, requestId: number): Request {
  const flags = message.readUInt32LE(HEADER);
  if ((flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) malformed('unknown required flags');
  const limit = message.length - ((flags & CHECKSUM_PRESENT) !== 0 ? 4 : 0);
  const sequences = new Map<string, readonly Cell[]>();
  let body: Cell | undefined;
  for (let at = HEADER + 4; at < limit;) {
    const kind = message[at];
    if (kind === 0) {
      body = readDocument(message, at + 1);
      at = body.end;
    } else if (kind === 1) {
      const [name, documents, end] = readSequence(message, at + 1, limit);
      sequences.set(name, documents);
      at = end;
    } else {
      malformed(`section kind ${String(kind)}`);
    }
  }
  const wantsReply = (flags & MORE_TO_COME) === 0;
  return { requestId, isLegacy: false, wantsReply, body: body ?? malformed('no body'), sequences };
}

function parseQuery(message: Buffer, requestId: number): Request {
  const [namespace, afterName] = zeroTerminated(message, HEADER + 4);
  if (!namespace.endsWith('.$cmd')) malformed('OP_QUERY is only served for the first handshake');
  const body = readDocument(message, afterName + 8); // behind the numbers to skip and to return
  return { requestId, isLegacy: true, wantsReply: true, body, sequences: new Map() };
}

/** The number by which a reply refers to a message. */
export const requestIdOf = (message: Buffer): number => message.readInt32LE(4);

/** Whether a message is of the legacy kind. */
export const isLegacyMessage = (message: Buffer): boolean => message.readInt32LE(12) === OP_QUERY;

/**
 * Reads one whole message.
 * @throws MongoFault 17 or 22 when it is malformed, 238 when it holds BSON that is not served
 */
export function parseMessage(message: Buffer): Request {
  const [requestId, opCode] = [requestIdOf(message), message.readInt32LE(12)];
  if (opCode === OP_MSG) return parseMsg(message, requestId);
  if (opCode === OP_QUERY) return parseQuery(message, requestId);
  return malformed(`operation code ${String(opCode)} is not served`);
}

let lastRequestId = 0;

function withHeader(opCode: number, responseTo: number, preamble: Buffer, document: Cell): Buffer[] {
  const header = Buffer.allocUnsafe(HEADER);
  header.writeInt32LE(HEADER + preamble.length + document.end - document.start, 0);
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  header.writeInt32LE(lastRequestId, 4);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opCode, 12);
  return [header, preamble, document.bytes];
}

const MSG_PREAMBLE = Buffer.from([0, 0, 0, 0, 0]); // no flags, one section of kind 0
/** Flags, cursor id, starting position, and one document. */
const REPLY_PREAMBLE = Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);

/** The bytes that answer a request, in pieces. */
export const replyTo = (requestId: number, isLegacy: boolean, document: Cell): Buffer[] =>
  isLegacy
    ? withHeader(OP_REPLY, requestId, REPLY_PREAMBLE, document)
    : withHeader(OP_MSG, requestId, MSG_PREAMBLE, document);

/** The name of a command: its first field. */
export function commandName(body: Cell): string {
  const elements = new Elements(body);
  return elements.next() ? elements.name : '';
}
