import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fingerprint of these files and folders, by content. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesIn).sort()) hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Whether the work that `stampFile` stands for was done for this fingerprint. */
export function isDone(stampFile, print) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === print;
}

/** Notes that the work is done. Written after it, so that work cut off in between is done again. */
export function markDone(stampFile, print) {
  writeFileSync(stampFile, print);
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}
