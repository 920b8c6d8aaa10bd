import { type ProposedEvent } from '../store/proposed-event.js';
import { MissingDescriptionError } from './failures.js';
import { type streams } from './stubs.js';
import { readUuid } from './uuid.js';

/** The server's default limit, for one append as a whole (EventStoreDB configuration, MaxAppendSize). */
export const MAX_APPEND_BYTES = 1024 * 1024;

/**
 * Reads one proposed event; both write paths use the same fields.
 * @throws RangeError for an id that is not a UUID
 * @throws MissingDescriptionError when type or content type is missing
 */
export function readProposedEvent(
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): ProposedEvent {
  const described = message.getMetadataMap();
  return {
    id: readUuid(message.getId()),
    type: required(described.get('type'), 'type'),
    isJson: required(described.get('content-type'), 'content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** What an event counts towards the limit of an append: data, metadata and its type in UTF-16. */
export function appendBytes(event: ProposedEvent): number {
  return event.data.byteLength + event.metadata.byteLength + event.type.length * 2;
}

function required(value: string | undefined, key: string): string {
  if (value === undefined || value === '') throw new MissingDescriptionError(key);
  return value;
}
