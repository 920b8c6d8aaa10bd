import { readdirSync, readFileSync } from 'node:fs';
import { attachmentContent, MailUnreadable, readMail, summarizeMail } from '@libs/mail-parsing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// The corpus with bytes changed, cut out and put in: whatever a broken gateway makes of a mail, it stays readable.

// The same mutations in every run; a longer run with another seed is made by hand.
fc.configureGlobal({ seed: 20_261_122 });

const corpus = new URL('../../corpus/', import.meta.url);
const sources = readdirSync(corpus)
  .filter((file) => file.endsWith('.eml'))
  .map((file) => readFileSync(new URL(file, corpus)))
  .filter((source) => source.length > 0);

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const mutation = fc.record({ at: place, remove: fc.nat(12), insert: fc.uint8Array({ maxLength: 6 }) });
const mutated = fc
  .tuple(fc.constantFrom(...sources), fc.array(mutation, { minLength: 1, maxLength: 5 }))
  .map(([source, mutations]) =>
    mutations.reduce((bytes, { at, remove, insert }) => {
      const start = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
    }, source),
  );

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object') for (const one of Object.values(value)) yield* strings(one);
}

describe('damaged mail', () => {
  it('is read without any error but MailUnreadable, as well-formed text', () => {
    fc.assert(
      fc.property(mutated, (source) => {
        try {
          const mail = readMail(source);
          expect(mail).toMatchObject(summarizeMail(source));
          for (const text of strings(mail)) expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
          for (const { index, size } of mail.attachments) {
            expect(attachmentContent(source, index).bytes.byteLength).toBe(size);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(MailUnreadable);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
