import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The OpenAPI document of the built service, started for it on a free port with empty embedded stores. */
export async function openApi() {
  const { loadConfig } = await import('../../dist/src/platform/config/index.js');
  const { openApiDocument } = await import('../../dist/src/platform/http/index.js');
  const { startService } = await import('../../dist/src/start-service.js');
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'hrbc-mail-docs-'));
  const environment = {
    SANDBOX: 'true',
    PORT: '0',
    DATA_DIR,
    LOG_LEVEL: 'fatal',
    MAIL_HOSTS_ALLOWED_PRIVATE: '127.0.0.2',
  };
  const service = await startService(loadConfig(environment));
  try {
    return `${JSON.stringify(openApiDocument(service.app), null, 2)}\n`;
  } finally {
    await service.close();
    rmSync(DATA_DIR, { recursive: true, force: true });
  }
}
