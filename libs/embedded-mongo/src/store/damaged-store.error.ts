/** The data file cannot be trusted. Nothing was changed; the message names the file and says what is wrong with it. */
export class DamagedStoreError extends Error {
  override readonly name = 'DamagedStoreError';
  readonly code = 'DOCUMENT_STORE_DAMAGED';

  constructor(
    readonly file: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(
      `The document file ${file} is damaged or not one of this version: ${reason}. It was left as it is. ` +
        'Put a backup in its place, or move the whole directory away to start with an empty store.',
      options,
    );
  }
}
