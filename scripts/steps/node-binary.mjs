import { existsSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = 24;

/** The Node that the service runs on: the one the project pins, or the running one where none is packaged. */
export function nodeBinary() {
  const packaged = join('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return process.execPath;
  throw new Error(`This platform has no packaged Node ${NEEDED}: install Node ${NEEDED} or newer and try again.`);
}

/** The environment in which npm's programs run on that Node. */
export function withPinnedNode(env = process.env) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...env, PATH: `${join(process.cwd(), 'node_modules', '.bin')}${separator}${env.PATH ?? ''}` };
}
