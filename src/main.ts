import { ConfigurationError, loadConfig } from './platform/config/index.js';
import { safeError } from './platform/observability/index.js';
import { invitation, welcome } from './sandbox/index.js';
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
  process.stdout.write(await invitation(service, config));
}

/** The start failed, or the end did: says why, without a library's error object, which may hold secrets. */
function fail(error: unknown): never {
  const text = explained(error) ?? JSON.stringify(safeError(error), null, 2);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** What whoever starts the service can mend by themselves. */
function explained(error: unknown): string | null {
  if (error instanceof ConfigurationError) return error.message;
  const { code, port } = error as { readonly code?: unknown; readonly port?: unknown };
  if (code === 'EADDRINUSE') return `Port ${String(port)} is taken. Stop what listens there, or choose another PORT.`;
  if (code === 'EVENT_STORE_IN_USE' || code === 'DOCUMENT_STORE_IN_USE') return (error as Error).message;
  if (code === 'EVENT_STORE_DAMAGED' || code === 'DOCUMENT_STORE_DAMAGED') return (error as Error).message;
  return null;
}

main().catch(fail);
