// `npm test`: everything that the tests need, then the tests. `npm test -- <vitest arguments>` runs a part of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { build } from './steps/build.mjs';
import { install } from './steps/install.mjs';
import { installSystemPackages } from './steps/system-packages.mjs';
import { withPinnedNode } from './steps/node-binary.mjs';

await install();
await installSystemPackages();
await build();

const scratch = mkdtempSync(join(tmpdir(), 'hrbc-mail-test-'));
const report = join(scratch, 'report.json');
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const { status } = spawnSync('node', [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: withPinnedNode(),
});
summarise();
rmSync(scratch, { recursive: true, force: true });
process.exit(status ?? 1);

/** One line that says what ran, and the name of whatever was skipped, so that nothing is skipped in silence. */
function summarise() {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending')
      .map(({ fullName }) => fullName),
  );
  for (const name of skipped) console.log(`skipped: ${name}`);
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
}
