import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, type Model, Schema } from 'mongoose';
import { CompanyKeys } from './company-keys.js';
import { rejectForgotten } from './credentials.errors.js';
import { GatheredReads } from './gathered-reads.js';
import { isDuplicateKey } from './duplicate-key.js';
import { KeyCache } from './key-cache.js';
import { sealedBoxSchema } from './key-document.js';
import { formatSealedText, parseSealedText } from './sealed-text.js';
import { newKey, openBox, seal, type SealedBox } from './sealed-box.js';

interface PersonalKeyDocument {
  readonly _id: string;
  readonly company: string;
  readonly userId: string;
  readonly dataKeyId?: string;
  /** The person's key under the company's. Absent: destroyed; the document stays as a tombstone. */
  readonly box?: SealedBox;
  readonly createdAt: Date;
  readonly destroyedAt?: Date;
}

const schema = new Schema<PersonalKeyDocument>(
  {
    _id: { type: String, required: true },
    company: { type: String, required: true },
    userId: { type: String, required: true },
    dataKeyId: String,
    box: sealedBoxSchema,
    createdAt: Date,
    destroyedAt: Date,
  },
  { collection: 'personal_keys', versionKey: false },
);

const idOf = (company: string, userId: string): string => `${company}|${userId}`;
const keyPlace = (company: string, userId: string): string => `${company}|${userId}|personal-key`;
const dataPlace = (company: string, userId: string): string => `${company}|${userId}|personal-data`;

/**
 * A key per person, under which events keep what says who somebody is. Destroying it forgets the person and leaves
 * every decision: the stored events, and so their hashes, do not change. A destroyed key is never made again, and
 * other instances use it for at most half a minute more.
 */
@Injectable()
export class PersonalKeys {
  private readonly documents: Model<PersonalKeyDocument>;
  private readonly cache = new KeyCache<Buffer>(10_000, 30_000);
  /** An import, and a read model that is built anew, meet thousands of people side by side. */
  private readonly stored = new GatheredReads<PersonalKeyDocument>(async (ids) => this.readMany(ids));

  constructor(
    @InjectConnection() connection: Connection,
    private readonly companyKeys: CompanyKeys,
  ) {
    this.documents = connection.model<PersonalKeyDocument>('PersonalKey', schema);
  }

  /**
   * The text sealed under the person's key, which is made on first use. The same text gives another seal each time.
   * Rejects with `person_forgotten` or `company_forgotten` when the key was destroyed.
   */
  async seal(company: string, userId: string, plaintext: string): Promise<string> {
    const key = await this.obtain(company, userId);
    return formatSealedText(seal(key, Buffer.from(plaintext), dataPlace(company, userId)));
  }

  /** The text; null when the person's or the company's key was destroyed. Throws when it is not this person's seal. */
  async open(company: string, userId: string, sealed: string): Promise<string | null> {
    const box = parseSealedText(sealed);
    const key = await this.find(company, userId);
    return key === null ? null : openBox(key, box, dataPlace(company, userId)).toString();
  }

  /** Forgets the person, for good. */
  async destroy(company: string, userId: string): Promise<void> {
    const now = new Date();
    await this.documents.updateOne(
      { _id: idOf(company, userId) },
      { $unset: { box: 1 }, $set: { company, userId, destroyedAt: now }, $setOnInsert: { createdAt: now } },
      { upsert: true },
    );
    this.cache.delete(idOf(company, userId));
  }

  private async obtain(company: string, userId: string): Promise<Buffer> {
    const cached = this.cache.get(idOf(company, userId));
    if (cached !== undefined) return cached;
    const document = (await this.read(company, userId)) ?? (await this.make(company, userId));
    const key = await this.unwrap(document);
    if (key === null) throw rejectForgotten('person_forgotten');
    return key;
  }

  private async find(company: string, userId: string): Promise<Buffer | null> {
    const cached = this.cache.get(idOf(company, userId));
    if (cached !== undefined) return cached;
    const document = await this.read(company, userId);
    return document === null ? null : this.unwrap(document);
  }

  private async read(company: string, userId: string): Promise<PersonalKeyDocument | null> {
    return this.stored.read(idOf(company, userId));
  }

  private async readMany(ids: readonly string[]): Promise<Map<string, PersonalKeyDocument>> {
    const found = await this.documents.find({ _id: { $in: [...ids] } }).lean<PersonalKeyDocument[]>().exec(); // prettier-ignore
    return new Map(found.map((document) => [document._id, document]));
  }

  /** Instances that make a key at once end with the one that was inserted first. */
  private async make(company: string, userId: string): Promise<PersonalKeyDocument> {
    const dataKey = await this.companyKeys.obtain(company);
    const fresh: PersonalKeyDocument = {
      _id: idOf(company, userId),
      company,
      userId,
      dataKeyId: dataKey.id,
      box: seal(dataKey.key, newKey(), keyPlace(company, userId)),
      createdAt: new Date(),
    };
    try {
      await this.documents.create(fresh);
      return fresh;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const made = await this.read(company, userId);
    if (made === null) throw new Error('A personal key is gone although it was there a moment ago.');
    return made;
  }

  private async unwrap({ _id, company, userId, box }: PersonalKeyDocument): Promise<Buffer | null> {
    if (box === undefined) return null;
    const dataKey = await this.companyKeys.find(company);
    if (dataKey === null) return null;
    const key = openBox(dataKey.key, box, keyPlace(company, userId));
    this.cache.set(_id, key);
    return key;
  }
}
