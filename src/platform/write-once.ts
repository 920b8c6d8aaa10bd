import { randomUUID } from 'node:crypto';
import { link, unlink, writeFile } from 'node:fs/promises';

/**
 * Writes a file that only this account can read, unless it is there already. Linking a finished file into place is
 * atomic and never replaces: nobody reads half of it, and of two starts at once the first one's stays.
 */
export async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}
