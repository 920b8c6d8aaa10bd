/**
 * What a writer says it believes of the stream: nothing, that it has no events, that it exists, or the exact revision of
 * its last event.
 */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | bigint;
