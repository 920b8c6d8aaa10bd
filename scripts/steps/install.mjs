import { run } from './run.mjs';
import { fingerprint, isDone, markDone } from './stamp.mjs';

const STAMP = 'node_modules/.hrbc-mail-installed';

/** Installs exactly what package-lock.json names, unless that is what is installed. */
export async function install() {
  const print = fingerprint(['package.json', 'package-lock.json']);
  if (isDone(STAMP, print)) return;
  console.log('Installing the packages that package-lock.json names (once; about a minute) …');
  await run('npm', ['ci', '--no-audit', '--no-fund']);
  markDone(STAMP, print);
}
