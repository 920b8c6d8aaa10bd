import type { Cell } from '../bson/cell.js';
import type { Engine } from '../store/engine.js';
import type { Command } from './command.js';
import type { Cursors } from './cursors.js';

/** What commands work on. */
export interface Session {
  readonly engine: Engine;
  readonly cursors: Cursors;
  /** A number of the connection, for replies that show it. */
  readonly connectionId: number;
}

/** One command: the options it serves and what it does. */
export interface CommandDefinition {
  /** Besides the command's own name and what every command may carry. */
  readonly options: readonly string[];
  run(command: Command, session: Session): Cell;
}

/** Commands by name. */
export type CommandTable = Readonly<Record<string, CommandDefinition>>;
