import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CredentialKey } from '../../config/index.js';
import { writeOnce } from '../../write-once.js';
import { KEY_BYTES, newKey } from './sealed-box.js';

const FILE = 'credential-keys';

/**
 * The sandbox's own key, made on first use and kept beside the embedded stores' files, readable by this account
 * only. It protects nothing there (key and data lie side by side): it makes the sandbox run the product's code.
 */
export async function generatedKeys(dataDirectory: string): Promise<readonly CredentialKey[]> {
  const path = join(dataDirectory, FILE);
  await mkdir(dataDirectory, { recursive: true });
  await writeOnce(path, newKey().toString('base64'));
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`${path} does not hold a key of ${KEY_BYTES} bytes.`);
  return [{ id: 'sandbox', key }];
}
