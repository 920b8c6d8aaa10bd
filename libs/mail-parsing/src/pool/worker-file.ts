import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The compiled worker: beside this file when it is compiled itself; in `dist` when it runs as TypeScript (tests), because
 * Node cannot start a thread from the sources.
 *
 * @throws Error that says what to do when it has not been compiled
 */
export function workerFile(besides = import.meta.url): string {
  const fromSources = besides.endsWith('.ts');
  const relative = fromSources ? '../../../../dist/libs/mail-parsing/src/pool/parse.worker.js' : './parse.worker.js';
  const file = fileURLToPath(new URL(relative, besides));
  if (!existsSync(file)) throw new Error(`${file} is missing: the parser's worker has to be compiled (npm run build)`);
  return file;
}
