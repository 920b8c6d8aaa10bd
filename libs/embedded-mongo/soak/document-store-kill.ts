/**
 * Kills the embedded document store again and again while eight writers store batches, and counts what it loses
 * (nothing, or this fails). After a build:
 *
 *     node dist/libs/embedded-mongo/soak/document-store-kill.js [--rounds 100]
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEmbeddedProcess } from './embedded-process.js';
import { killRound } from './kill-round.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const script = fileURLToPath(new URL('../src/serve.js', import.meta.url));
const directory = await mkdtemp(join(tmpdir(), 'document-store-soak-'));
const total = { confirmed: 0, lost: 0, torn: 0, miscounted: 0 };
let consistent = true;

for (let number = 1; number <= Number(values.rounds); number += 1) {
  const round = await killRound(() => startEmbeddedProcess(script, directory), randomInt(1, 300));
  console.log(`round ${String(number)}:`, JSON.stringify(round));
  for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += round[key];
  consistent &&= round.consistent;
}
await rm(directory, { recursive: true });
console.log('total:', JSON.stringify({ ...total, consistent }));
if (total.lost + total.torn + total.miscounted > 0 || !consistent) process.exitCode = 1;
