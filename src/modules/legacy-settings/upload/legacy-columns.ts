import { type ColumnRules } from './csv-records.js';

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

/** Nobody needs the name, and Office365 and Gmail no password: it is asked for where it is used. */
const MAY_BE_EMPTY: readonly string[] = ['name', 'password'];

/** The columns that every line has a value in. */
export const FILLED_COLUMNS = LEGACY_COLUMNS.filter((name) => !MAY_BE_EMPTY.includes(name));
const filled = new Set(FILLED_COLUMNS.map((name) => name.toLowerCase()));

/** The columns of an upload of legacy settings, whatever their order and whatever stands beside. */
export const legacyColumnRules: ColumnRules = {
  areAllThere: (columns) => LEGACY_COLUMNS.every((name) => columns.includes(name.toLowerCase())),
  mayBeEmpty: (column) => !filled.has(column),
};
