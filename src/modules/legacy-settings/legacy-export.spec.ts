import { describe, expect, it } from 'vitest';
import { LegacyExport } from './legacy-export.js';
import { type LegacySetting, type LegacySettingsView, type SettingFilter } from './read-model/legacy-settings.view.js';

const setting: LegacySetting = {
  company: 'sample',
  userId: 'taro',
  stage: 're_registration_required',
  service: 'office365',
  recognisedBy: 'host',
  address: 'taro@sample.example',
  registeredAt: '2019-04-01T00:00:00.000Z',
  importedAt: '2026-11-20T01:00:00.000Z',
  connected: false,
  takenOver: false,
  forcedAt: '2026-11-21T01:00:00.000Z',
  forcedReason: '退職者対応',
  expiredAt: null,
  remindedAt: '2026-11-22T01:00:00.000Z',
  reminders: 2,
  migratedAt: null,
  received: 0,
  receivedAt: null,
  sentAt: null,
};
const filter: SettingFilter = { stages: ['re_registration_required'] };

/** The export of these settings, its lines without their ends. */
async function exported(...settings: readonly LegacySetting[]): Promise<string[]> {
  const view = {
    list: async (company: string, asked: SettingFilter, limit: number, after: string | null) => {
      expect([company, asked]).toEqual(['sample', filter]);
      return settings.filter(({ userId }) => after === null || userId > after).slice(0, limit);
    },
  };
  let text = '';
  for await (const part of new LegacyExport(view as unknown as LegacySettingsView).lines('sample', filter))
    text += part;
  expect(text.startsWith('\uFEFF"userId"'), 'a byte order mark, or Excel takes UTF-8 for CP932').toBe(true);
  return text.slice(1).split('\r\n');
}

describe('the cockpit as CSV', () => {
  it('has a line a person, with what is missing', async () => {
    const [, line, end] = await exported(setting);
    expect(line).toBe(
      '"taro","taro@sample.example","office365","re_registration_required","connect save","2019-04-01T00:00:00.000Z",' +
        '"2026-11-20T01:00:00.000Z","2026-11-21T01:00:00.000Z","退職者対応","","2026-11-22T01:00:00.000Z","2","","",""',
    );
    expect(end).toBe('');
  });

  it.each(['=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '＝1', '|calc', '%0'])(
    'never lets a spreadsheet run %j',
    async (reason) => {
      const [, line] = await exported({ ...setting, forcedReason: reason });
      expect(line).toContain(`"'${reason.replaceAll('"', '""')}"`);
    },
  );

  it('keeps commas, quotation marks and line ends within their field', async () => {
    const lines = await exported({ ...setting, forcedReason: 'a,"b"\r\nc' });
    expect(lines.join('\r\n')).toContain('"a,""b""\r\nc"');
  });

  it('is whole over many pages, everybody once', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => ({ ...setting, userId: `u${String(n).padStart(5, '0')}` }));
    const [, ...lines] = await exported(...many);
    expect(lines.filter((line) => line !== '').map((line) => line.split(',')[0])).toEqual(
      many.map(({ userId }) => `"${userId}"`),
    );
  });
});
