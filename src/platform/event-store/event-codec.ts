import {
  type Actor,
  type CommandMetadata,
  type DomainEvent,
  type EventCatalogue,
  type EventDefinition,
  type EventMetadata,
  type Recorded,
  type RecordedEvent,
} from '@libs/eventsourcing';
import { hashOf } from './event-hash.js';

/** Seals what says who somebody is under the key of that person; opens to null once the key is destroyed. */
export interface PersonalCipher {
  seal(company: string, userId: string, plaintext: string): Promise<string>;
  open(company: string, userId: string, sealed: string): Promise<string | null>;
}

/** Where a stream ends: what the next event has to follow. */
export interface StreamHead {
  readonly revision: number;
  readonly hash: string;
}

/** An event in the form in which it is stored; JSON only. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly data: StoredData;
  readonly metadata: StoredMetadata;
}
type StoredData = Readonly<Record<string, unknown>> & { readonly sealed?: string };
type StoredActor =
  | { readonly kind: 'user'; readonly userId: string; readonly roles: readonly string[] }
  | Extract<Actor, { kind: 'system' }>;
type UnchainedMetadata = Omit<CommandMetadata, 'actor' | 'clientAddress'> & {
  readonly actor: StoredActor;
  /** The actor's name and address, sealed. */
  readonly sealed?: string;
};
export type StoredMetadata = UnchainedMetadata & { readonly hash: string; readonly previousHash: string | null };

/** What a reader sees in place of a personal field whose person was forgotten. */
export const FORGOTTEN = '（消去済み）';

/** Thrown for a stored type that this version does not know: nothing may be skipped, so reading stops. */
export class UnknownEventType extends Error {
  constructor(readonly eventType: string) {
    super(`The event store holds an event of type ${eventType}, which this version does not know.`);
  }
}

/**
 * Between events as deciders state them and events as they are stored. It seals personal fields, chains hashes, and
 * is the one place that deals with types it does not know and, once there are any, with older versions of an event.
 */
export class EventCodec {
  constructor(
    private readonly catalogue: EventCatalogue,
    /** Every stream category of the product. */
    readonly categories: readonly string[],
    private readonly cipher: PersonalCipher,
  ) {}

  /** Encodes events that are to follow `head`, each chained to the one before it. */
  async encode(
    stream: string,
    head: StreamHead | null,
    events: readonly (DomainEvent & { readonly id: string })[],
    metadata: CommandMetadata,
  ): Promise<StoredEvent[]> {
    const stored: StoredEvent[] = [];
    let [revision, previousHash] = head ? [head.revision, head.hash] : [-1, null as string | null];
    const open = await this.sealMetadata(metadata);
    for (const event of events) {
      revision += 1;
      const chained = { ...open, previousHash };
      const fact = { id: event.id, type: event.type, data: await this.sealData(event, metadata.company) };
      const hash = hashOf({ stream, revision, ...fact, metadata: chained });
      stored.push({ ...fact, metadata: { ...chained, hash } });
      previousHash = hash;
    }
    return stored;
  }

  /** Decodes one event; personal fields of a forgotten person read as FORGOTTEN. */
  async decode<Event extends DomainEvent>(
    stored: StoredEvent,
    where: Pick<Recorded, 'stream' | 'revision' | 'position'>,
  ): Promise<RecordedEvent<Event>> {
    const definition = this.definitionOf(stored.type);
    const { company } = stored.metadata;
    const { sealed, ...data } = stored.data;
    const personal = sealed ? await this.open(company, String(data['userId']), sealed, definition.personal) : undefined;
    return {
      ...where,
      id: stored.id,
      type: stored.type,
      // A field that never had a value has none to forget: what lies in the open goes last.
      data: { ...personal, ...data },
      metadata: await this.openMetadata(stored.metadata),
    } as unknown as RecordedEvent<Event>;
  }

  private definitionOf(type: string): EventDefinition {
    const definition = Object.hasOwn(this.catalogue, type) ? this.catalogue[type] : undefined;
    if (!definition) throw new UnknownEventType(type);
    return definition;
  }

  private async sealData(event: DomainEvent, company: string): Promise<StoredData> {
    const definition = this.definitionOf(event.type);
    const data = JSON.parse(JSON.stringify(event.data)) as Record<string, unknown>;
    const personal: Record<string, unknown> = {};
    for (const field of definition.personal) {
      if (data[field] === undefined || data[field] === null) continue;
      personal[field] = data[field];
      delete data[field];
    }
    if (Object.keys(personal).length === 0) return data;
    return { ...data, sealed: await this.cipher.seal(company, String(data['userId']), JSON.stringify(personal)) };
  }

  private async sealMetadata(metadata: CommandMetadata): Promise<UnchainedMetadata> {
    const { actor, clientAddress, ...open } = metadata;
    const plain = JSON.parse(JSON.stringify(open)) as typeof open;
    if (actor.kind === 'system') return { ...plain, actor };
    const personal = JSON.stringify({ name: actor.name, clientAddress });
    return {
      ...plain,
      actor: { kind: 'user', userId: actor.userId, roles: actor.roles },
      sealed: await this.cipher.seal(metadata.company, actor.userId, personal),
    };
  }

  private async openMetadata(stored: StoredMetadata): Promise<EventMetadata> {
    const { sealed, actor, ...open } = stored;
    if (actor.kind === 'system') return { ...open, actor };
    const personal = sealed ? await this.open(stored.company, actor.userId, sealed, ['name']) : { name: FORGOTTEN };
    const { name, ...rest } = personal;
    return { ...open, ...rest, actor: { ...actor, name: String(name) } };
  }

  private async open(
    company: string,
    userId: string,
    sealed: string,
    fields: readonly string[],
  ): Promise<Record<string, unknown>> {
    const opened = await this.cipher.open(company, userId, sealed);
    if (opened !== null) return JSON.parse(opened) as Record<string, unknown>;
    return Object.fromEntries(fields.map((field) => [field, FORGOTTEN]));
  }
}
