import { isSqliteFull } from '@libs/sqlite-directory';
import type { Cell } from '../bson/cell.js';
import { fromJs } from '../bson/from-js.js';
import { double } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { commandName, type Request } from '../wire/message.js';
import { CATALOG_COMMANDS } from './catalog-commands.js';
import { Command } from './command.js';
import type { CommandTable, Session } from './command-table.js';
import { EXPLAIN } from './explain-command.js';
import { FIND_AND_MODIFY } from './find-and-modify.js';
import { INDEX_COMMANDS } from './index-commands.js';
import { READ_COMMANDS } from './read-commands.js';
import { SERVER_COMMANDS } from './server-commands.js';
import { WRITE_COMMANDS } from './write-commands.js';

const COMMANDS: CommandTable = {
  ...SERVER_COMMANDS,
  ...READ_COMMANDS,
  ...WRITE_COMMANDS,
  ...FIND_AND_MODIFY,
  ...CATALOG_COMMANDS,
  ...INDEX_COMMANDS,
  ...EXPLAIN,
};

/** The error reply of the protocol. */
export function errorReply(fault: MongoFault): Cell {
  const { code, codeName, message, extra } = fault;
  return fromJs({ ok: double(0), errmsg: message, code, codeName, ...extra });
}

/** What went wrong, as the client is to see it. What is not a refusal is a fault of the server, and is reported as one. */
function asFault(error: unknown, report: (error: unknown) => void): MongoFault {
  if (error instanceof MongoFault) return error;
  report(error);
  if (isSqliteFull(error)) return new MongoFault(14031, 'the disk is full');
  return new MongoFault(1, error instanceof Error ? error.message : String(error));
}

/**
 * Runs one command to its end and gives the reply; a refusal is a reply too.
 * @param report told of errors that are not the client's
 */
export function runCommand(request: Request, session: Session, report: (error: unknown) => void): Cell {
  try {
    const name = commandName(request.body);
    const definition = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (definition === undefined) throw new MongoFault(59, `no such command: '${name}'`);
    const command = new Command(name, request.body, request.sequences);
    // The handshake may carry whatever a driver tells of itself
    if (!request.isLegacy) command.check(definition.options);
    return definition.run(command, session);
  } catch (error) {
    return errorReply(asFault(error, report));
  }
}
