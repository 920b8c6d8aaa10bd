/** The columns of an upload; `importSince` may be left out. In files their case does not matter. */
export const LEGACY_COLUMNS = [
  'companyId',
  'userId',
  'address',
  'name',
  'protocol',
  'security',
  'host',
  'port',
  'accountName',
  'password',
  'registeredAt',
  'shareByDefault',
] as const;

/** Whether these are the columns of an upload of legacy settings, whatever their order and whatever stands beside. */
export function areLegacyColumns(columns: readonly string[]): boolean {
  return LEGACY_COLUMNS.every((name) => columns.includes(name.toLowerCase()));
}
