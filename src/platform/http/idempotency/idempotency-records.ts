import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, type Model, Schema } from 'mongoose';
import {
  CompanyKeys,
  isDuplicateKey,
  openBox,
  seal,
  type SealedBox,
  sealedBoxSchema,
} from '../../security/credentials/index.js';
import { type RememberedAnswer } from './remembered-answer.js';

interface RecordDocument {
  readonly _id: string;
  /** A MAC of the request's content under the company's key: a body may hold a password, which nobody may guess at. */
  readonly fingerprint: string;
  /** Drawn once for a key; attempts that take over keep it, so that they make the same ids. */
  readonly seed: string;
  /** The attempt that works on it. */
  readonly owner: string;
  readonly leaseUntil: Date;
  /** Sealed, for it may hold personal data; absent while the first attempt works. */
  readonly answer?: SealedBox;
  readonly expiresAt: Date;
}

const schema = new Schema<RecordDocument>(
  {
    _id: { type: String, required: true },
    fingerprint: String,
    seed: String,
    owner: String,
    leaseUntil: Date,
    answer: sealedBoxSchema,
    expiresAt: { type: Date, index: true },
  },
  { collection: 'idempotency_keys', versionKey: false },
);

const KEPT_MS = 24 * 60 * 60 * 1_000;

/** How long things take. */
export interface IdempotencyTimes {
  /** A crashed attempt is taken over after this; one that lives renews its right before. */
  readonly leaseMs: number;
  /** How long a repeat waits for the attempt that is under way. */
  readonly patienceMs: number;
}
/** Injection token of the IdempotencyTimes. */
export const IDEMPOTENCY_TIMES = Symbol('IdempotencyTimes');
export const idempotencyTimes: IdempotencyTimes = { leaseMs: 15_000, patienceMs: 5_000 };

/** A request with a key: what tells it from all others. */
export interface KeyedRequest {
  readonly company: string;
  /** Of company, user, method, path and key. */
  readonly id: string;
  readonly content: string;
}

/** What is to be done with such a request. */
export type Outcome =
  | { readonly kind: 'run'; readonly attempt: Attempt }
  | { readonly kind: 'replay'; readonly answer: RememberedAnswer }
  | { readonly kind: 'reused' }
  | { readonly kind: 'in_progress' };

/** The right to carry a request out. Ends by one of the last three or, when the process dies, by itself. */
export interface Attempt {
  readonly seed: string;
  /** Prolongs the right; false when another attempt has taken over. */
  renew(): Promise<boolean>;
  /** Remembers the answer for 24 hours; false when another attempt has taken over. */
  complete(answer: RememberedAnswer): Promise<boolean>;
  /** It failed and may have had an effect: the next attempt may begin, with the same seed. */
  giveUp(): Promise<void>;
  /** It was refused without any effect: the next request with this key is a first one. */
  forget(): Promise<void>;
}

/** What was answered to which `Idempotency-Key`, for all instances. */
@Injectable()
export class IdempotencyRecords implements OnModuleInit {
  private readonly documents: Model<RecordDocument>;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly keys: CompanyKeys,
    @Inject(IDEMPOTENCY_TIMES) readonly times: IdempotencyTimes,
  ) {
    this.documents = connection.model<RecordDocument>('IdempotencyKey', schema);
  }

  async onModuleInit(): Promise<void> {
    await this.documents.createIndexes();
  }

  /** Removes what is past its time; a periodic job, because not every MongoDB-compatible server has TTL indexes. */
  async forgetExpired(): Promise<void> {
    await this.documents.deleteMany({ expiresAt: { $lt: new Date() } });
  }

  /** Waits for an attempt under way for at most `patienceMs`. */
  async begin(request: KeyedRequest): Promise<Outcome> {
    const fingerprint = await this.keys.mac(request.company, 'idempotency', request.content);
    const until = Date.now() + this.times.patienceMs;
    for (let pause = 25; ; pause = Math.min(2 * pause, 250)) {
      const outcome = await this.tryOnce(request, fingerprint);
      const left = until - Date.now();
      if (outcome.kind !== 'in_progress' || left <= 0) return outcome;
      await delay(Math.min(pause, left));
    }
  }

  private async tryOnce(request: KeyedRequest, fingerprint: string): Promise<Outcome> {
    const fresh = { fingerprint, seed: randomUUID(), ...this.lease(), expiresAt: new Date(Date.now() + KEPT_MS) };
    if (await this.insert(request.id, fresh)) return this.run(request, fresh);
    const existing = await this.documents.findById(request.id).lean<RecordDocument>().exec();
    if (existing === null) return { kind: 'in_progress' };
    const now = new Date();
    // What has expired is removed by `forgetExpired`, some time later.
    if (existing.expiresAt <= now) return this.takeOver(request, existing, fresh);
    if (existing.fingerprint !== fingerprint) return { kind: 'reused' };
    if (existing.answer !== undefined)
      return { kind: 'replay', answer: await this.openAnswer(request, existing.answer) };
    if (existing.leaseUntil > now) return { kind: 'in_progress' };
    return this.takeOver(request, existing, { ...fresh, seed: existing.seed, expiresAt: existing.expiresAt });
  }

  private async insert(id: string, content: Omit<RecordDocument, '_id'>): Promise<boolean> {
    try {
      await this.documents.create({ _id: id, ...content });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }

  private async takeOver(
    request: KeyedRequest,
    from: RecordDocument,
    content: Omit<RecordDocument, '_id'>,
  ): Promise<Outcome> {
    const unchanged = { _id: request.id, owner: from.owner, leaseUntil: from.leaseUntil };
    const taken = await this.documents.updateOne(unchanged, { $set: content, $unset: { answer: 1 } });
    return taken.matchedCount === 1 ? this.run(request, content) : { kind: 'in_progress' };
  }

  private run(request: KeyedRequest, { owner, seed }: Omit<RecordDocument, '_id'>): Outcome {
    const mine = { _id: request.id, owner };
    const renew = async (): Promise<boolean> => {
      const { leaseUntil } = this.lease();
      return (await this.documents.updateOne(mine, { $set: { leaseUntil } })).matchedCount === 1;
    };
    const complete = async (answer: RememberedAnswer): Promise<boolean> => {
      const box = await this.sealAnswer(request, answer);
      return (await this.documents.updateOne(mine, { $set: { answer: box } })).matchedCount === 1;
    };
    const giveUp = async (): Promise<void> => {
      await this.documents.updateOne(mine, { $set: { leaseUntil: new Date(0) } });
    };
    const forget = async (): Promise<void> => {
      await this.documents.deleteOne(mine);
    };
    return { kind: 'run', attempt: { seed, renew, complete, giveUp, forget } };
  }

  private lease(): Pick<RecordDocument, 'owner' | 'leaseUntil'> {
    return { owner: randomUUID(), leaseUntil: new Date(Date.now() + this.times.leaseMs) };
  }

  private async sealAnswer({ company, id }: KeyedRequest, answer: RememberedAnswer): Promise<SealedBox> {
    const { key } = await this.keys.obtain(company);
    return seal(key, Buffer.from(JSON.stringify(answer)), placeOf(company, id));
  }

  private async openAnswer({ company, id }: KeyedRequest, box: SealedBox): Promise<RememberedAnswer> {
    const { key } = await this.keys.obtain(company);
    return JSON.parse(openBox(key, box, placeOf(company, id)).toString()) as RememberedAnswer;
  }
}

const placeOf = (company: string, id: string): string => `${company}|${id}|idempotency-answer`;
