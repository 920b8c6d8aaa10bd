import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, type Model, Schema } from 'mongoose';
import { CompanyKeys, type DataKey } from './company-keys.js';
import { sealedBoxSchema } from './key-document.js';
import { openBox, seal, type SealedBox } from './sealed-box.js';

interface CredentialDocument {
  readonly _id: string;
  readonly company: string;
  readonly ref: string;
  readonly dataKeyId: string;
  readonly box: SealedBox;
  readonly storedAt: Date;
  /** The stream whose events may name it, until one was found to; null: something else looks after it. */
  readonly awaits: string | null;
}

const schema = new Schema<CredentialDocument>(
  {
    _id: { type: String, required: true },
    company: { type: String, required: true, index: true },
    ref: { type: String, required: true },
    dataKeyId: String,
    box: sealedBoxSchema,
    storedAt: Date,
    awaits: { type: String, default: null, index: true },
  },
  { collection: 'credentials', versionKey: false },
);

/** A credential, without its content, of which it is not known yet whether an event names it. */
export interface UnsettledCredential {
  readonly company: string;
  readonly ref: string;
  readonly stream: string;
}

const idOf = (company: string, ref: string): string => `${company}|${ref}`;
const placeOf = (company: string, ref: string): string => `${company}|${ref}|credential`;

/**
 * Passwords, tokens and client secrets: sealed under the company's data key, in a collection that no rebuild
 * touches. Events name them by `ref` only, a UUID the caller draws, and they are stored before the event that names
 * them: a crash in between leaves an orphan (`unsettled`), never an event without its credential.
 */
@Injectable()
export class CredentialVault implements OnModuleInit {
  private readonly documents: Model<CredentialDocument>;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly keys: CompanyKeys,
  ) {
    this.documents = connection.model<CredentialDocument>('Credential', schema);
  }

  async onModuleInit(): Promise<void> {
    await this.documents.createIndexes();
  }

  /**
   * Stores the secret under `ref`; doing it again changes nothing, another secret takes the place of the first.
   * @param awaits the stream whose events may name it; null where something else destroys it in time
   */
  async put(company: string, ref: string, secret: object, awaits: string | null): Promise<void> {
    const content = { ...(await this.sealed(company, ref, secret)), awaits };
    await this.documents.updateOne({ _id: idOf(company, ref) }, { $set: content }, { upsert: true });
  }

  /**
   * Stores the secret in the place of the one that is there: for rotated tokens. False, and nothing stored, when
   * there is none any more: a rotation that comes late does not bring back what was destroyed.
   */
  async replace(company: string, ref: string, secret: object): Promise<boolean> {
    const content = await this.sealed(company, ref, secret);
    return (await this.documents.updateOne({ _id: idOf(company, ref) }, { $set: content })).matchedCount > 0;
  }

  /** The secret; null when it, or the company's key, was destroyed or never was. */
  async open<T extends object>(company: string, ref: string): Promise<T | null> {
    const document = await this.documents.findById(idOf(company, ref)).lean<CredentialDocument>().exec();
    if (document === null) return null;
    const dataKey = await this.keys.find(company);
    if (dataKey === null) return null;
    return JSON.parse(openBox(dataKey.key, document.box, placeOf(company, ref)).toString()) as T;
  }

  /** Destroys the secret; without one nothing happens. */
  async destroy(company: string, ref: string): Promise<void> {
    await this.documents.deleteOne({ _id: idOf(company, ref) });
  }

  /** Destroys every secret of the company and its data key, for good. */
  async destroyCompany(company: string): Promise<void> {
    await this.keys.destroy(company);
    await this.documents.deleteMany({ company });
  }

  /** Credentials stored before the given instant of which nobody has said yet that an event names them. */
  async *unsettled(storedBefore: Date): AsyncIterable<UnsettledCredential> {
    const old = this.documents.find({ awaits: { $gt: '' }, storedAt: { $lt: storedBefore } }, { box: 0 });
    for await (const { company, ref, awaits } of old.lean().cursor()) {
      if (awaits !== null) yield { company, ref, stream: awaits };
    }
  }

  /** An event names it: from now on events decide about its end. */
  async settle(company: string, ref: string): Promise<void> {
    await this.documents.updateOne({ _id: idOf(company, ref) }, { $set: { awaits: null } });
  }

  private async sealed(
    company: string,
    ref: string,
    secret: object,
  ): Promise<Omit<CredentialDocument, '_id' | 'awaits'>> {
    const { id: dataKeyId, key }: DataKey = await this.keys.obtain(company);
    const box = seal(key, Buffer.from(JSON.stringify(secret)), placeOf(company, ref));
    return { company, ref, dataKeyId, box, storedAt: new Date() };
  }
}
