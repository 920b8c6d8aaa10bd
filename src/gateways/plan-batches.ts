/**
 * Cuts mails into batches, in order: each holds at most `batchMails` mails and `batchBytes` bytes, except that a
 * single larger mail is a batch of its own.
 */
export function* planBatches<T extends { readonly size: number }>(
  mails: readonly T[],
  { batchMails, batchBytes }: { readonly batchMails: number; readonly batchBytes: number },
): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const mail of mails) {
    if (batch.length > 0 && (batch.length === batchMails || bytes + mail.size > batchBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(mail);
    bytes += mail.size;
  }
  if (batch.length > 0) yield batch;
}
