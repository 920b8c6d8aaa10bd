import { ConfigurationError, loadConfig } from './platform/config/index.js';
import { safeError } from './platform/observability/index.js';
import { welcome } from './sandbox/index.js';
import { startService } from './start-service.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

async function main(): Promise<void> {
  const config = loadConfig();
  const service = await startService(config);
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      service.close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
  process.stdout.write(welcome(service, config));
}

/** The start failed, or the end did: says why, without a library's error object, which may hold secrets. */
function fail(error: unknown): never {
  const text = error instanceof ConfigurationError ? error.message : JSON.stringify(safeError(error), null, 2);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

main().catch(fail);
