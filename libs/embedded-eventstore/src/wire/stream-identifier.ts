import { ALL_STREAMS } from '../store/append-signal.js';
import { shared } from './stubs.js';

/** A stream's name as the protocol carries it: UTF-8 bytes. */
export function streamIdentifier(name: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(name, 'utf8'));
}

/** A stream's name from the protocol. @throws RangeError when it is missing or empty */
export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
  if (name.trim() === '') throw new RangeError('A stream name is required');
  return name;
}

/** A stream's name for writing. @throws RangeError for names no stream can have */
export function writableStreamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  const name = streamNameOf(identifier);
  if (name === ALL_STREAMS || name === '$$') throw new RangeError(`'${name}' cannot be written`);
  return name;
}
