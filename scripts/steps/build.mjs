import { run } from './run.mjs';
import { withPinnedNode } from './node-binary.mjs';
import { fingerprint, isDone, markDone } from './stamp.mjs';

const STAMP = 'dist/.built';
const SOURCES = ['src', 'libs', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];

/** Compiles to dist, unless what is there was compiled from these very sources. */
export async function build() {
  const print = fingerprint(SOURCES);
  if (isDone(STAMP, print)) return;
  console.log('Building …');
  await run('npm', ['run', '--silent', 'build'], { env: withPinnedNode() });
  markDone(STAMP, print);
}
