import { randomBytes, randomInt } from 'node:crypto';
import type { Cell } from './cell.js';
import { objectId } from './make-cell.js';

const machine = randomBytes(5);
let counter = randomInt(0x1000000);

/** A new ObjectId: seconds since 1970, five random bytes of this process, a counter (BSON specification, ObjectId). */
export function newObjectId(): Cell {
  const bytes = Buffer.allocUnsafe(12);
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
  machine.copy(bytes, 4);
  counter = (counter + 1) % 0x1000000;
  bytes.writeUIntBE(counter, 9, 3);
  return objectId(bytes);
}
