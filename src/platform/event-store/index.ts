export { DeciderRunner, type Decision } from './decider-runner.js';
export { EventCodec, FORGOTTEN, type PersonalCipher, type StoredEvent, type StoredMetadata } from './event-codec.js';
export { type Delivered, EventStore, type KeptEvent } from './event-store.js';
export { isUnanswered, StoreUnavailable, StreamMovedOn } from './event-store.errors.js';
export { canonicalJson, type HashedEvent, hashOf } from './event-hash.js';
