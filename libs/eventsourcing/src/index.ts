/**
 * Event sourcing without a framework: events, commands, deciders, rejections, and specifications in
 * given / when / then. It has no dependencies and knows no store.
 */
export { type Decider, fold } from './decider.js';
export {
  type Actor,
  type CommandMetadata,
  type DomainCommand,
  type DomainEvent,
  type EventMetadata,
  type Position,
  type Recorded,
  type RecordedEvent,
} from './event.js';
export { defineEvents, type EventCatalogue, type EventDefinition } from './event-catalogue.js';
export { type DocumentChange, type Positioned, type Projection } from './projection.js';
export {
  type BilingualText,
  defineRejections,
  type FieldRejection,
  type FixableBy,
  Rejection,
  type RejectionCatalogue,
  type RejectionDefinition,
  type RejectionKind,
  type RejectionParams,
  rejectWith,
} from './rejection.js';
export { specificationOf } from './specification.js';
export { categoryOf, streamName, streamParts } from './stream-name.js';
