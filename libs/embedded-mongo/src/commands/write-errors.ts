import { MongoFault } from '../mongo-fault.js';

/** One statement of a write command that failed. */
export interface WriteError {
  readonly index: number;
  readonly code: number;
  readonly errmsg: string;
}

/**
 * Runs the statements of a write command; a refused one becomes a write error, as the protocol has it, and ends the
 * command when it is ordered. Errors which are not the client's end it in any case.
 */
export function runStatements<Statement>(
  statements: readonly Statement[],
  ordered: boolean,
  run: (statement: Statement, index: number) => void,
): readonly WriteError[] {
  const errors: WriteError[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof MongoFault)) throw error;
      errors.push({ index, code: error.code, errmsg: error.message, ...error.extra });
      if (ordered) break;
    }
  }
  return errors;
}
