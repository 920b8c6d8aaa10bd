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

/** An import of these lines with this name service; what was asked for is in `commands`. */
async function importOf(all: readonly UploadLine[], names: RecognitionResolver) {
  const commands: object[] = [];
  const asked: string[] = [];
  const imports = new LegacyImport(
    { execute: async (command: object) => (commands.push(command), { position: 'p1' }) } as unknown as CommandBus,
    {
      forUpload:
        async () =>
        async ({ host }: { host: string }) => (asked.push(host), 's1'),
    } as unknown as OtherServers,
    names,
    { whenVisible: async () => undefined } as unknown as Projectors,
    { mail: { legacyCutoff: '2020-08-11' } } as AppConfig,
  );
  async function* each(): AsyncGenerator<UploadLine> {
    yield* all;
  }
  const { rejected, ...rest } = await imports.run(each(), metadata);
  const refused = rejected.map(({ line, code }) => [line, code]);
  return { ...rest, refused, commands, asked };
}
const lineOf = (line: number, ...other: readonly [string, string][]): UploadLine => {
  return { line, values: new Map([...values, ...other]) };
};

describe('an import', () => {
  it('takes one line about a person, and refuses the second in place of correcting the first by it', async () => {
    const corrected = lineOf(3, ['registeredat', '2018-04-01']);
    const answer = await importOf([lineOf(2), corrected, lineOf(4, ['userid', 'jiro'])], new NoNames());
    expect(answer).toMatchObject({ accepted: 2, refused: [[3, 'legacy_person_twice']] });
  });

  it('takes no setting over while the name service is silent, and neither reads nor keeps its password', async () => {
    class SilentNames extends NoNames {
      override async mailExchangers(): Promise<never> {
        throw Object.assign(new Error('queryMx ESERVFAIL'), { code: 'ESERVFAIL' });
      }
    }
    const line = lineOf(2, ['host', 'imap.sample.example'], ['password', '']);
    const answer = await importOf([line, lineOf(3, ['userid', 'jiro'])], new SilentNames());
    expect(answer).toMatchObject({ accepted: 1, refused: [[2, 'legacy_name_service_silent']], asked: [] });
    expect(answer.commands).toMatchObject([{ data: { userId: 'jiro', service: 'office365' } }]);
  });

  it('leaves it to the decision about the person whether the mail server is to be registered', async () => {
    const { commands, asked } = await importOf([lineOf(2, ['host', 'imap.sample.example'])], new NoNames());
    expect(commands).toMatchObject([{ data: { userId: 'taro', password: 'secret' } }]);
    expect(asked).toEqual([]);
  });
});

describe('an import into a service that is slow', () => {
  it('waits longer for its read models than a single command does', async () => {
    expect(await importWith(3)).toEqual({ accepted: 1, unchanged: 0, rejected: [] });
  });

  it('says so in the end when they stand still, and at once what waiting cannot help', async () => {
    await expect(importWith(1_000)).rejects.toMatchObject({ code: 'effect_not_visible' });
    await expect(importWith(1, () => new Error('a fault'))).rejects.toThrow('a fault');
  });
});
