import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EmbeddedProcess, startEmbeddedProcess } from '../../../libs/embedded-mongo/soak/embedded-process.js';

const SCRIPT = fileURLToPath(new URL('../../../dist/libs/embedded-mongo/src/serve.js', import.meta.url));

/**
 * Starts the compiled embedded document store in a process of its own (Node cannot run the TypeScript sources).
 * @throws Error when it has not been compiled
 */
export function startCompiledStore(directory: string): Promise<EmbeddedProcess> {
  if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT} is missing: run "npm run build" first, as "npm test" does`);
  return startEmbeddedProcess(SCRIPT, directory);
}
