/** Old settings as an admin has them in a file. */
export interface LegacyLine {
  readonly companyId?: string;
  readonly userId: string;
  readonly address?: string;
  readonly name?: string;
  readonly protocol?: string;
  readonly security?: string;
  readonly host: string;
  readonly port?: number;
  readonly accountName?: string;
  readonly password?: string;
  readonly registeredAt?: string;
  readonly shareByDefault?: boolean;
  readonly importSince?: string;
}

const COLUMNS =
  'companyId,userId,address,name,protocol,security,host,port,accountName,password,registeredAt,shareByDefault,importSince';

/** What the columns hold where a test does not say it. */
function completed(line: LegacyLine): Record<string, string> {
  const address = line.address ?? `${line.userId}@sample.example`;
  const given = Object.entries(line).map(([column, value]): [string, string] => [column, String(value)]);
  return {
    companyId: 'sample',
    address,
    name: `社員 ${line.userId}`,
    protocol: 'imap',
    security: 'ssl',
    port: '993',
    accountName: address,
    password: `secret of ${line.userId}`,
    registeredAt: '2019-04-01T09:00:00+09:00',
    shareByDefault: 'true',
    importSince: '',
    ...Object.fromEntries<string>(given),
  };
}

/** The lines as CSV with a header row and CRLF, every field quoted. */
export function legacyCsv(lines: readonly LegacyLine[]): string {
  const rows = lines.map((line) => {
    const values = completed(line);
    return COLUMNS.split(',')
      .map((column) => `"${(values[column] ?? '').replaceAll('"', '""')}"`)
      .join(',');
  });
  return [COLUMNS, ...rows, ''].join('\r\n');
}

/** The lines as NDJSON. */
export function legacyNdjson(lines: readonly LegacyLine[]): string {
  return lines.map((line) => `${JSON.stringify(completed(line))}\n`).join('');
}
