/** The database that the address of a document store names, or the one that is ours by default. */
export function documentDatabaseOf(mongoUrl: string): string {
  return /^[^/]+\/\/[^/]+\/([^?]+)/.exec(mongoUrl)?.[1] ?? 'hrbc_mail';
}
