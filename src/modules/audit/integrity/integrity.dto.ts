import { z } from 'zod';
import { type Seal } from './seal.js';
import { type PublicSealKey } from './seal-keys.js';
import { type Verdict } from './sealed-record.js';

export const IntegrityResponse = z
  .object({
    ok: z.boolean(),
    checked: z.number().meta({ description: 'Events looked at: all of the company' }),
    firstBroken: z.string().nullable().meta({ description: 'The smallest position at which something is wrong' }),
    findings: z.array(
      z.object({
        kind: z.enum([
          'changed',
          'missing',
          'unchained',
          'malformed',
          'truncated',
          'rewritten',
          'seal_missing',
          'seal_invalid',
          'seal_key_unknown',
        ]),
        stream: z.string(),
        revision: z.number(),
        position: z.string(),
        eventId: z.string().nullable(),
      }),
    ),
    findingCount: z.number(),
    seals: z.object({
      checked: z.number(),
      last: z.object({ number: z.number(), at: z.string(), upTo: z.string(), digest: z.string() }).nullable(),
      keys: z.array(z.object({ id: z.string(), publicKey: z.string() })),
    }),
  })
  .meta({ id: 'Integrity' });
export type IntegrityResponse = z.infer<typeof IntegrityResponse>;

export function toIntegrity(
  { checked, seals, findings, findingCount, firstBroken }: Verdict,
  last: (Pick<Seal, 'number' | 'at' | 'upTo'> & { readonly digest: string }) | null,
  keys: readonly PublicSealKey[],
): IntegrityResponse {
  return {
    ok: findingCount === 0,
    checked,
    firstBroken,
    findings: [...findings],
    findingCount,
    seals: { checked: seals, last, keys: [...keys] },
  };
}
