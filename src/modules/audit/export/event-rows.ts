import { type BilingualText, type RecordedEvent } from '@libs/eventsourcing';
import { type AuditEventResponse, toResponse } from '../events/audit-events.dto.js';
import { BYTE_ORDER_MARK, csvLine } from './csv.js';

interface Column {
  readonly title: BilingualText;
  readonly of: (event: AuditEventResponse) => string | undefined;
}

const COLUMNS: readonly Column[] = [
  { title: { ja: '日時（日本時間）', en: 'Time (Japan)' }, of: ({ at }) => japanTime(at) },
  { title: { ja: '日時（UTC）', en: 'Time (UTC)' }, of: ({ at }) => at },
  { title: { ja: '種類', en: 'Type' }, of: ({ type }) => type },
  { title: { ja: '操作者ID', en: 'Actor id' }, of: ({ actor }) => actor.userId },
  { title: { ja: '操作者名', en: 'Actor name' }, of: ({ actor }) => actor.name },
  { title: { ja: '操作者の権限', en: 'Actor roles' }, of: ({ actor }) => actor.roles?.join(' ') ?? actor.kind },
  { title: { ja: '接続元', en: 'Client address' }, of: ({ clientAddress }) => clientAddress },
  { title: { ja: '対象の種類', en: 'Subject kind' }, of: ({ subject }) => subject.kind },
  { title: { ja: '対象ID', en: 'Subject id' }, of: ({ subject }) => subject.id },
  { title: { ja: '理由', en: 'Reason' }, of: ({ reason }) => reason },
  { title: { ja: '内容', en: 'Data' }, of: ({ data }) => JSON.stringify(data) },
  { title: { ja: '位置', en: 'Position' }, of: ({ position }) => position },
  { title: { ja: 'イベントID', en: 'Event id' }, of: ({ id }) => id },
  { title: { ja: '相関ID', en: 'Correlation id' }, of: ({ correlationId }) => correlationId },
  { title: { ja: 'ハッシュ', en: 'Hash' }, of: ({ hash }) => hash },
  { title: { ja: '直前のハッシュ', en: 'Previous hash' }, of: ({ previousHash }) => previousHash ?? '' },
];

/** The first line of a CSV export. */
export function csvHead(language: keyof BilingualText): string {
  return BYTE_ORDER_MARK + csvLine(COLUMNS.map(({ title }) => title[language]));
}

/** An event as a line of an export. */
export function exportedLine(event: RecordedEvent, format: 'csv' | 'ndjson'): string {
  const response = toResponse(event);
  return format === 'csv' ? csvLine(COLUMNS.map(({ of }) => of(response) ?? '')) : `${JSON.stringify(response)}\n`;
}

/** `2026/11/22 10:00:00`, which spreadsheets take for a time. Japan has kept UTC+9 without summer time since 1951. */
function japanTime(at: string): string {
  const shifted = new Date(Date.parse(at) + 9 * 60 * 60 * 1_000).toISOString();
  return `${shifted.slice(0, 10).replaceAll('-', '/')} ${shifted.slice(11, 19)}`;
}
