import { type FetchedSources, fetchSources } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import type { GraphConnection } from './graph-connection.js';
import { mailSource } from './graph-paths.js';

/**
 * Fetches mails, as many at once as the mailbox allows. One that Graph cannot write (its MIME is made anew at every
 * reading) is reported, not thrown; one that the user has deleted meanwhile is in neither map (R39).
 */
export async function graphSources(
  connection: GraphConnection,
  ids: readonly string[],
  mailBytes: number,
): Promise<FetchedSources<string>> {
  const one = async (id: string): Promise<Buffer | null> => {
    try {
      return await connection.bytes(mailSource(id), mailBytes);
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  };
  const gone = new Set<string>();
  return fetchSources<string>(
    {
      async together(wanted, take) {
        const outcomes = await Promise.allSettled(
          wanted.map(async (id) => {
            const source = await one(id);
            if (source) take(id, source);
            else gone.add(id);
          }),
        );
        const failed = outcomes.find((outcome) => outcome.status === 'rejected');
        if (failed) throw failed.reason;
      },
      alone: async (id) => (gone.has(id) ? null : one(id)),
    },
    ids,
  );
}

/** The mail is not there any more: deleted by its owner, or by another program (R39). */
export function isGone(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { failure } = error;
  return failure.kind === 'Rejected' && ['ErrorItemNotFound', 'http_404'].includes(failure.code);
}
