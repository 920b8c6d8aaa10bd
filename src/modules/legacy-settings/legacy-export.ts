import { Injectable } from '@nestjs/common';
import { toItem } from './legacy-settings.dto.js';
import { type LegacySetting, LegacySettingsView, type SettingFilter } from './read-model/legacy-settings.view.js';

const COLUMNS = [
  'userId',
  'address',
  'service',
  'state',
  'missing',
  'registeredAt',
  'importedAt',
  'forcedAt',
  'forcedReason',
  'expiredAt',
  'remindedAt',
  'reminders',
  'migratedAt',
  'lastReceivedAt',
  'lastSentAt',
];
/** Says to Excel that the text is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
const PAGE = 500;

/** The cockpit's list as CSV (RFC 4180), written as it is read. */
@Injectable()
export class LegacyExport {
  constructor(private readonly settings: LegacySettingsView) {}

  async *lines(company: string, filter: SettingFilter): AsyncGenerator<string> {
    yield BYTE_ORDER_MARK + csvLine(COLUMNS);
    for (let after: string | null = null; ;) {
      const page: LegacySetting[] = await this.settings.list(company, filter, PAGE, after);
      if (page.length > 0) yield page.map((setting) => csvLine(fieldsOf(setting))).join('');
      if (page.length < PAGE) return;
      after = page.at(-1)?.userId ?? null;
    }
  }
}

function fieldsOf(setting: LegacySetting): string[] {
  const item = toItem(setting);
  return [
    item.userId,
    item.address,
    item.service,
    item.state,
    item.missing.join(' '),
    item.registeredAt,
    item.importedAt,
    item.forced?.at,
    item.forced?.reason,
    item.expiredAt,
    item.reminded?.at,
    String(item.reminded?.times ?? 0),
    item.migratedAt,
    item.lastReceivedAt,
    item.lastSentAt,
  ].map((field) => field ?? '');
}

/** What begins like a formula is made text: spreadsheets would run it, quoted or not (OWASP, "CSV Injection"). */
function csvLine(fields: readonly string[]): string {
  const quoted = fields.map((field) => {
    const safe = /^[\s\u3000]*[=+\-@|%＝＋－＠]/.test(field) ? `'${field}` : field;
    return `"${safe.replaceAll('"', '""')}"`;
  });
  return `${quoted.join(',')}\r\n`;
}
