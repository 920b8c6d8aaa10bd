/**
 * The official client's own generated protocol classes, gathered in one place.
 *
 * They ship with `@eventstore/db-client` (pinned, no .proto files are published), are CommonJS, and export by mutation,
 * so that only a default import sees their members. Everything else in this library imports them from here.
 */
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import serverFeaturesGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import code from '@eventstore/db-client/generated/code_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

export {
  any,
  code,
  empty,
  gossip,
  gossipGrpc,
  serverFeatures,
  serverFeaturesGrpc,
  shared,
  status,
  streams,
  streamsGrpc,
};
