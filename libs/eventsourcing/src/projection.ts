import { type DomainEvent, type Position, type RecordedEvent } from './event.js';

/**
 * A change to one document of a read model. The shell applies it only to a document that has not yet seen the
 * event's position, so a repeated event changes nothing.
 */
export interface DocumentChange<Document extends object = object> {
  readonly id: string;
  /** Fields that get these values; the document is made when it does not exist. */
  readonly set?: Partial<Document>;
  /** Fields that get these values only when the document is made by this change. */
  readonly setOnInsert?: Partial<Document>;
  /** Fields that grow by these numbers. */
  readonly inc?: { readonly [Field in keyof Document]?: number };
  /**
   * The document goes, whatever else the change says. What stays is its id and the position it has seen, so that no
   * older event brings it back; queries by any other field never meet it.
   */
  readonly remove?: true;
}

/**
 * How events become documents: pure, so that a rebuild gives the same documents again.
 * `Facts` are what the shell looked up for the event in stores that a rebuild never touches (mail summaries);
 * most projections need none.
 */
export interface Projection<Document extends object, Event extends DomainEvent = DomainEvent, Facts = void> {
  /** Name of the read model; with `version` it names the collection. */
  readonly name: string;
  /** Grows whenever the documents change their shape: a new one is then built from position 0. */
  readonly version: number;
  /** Categories (the stream name up to the first `-`) whose events it reads. */
  readonly categories: readonly string[];
  project(this: void, event: RecordedEvent<Event>, facts: Facts): readonly DocumentChange<Document>[];
}

/** What every document of a read model carries: the position of the last event it has seen. */
export interface Positioned {
  readonly position: Position;
}
