// `npm run audit:verify`: verifies the whole record, of every company, as it lies in the stores: those that the
// environment names, the embedded ones of a service that runs on DATA_DIR, or those in DATA_DIR when none runs.
// `npm run audit:verify -- <bundle.ndjson>` verifies a bundle instead. Ends with 1 when something is wrong.
import { spawnSync } from 'node:child_process';
import { build } from '../steps/build.mjs';
import { nodeBinary } from '../steps/node-binary.mjs';

const [bundle] = process.argv.slice(2);
if (!bundle) await build();
const script = bundle ? ['scripts/audit/verify-bundle.mjs', bundle] : ['scripts/audit/verify-stores.mjs'];
const { status } = spawnSync(nodeBinary(), script, { stdio: 'inherit', env: { SANDBOX: 'true', ...process.env } });
process.exit(status ?? 1);
