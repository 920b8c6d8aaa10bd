import { type shared } from './stubs.js';

/** An event or correlation id: 16 bytes as stored, and the canonical lower-case text as sent. */
export interface Uuid {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads the protocol's UUID message, which comes either as text or as two signed 64-bit halves (most significant first).
 * @throws RangeError when it is missing or is not a UUID
 */
export function readUuid(message: shared.UUID | undefined): Uuid {
  const structured = message?.getStructured();
  if (structured !== undefined) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
    bytes.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
    return { bytes, text: uuidText(bytes) };
  }
  const text = message?.getString() ?? '';
  if (!CANONICAL.test(text)) throw new RangeError(`'${text}' is not a UUID`);
  return { bytes: Buffer.from(text.replaceAll('-', ''), 'hex'), text: text.toLowerCase() };
}

/** 16 bytes as canonical text. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
