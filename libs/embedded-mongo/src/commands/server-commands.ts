import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { date, double } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { MAX_DOCUMENT_SIZE } from '../update/parse-update.js';
import { MAX_MESSAGE_SIZE } from '../wire/message.js';
import type { CommandDefinition, CommandTable, Session } from './command-table.js';

/** The server version whose behaviour is the model. */
const VERSION = [7, 0, 0, 0] as const;
/** The wire version of MongoDB 7.0; drivers choose by it which commands they send. */
const WIRE_VERSION = 21;
export const MAX_WRITE_BATCH = 100_000;
const SESSION_MINUTES = 30;
const HANDSHAKE_OPTIONS = [
  'helloOk',
  'client',
  'compression',
  'loadBalanced',
  'topologyVersion',
  'maxAwaitTimeMS',
  'backpressure',
];

const OK = fromJs({ ok: double(1) });

/**
 * No `setName` (a replica set would promise transactions and retryable writes) and no `topologyVersion` (drivers would
 * wait for changes on a second connection).
 */
function describeServer({ connectionId }: Session, primaryField: string): Cell {
  return fromJs({
    helloOk: true,
    [primaryField]: true,
    maxBsonObjectSize: MAX_DOCUMENT_SIZE,
    maxMessageSizeBytes: MAX_MESSAGE_SIZE,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: date(Date.now()),
    logicalSessionTimeoutMinutes: SESSION_MINUTES,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: double(1),
  });
}

const handshake = (primaryField: string): CommandDefinition => ({
  options: HANDSHAKE_OPTIONS,
  run: (command, session) => {
    if (command.get('speculativeAuthenticate') !== undefined || command.get('saslSupportedMechs') !== undefined) {
      return noUsers();
    }
    return describeServer(session, primaryField);
  },
});

const noUsers = (): never => {
  throw new MongoFault(18, 'the embedded server has no users: leave the credentials out of the connection string');
};

const AUTHENTICATION: CommandDefinition = {
  options: ['mechanism', 'payload', 'autoAuthorize', 'options', 'conversationId'],
  run: noUsers,
};

const buildInfo: CommandDefinition = {
  options: [],
  run: () =>
    fromJs({
      version: VERSION.slice(0, 3).join('.'),
      versionArray: [...VERSION],
      gitVersion: 'embedded',
      modules: [],
      bits: 64,
      debug: false,
      maxBsonObjectSize: MAX_DOCUMENT_SIZE,
      ok: double(1),
    }),
};

const connectionStatus: CommandDefinition = {
  options: ['showPrivileges'],
  run: () => fromJs({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: double(1) }),
};

const endSessions: CommandDefinition = {
  options: [],
  run: (command, { cursors }) => {
    const sessions = itemsOf(command.required(command.name, command.array(command.name)));
    for (const session of sessions) cursors.killSession(session.bytes.toString('hex'));
    return OK;
  },
};

const noTransactions: CommandDefinition = {
  options: ['recoveryToken'],
  run: () => {
    throw new MongoFault(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  },
};

/** Commands about the server and the connection. */
export const SERVER_COMMANDS: CommandTable = {
  hello: handshake('isWritablePrimary'),
  ismaster: handshake('ismaster'),
  isMaster: handshake('ismaster'),
  ping: { options: [], run: () => documentOf([['ok', double(1)]]) },
  buildInfo,
  buildinfo: buildInfo,
  connectionStatus,
  endSessions,
  saslStart: AUTHENTICATION,
  saslContinue: AUTHENTICATION,
  commitTransaction: noTransactions,
  abortTransaction: noTransactions,
};
