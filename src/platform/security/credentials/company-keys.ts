import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { createHmac, randomUUID } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import { rejectForgotten } from './credentials.errors.js';
import { isDuplicateKey } from './duplicate-key.js';
import { KeyCache } from './key-cache.js';
import { wrappedKeySchema } from './key-document.js';
import { KeyRing, type WrappedKey } from './key-ring.js';
import { newKey } from './sealed-box.js';

interface CompanyKeyDocument {
  readonly _id: string;
  /** Stored beside everything the key has sealed. */
  readonly dataKeyId: string;
  /** Absent: destroyed. The document stays as a tombstone, so that no instance makes a new key in its place. */
  readonly wrapped?: WrappedKey;
  readonly createdAt: Date;
  readonly destroyedAt?: Date;
}

const schema = new Schema<CompanyKeyDocument>(
  {
    _id: { type: String, required: true },
    dataKeyId: String,
    wrapped: wrappedKeySchema,
    createdAt: Date,
    destroyedAt: Date,
  },
  { collection: 'company_keys', versionKey: false },
);

export interface DataKey {
  readonly id: string;
  readonly key: Buffer;
}

const placeOf = (company: string): string => `${company}|company-key`;

/**
 * One data key per company, wrapped by the CREDENTIAL_KEYS. Everything secret or personal of a company hangs on it:
 * destroying it makes all of that unreadable, in old backups of other collections too. Instances keep unwrapped keys
 * for half a minute, so a destruction is complete everywhere after that.
 */
@Injectable()
export class CompanyKeys {
  private readonly documents: Model<CompanyKeyDocument>;
  private readonly cache = new KeyCache<DataKey>(1_000, 30_000);

  constructor(
    @InjectConnection() connection: Connection,
    private readonly ring: KeyRing,
  ) {
    this.documents = connection.model<CompanyKeyDocument>('CompanyKey', schema);
  }

  /**
   * The company's key, made on first use; instances that make it at once end with the same one. Rejects with
   * `company_forgotten` when it was destroyed; throws a CredentialKeyError when CREDENTIAL_KEYS does not fit.
   */
  async obtain(company: string): Promise<DataKey> {
    const cached = this.cache.get(company);
    if (cached !== undefined) return cached;
    const document = (await this.read(company)) ?? (await this.make(company));
    const key = this.unwrap(document);
    if (key === null) throw rejectForgotten('company_forgotten');
    return key;
  }

  /** The company's key; null when it has none, or none any more. */
  async find(company: string): Promise<DataKey | null> {
    const cached = this.cache.get(company);
    if (cached !== undefined) return cached;
    const document = await this.read(company);
    return document === null ? null : this.unwrap(document);
  }

  /**
   * A fingerprint of a text (HMAC-SHA-256, base64url) that only this company's key gives: equal texts show as equal,
   * and nobody can find a short secret in them by trying. Another `purpose` gives another fingerprint.
   */
  async mac(company: string, purpose: string, text: string): Promise<string> {
    const { key } = await this.obtain(company);
    const purposeKey = createHmac('sha256', key).update(`${company}|${purpose}|mac`).digest();
    return createHmac('sha256', purposeKey).update(text).digest('base64url');
  }

  /** Destroys the key for good: this company never gets another one. */
  async destroy(company: string): Promise<void> {
    const now = new Date();
    await this.documents.updateOne(
      { _id: company },
      { $unset: { wrapped: 1 }, $set: { destroyedAt: now }, $setOnInsert: { dataKeyId: randomUUID(), createdAt: now } },
      { upsert: true },
    );
    this.cache.delete(company);
  }

  /**
   * Wraps every key anew that an older one of the CREDENTIAL_KEYS has wrapped, so that the older one can be taken
   * away afterwards. Returns how many; safe to run at any time, in several instances at once.
   */
  async rewrap(): Promise<number> {
    let count = 0;
    const older = { 'wrapped.keyId': { $exists: true, $ne: this.ring.currentKeyId } };
    for await (const { _id, wrapped } of this.documents.find(older).lean().cursor()) {
      if (wrapped === undefined) continue;
      const anew = this.ring.wrap(this.ring.unwrap(wrapped, placeOf(_id)), placeOf(_id));
      // Only over what was read: a key destroyed in between stays destroyed.
      const unchanged = { _id, 'wrapped.tag': wrapped.tag };
      count += (await this.documents.updateOne(unchanged, { $set: { wrapped: anew } })).modifiedCount;
    }
    return count;
  }

  private read(company: string): Promise<CompanyKeyDocument | null> {
    return this.documents.findById(company).lean<CompanyKeyDocument>().exec();
  }

  private async make(company: string): Promise<CompanyKeyDocument> {
    try {
      await this.documents.create({
        _id: company,
        dataKeyId: randomUUID(),
        wrapped: this.ring.wrap(newKey(), placeOf(company)),
        createdAt: new Date(),
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const made = await this.read(company);
    if (made === null) throw new Error('A company key is gone right after it was made.');
    return made;
  }

  private unwrap({ _id, dataKeyId, wrapped }: CompanyKeyDocument): DataKey | null {
    if (wrapped === undefined) return null;
    const key = { id: dataKeyId, key: this.ring.unwrap(wrapped, placeOf(_id)) };
    this.cache.set(_id, key);
    return key;
  }
}
