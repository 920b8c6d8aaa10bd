import { Schema } from 'mongoose';
import { type WrappedKey } from './key-ring.js';
import { type SealedBox } from './sealed-box.js';

const boxFields = { algorithm: String, iv: String, tag: String, ciphertext: String };

/** Mongoose schema of a SealedBox inside a document. */
export const sealedBoxSchema = new Schema<SealedBox>(boxFields, { _id: false });

/** Mongoose schema of a WrappedKey inside a document. */
export const wrappedKeySchema = new Schema<WrappedKey>({ keyId: String, ...boxFields }, { _id: false });
