export { DirectoryInUseError, type Owner, takeDirectory } from './directory-owner.js';
export { isSqliteBusy, isSqliteDamage, isSqliteFull } from './sqlite-error.js';
