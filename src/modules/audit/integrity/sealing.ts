import { type Position, streamParts } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { EventCodec, EventStore, type KeptEvent } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { digestOf, type SealContent, type SealedHead, signedBytes } from './seal.js';
import { SealKeys } from './seal-keys.js';
import { SealStore } from './seal-store.js';

const LEASE = 'seal-the-record';
const LEASE_MS = 10 * 60_000;
/** Bounds what is in memory, and the size of a seal. */
const MOST_EVENTS_AT_ONCE = 50_000;
const MOST_HEADS = 1_000;

type Heads = Map<string, SealedHead>;

/**
 * Seals what was appended since the last time. A seal names, for every stream that has grown, where it ends; as each
 * hash speaks for all events before it, all seals together speak for the whole record.
 */
@Injectable()
export class Sealing {
  private readonly holder = newId();

  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly seals: SealStore,
    private readonly keys: SealKeys,
    private readonly leases: Leases,
  ) {}

  /** Done by one instance at a time; false: another one is at it. */
  async sealNow(signal?: AbortSignal): Promise<boolean> {
    const lease = await this.leases.take(LEASE, this.holder, LEASE_MS);
    if (!lease) return false;
    try {
      await this.sealWhatIsNew(signal);
      return true;
    } finally {
      await this.leases.release(LEASE, this.holder, lease.fence);
    }
  }

  private async sealWhatIsNew(signal?: AbortSignal): Promise<void> {
    const prefixes = this.codec.categories.map((category) => `${category}-`);
    const after = await this.seals.sealedUpTo();
    let grown = new Map<string, Heads>();
    let count = 0;
    let upTo: Position | null = null;
    for await (const batch of this.store.readAll({ after, prefixes, ...(signal ? { signal } : {}) })) {
      for (const event of batch) note(grown, event);
      upTo = batch.at(-1)?.position ?? upTo;
      count += batch.length;
      if (count < MOST_EVENTS_AT_ONCE || upTo === null) continue;
      await this.sealAll(grown, upTo);
      [grown, count] = [new Map<string, Heads>(), 0];
    }
    if (upTo !== null) await this.sealAll(grown, upTo);
  }

  private async sealAll(grown: ReadonlyMap<string, Heads>, upTo: Position): Promise<void> {
    for (const [company, heads] of grown) await this.sealCompany(company, [...heads.values()], upTo);
    await this.seals.advance(upTo);
  }

  /** A crash may have come between the seals and the note of how far they reach: what is sealed is left out. */
  private async sealCompany(company: string, heads: readonly SealedHead[], upTo: Position): Promise<void> {
    let last = await this.seals.last(company);
    const sealed = last?.upTo ?? '';
    const grown = heads.filter(({ position }) => position > sealed).sort((a, b) => (a.stream < b.stream ? -1 : 1));
    for (let first = 0; first < grown.length; first += MOST_HEADS) {
      const content: SealContent = {
        company,
        number: (last?.number ?? 0) + 1,
        at: new Date().toISOString(),
        upTo,
        heads: grown.slice(first, first + MOST_HEADS),
        previous: last && digestOf(last),
      };
      const seal = { ...content, ...this.keys.sign(signedBytes(content)) };
      if (!(await this.seals.add(seal))) throw new Error(`Another instance has sealed the record of ${company}.`);
      last = seal;
    }
  }
}

function note(grown: Map<string, Heads>, { stream, revision, position, metadata }: KeptEvent): void {
  const [company = ''] = streamParts(stream);
  const heads = grown.get(company) ?? new Map<string, SealedHead>();
  const { hash } = (metadata ?? {}) as { readonly hash?: unknown };
  grown.set(company, heads.set(stream, { stream, revision, position, hash: String(hash) }));
}
