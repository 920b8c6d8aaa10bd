import { type CommandMetadata } from '@libs/eventsourcing';
import { type CommandBus } from '@nestjs/cqrs';
import { describe, expect, it } from 'vitest';
import { type AppConfig } from '../../../platform/config/index.js';
import { type Projectors } from '../../../platform/read-models/index.js';
import { rejectReading } from '../../../platform/read-models/read-models.errors.js';
import { RecognitionResolver } from '../recognition/service-recognition.js';
import { type UploadLine } from '../upload/upload-record.js';
import { LegacyImport } from './legacy-import.js';
import { type OtherServers } from './other-servers.js';

const metadata = { company: 'sample', at: '2026-11-20T01:00:00.000Z' } as CommandMetadata;
const values = Object.entries({
  companyid: 'sample',
  userid: 'taro',
  address: 'taro@sample.example',
  name: '',
  protocol: 'imap',
  security: 'ssl',
  host: 'outlook.office365.com',
  port: '993',
  accountname: 'taro@sample.example',
  password: 'secret',
  registeredat: '2019-04-01',
  sharebydefault: 'true',
});
async function* lines(): AsyncGenerator<UploadLine> {
  yield { line: 2, values: new Map(values) };
}
class NoNames extends RecognitionResolver {
  readonly hosts = { addresses: async () => [], aliases: async () => [] };
  async mailExchangers() {
    return [];
  }
}

/** An import into a service whose read models are `slow` for so many waits. */
function importWith(slow: number, failure: () => Error = () => rejectReading('effect_not_visible')) {
  let waits = 0;
  const projectors = {
    whenVisible: async () => {
      waits += 1;
      if (waits <= slow) throw failure();
    },
  };
  const imports = new LegacyImport(
    { execute: async () => ({ position: 'p1' }) } as unknown as CommandBus,
    { forUpload: async () => async () => 's1' } as unknown as OtherServers,
    new NoNames(),
    projectors as unknown as Projectors,
    { mail: { legacyCutoff: '2020-08-11' } } as AppConfig,
  );
  return imports.run(lines(), metadata);
}

describe('an import into a service that is slow', () => {
  it('waits longer for its read models than a single command does', async () => {
    expect(await importWith(3)).toEqual({ accepted: 1, unchanged: 0, rejected: [] });
  });

  it('says so in the end when they stand still, and at once what waiting cannot help', async () => {
    await expect(importWith(1_000)).rejects.toMatchObject({ code: 'effect_not_visible' });
    await expect(importWith(1, () => new Error('a fault'))).rejects.toThrow('a fault');
  });
});
