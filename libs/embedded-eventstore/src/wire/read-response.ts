import { type ProposedEvent } from '../store/proposed-event.js';
import { streamIdentifier } from './stream-identifier.js';
import { shared, streams } from './stubs.js';

/** Where an event stands: in its stream, and in the order over all streams. */
export interface EventPlace {
  readonly stream: string;
  /** Text, because a tombstone's revision is 2^63-1. */
  readonly revision: string;
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** The server counts in 100-nanosecond ticks since 1970. */
const TICKS_PER_MILLISECOND = '0000';

/**
 * Encodes an event once, as the complete answer to a read (`ReadResp` with a `ReadEvent`). These bytes are what is
 * stored, so that a read sends a row as it is: no field is decoded, no message built.
 */
export function encodeEventResponse(event: ProposedEvent, place: EventPlace): Uint8Array {
  const position = place.position.toString();
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  record.setId(new shared.UUID().setString(event.id.text));
  record.setStreamIdentifier(streamIdentifier(place.stream));
  record.setStreamRevision(place.revision);
  record.setCommitPosition(position);
  record.setPreparePosition(position);
  const described = record.getMetadataMap();
  described.set('type', event.type);
  described.set('created', `${place.created}${TICKS_PER_MILLISECOND}`);
  described.set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  record.setData(event.data);
  record.setCustomMetadata(event.metadata);
  const read = new streams.ReadResp.ReadEvent().setEvent(record).setCommitPosition(position);
  return new streams.ReadResp().setEvent(read).serializeBinary();
}

/** The data of a stored event. @throws Error when the bytes are not an event */
export function decodeEventData(response: Uint8Array): Uint8Array {
  const record = streams.ReadResp.deserializeBinary(response).getEvent()?.getEvent();
  if (record === undefined) throw new Error('A stored answer does not hold an event');
  return record.getData_asU8();
}

/** Answers of a read that are not events. */
export const readResponse = {
  confirmation: (subscriptionId: string): Uint8Array =>
    new streams.ReadResp()
      .setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(subscriptionId))
      .serializeBinary(),
  checkpoint: (position: number): Uint8Array =>
    new streams.ReadResp()
      .setCheckpoint(
        new streams.ReadResp.Checkpoint()
          .setCommitPosition(position.toString())
          .setPreparePosition(position.toString()),
      )
      .serializeBinary(),
  caughtUp: (): Uint8Array => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()).serializeBinary(),
  fellBehind: (): Uint8Array =>
    new streams.ReadResp().setFellBehind(new streams.ReadResp.FellBehind()).serializeBinary(),
  streamNotFound: (stream: string): Uint8Array =>
    new streams.ReadResp()
      .setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)))
      .serializeBinary(),
};
