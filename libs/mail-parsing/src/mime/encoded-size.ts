import { base64Size } from './base64.js';
import { decodeTransfer, type TransferEncoding } from './transfer-encoding.js';

/** Bytes that decoding would give; large attachments (base64) are counted without being decoded. */
export function encodedSize(bytes: Buffer, encoding: TransferEncoding): number {
  return encoding === 'base64' ? base64Size(bytes) : decodeTransfer(bytes, encoding).length;
}
