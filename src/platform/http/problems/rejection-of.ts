import { HttpException } from '@nestjs/common';
import { Rejection } from '@libs/eventsourcing';
import { rejectHttp } from './problems.errors.js';

/** Whatever was thrown, as the refusal that the caller gets to read. What nobody foresaw becomes `internal_error`. */
export function rejectionOf(error: unknown, requestId: string): Rejection {
  if (error instanceof Rejection) return error;
  if (error instanceof HttpException) return fromHttpException(error, requestId);
  if (isStoreAway(error)) return rejectHttp('store_unavailable');
  return rejectHttp('internal_error', { requestId });
}

/** Nest and Express throw these before a request reaches a controller of ours. */
function fromHttpException(error: HttpException, requestId: string): Rejection {
  switch (error.getStatus()) {
    case 400:
      return rejectHttp(parserFault(error.cause) === 'entity.parse.failed' ? 'malformed_json' : 'malformed_request');
    case 404:
      return rejectHttp('route_not_found');
    case 413:
      return rejectHttp('body_too_large', limitOf(error.cause));
    case 415:
      return rejectHttp('media_type_not_supported');
    default:
      return rejectHttp('internal_error', { requestId });
  }
}

/** What body-parser says went wrong (its `type`). */
function parserFault(cause: unknown): unknown {
  return cause instanceof Error && 'type' in cause ? cause.type : undefined;
}

function limitOf(cause: unknown): { limit?: number } {
  return cause instanceof Error && 'limit' in cause && typeof cause.limit === 'number' ? { limit: cause.limit } : {};
}

/** The drivers' names for "the server is not there", which they throw in many classes. */
const MONGO_AWAY = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoServerClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
]);
const EVENT_STORE_AWAY = new Set(['unavailable', 'deadline-exceeded', 'timeout', 'not-leader']);

function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (MONGO_AWAY.has(error.name)) return true;
  // Mongoose waits for a connection and then gives up with a bare MongooseError.
  if (error.name === 'MongooseError' && error.message.includes('buffering timed out')) return true;
  // The EventStoreDB client found no node of its cluster; that too is a bare Error.
  if (error.message.startsWith('Failed to discover after')) return true;
  return 'type' in error && EVENT_STORE_AWAY.has(String(error.type));
}
