import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';

import { type EventStore } from '../store/event-store.js';
import { type FailureStatus, isStoreFailure, shuttingDownStatus, statusOf } from '../wire/failure-status.js';
import { gossipGrpc, serverFeaturesGrpc, type streams, streamsGrpc } from '../wire/stubs.js';
import { serveAppend } from './append.handler.js';
import { BatchAppendSession } from './batch-append.handler.js';
import { singleMember, supportedMethods } from './cluster.handlers.js';
import { serveDelete, serveTombstone } from './delete.handler.js';
import { OpenCalls } from './open-calls.js';
import { Outgoing } from './outgoing.js';
import { serveRead } from './read.handler.js';

/** Only this machine can reach the server, and there is no option to change that. */
export const LOOPBACK = '127.0.0.1';

/** As the real server's; larger requests are cut off by the transport before their size can be answered properly. */
const LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

/** How long closing waits for clients to take their last answers. */
const FAREWELL_MS = 1000;

/** The service with a read whose answers are bytes already, as they are stored. */
const streamsService = {
  ...streamsGrpc.StreamsService,
  read: {
    ...streamsGrpc.StreamsService.read,
    responseSerialize: ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength),
  },
};

/** The gRPC side: binds calls to the store. Methods that are not here are answered UNIMPLEMENTED by grpc-js. */
export class EventStoreServer {
  readonly #server = new Server({ 'grpc.max_receive_message_length': LARGEST_MESSAGE_BYTES });
  readonly #open = new OpenCalls();
  readonly #store: EventStore;
  readonly #log: (line: string) => void;

  constructor(store: EventStore, log: (line: string) => void) {
    this.#store = store;
    this.#log = log;
  }

  /** Starts serving; port 0 takes a free one. Gives the port. @throws Error when the port is taken */
  async listen(port: number): Promise<number> {
    this.#server.addService(streamsService, {
      read: this.#read,
      append: this.#append,
      batchAppend: this.#batchAppend,
      delete: unary((request: streams.DeleteReq) => serveDelete(this.#store, request), this.#noteFailure),
      tombstone: unary((request: streams.TombstoneReq) => serveTombstone(this.#store, request), this.#noteFailure),
    });
    this.#server.addService(serverFeaturesGrpc.ServerFeaturesService, {
      getSupportedMethods: unary(supportedMethods, this.#noteFailure),
    });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const address = `${LOOPBACK}:${port}`;
    this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(new Error(`The embedded event store cannot listen on ${address}: ${error.message}`));
      else resolve(bound);
    });
    const bound = await promise;
    this.#server.addService(gossipGrpc.GossipService, {
      read: unary(() => singleMember(LOOPBACK, bound), this.#noteFailure),
    });
    return bound;
  }

  /** Ends every call with UNAVAILABLE, waits a moment for the clients to take note, and stops listening. */
  async close(): Promise<void> {
    this.#open.endAll();
    const { promise, resolve } = Promise.withResolvers<void>();
    const tooLong = setTimeout(() => {
      this.#server.forceShutdown();
      resolve();
    }, FAREWELL_MS);
    this.#server.tryShutdown(() => resolve());
    await promise;
    clearTimeout(tooLong);
  }

  readonly #read: handleServerStreamingCall<streams.ReadReq, Uint8Array> = (call) => {
    const outgoing = new Outgoing(call);
    const over = this.#open.add(() => {
      outgoing.stop();
      call.emit('error', shuttingDownStatus());
    });
    serveRead(this.#store, call.request, outgoing)
      .then(
        () => call.end(),
        (error: unknown) => {
          this.#noteFailure(error);
          call.emit('error', statusOf(error));
        },
      )
      .finally(over);
  };

  readonly #append: handleClientStreamingCall<streams.AppendReq, streams.AppendResp> = (call, callback) => {
    let answered = false;
    const answer = (failure: FailureStatus | null, response?: streams.AppendResp) => {
      if (!answered) callback(failure, response);
      answered = true;
    };
    const over = this.#open.add(() => {
      answer(shuttingDownStatus());
      // What has not arrived as a whole is not written any more.
      call.destroy();
    });
    serveAppend(this.#store, call)
      .then(
        (response) => answer(null, response),
        (error: unknown) => {
          // A client that hangs up in the middle of its request gets no answer.
          if (answered || call.cancelled) return;
          this.#noteFailure(error);
          answer(statusOf(error));
        },
      )
      .finally(over);
  };

  readonly #batchAppend: handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp> = (call) => {
    const session = new BatchAppendSession(this.#store, call, this.#noteFailure);
    call.once(
      'close',
      this.#open.add(() => session.fail(shuttingDownStatus())),
    );
  };

  readonly #noteFailure = (error: unknown): void => {
    if (isStoreFailure(error))
      this.#log(`Embedded event store: ${error instanceof Error ? error.message : String(error)}`);
  };
}

function unary<Request, Response>(
  serve: (request: Request) => Response,
  noteFailure: (error: unknown) => void,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    try {
      callback(null, serve(call.request));
    } catch (error) {
      noteFailure(error);
      callback(statusOf(error));
    }
  };
}
