/** Whether a write failed because a document with this unique key is there already (MongoDB's E11000). */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000;
}
