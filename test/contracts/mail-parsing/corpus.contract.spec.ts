import { readdirSync, readFileSync } from 'node:fs';
import { readMail, summarizeMail, type ReadableMail } from '@libs/mail-parsing';
import { describe, expect, it } from 'vitest';

// Every message of test/corpus, read as its author meant it. A sample names only what it is about; its text always.
const corpus = new URL('../../corpus/', import.meta.url);

interface Sample {
  readonly about: string;
  readonly expected: Record<string, unknown>;
}

const names = readdirSync(corpus)
  .filter((file) => file.endsWith('.eml'))
  .map((file) => file.slice(0, -'.eml'.length));

describe('the corpus', () => {
  it('holds at least 150 messages, each with its text', () => {
    expect(names.length).toBeGreaterThanOrEqual(150);
    for (const name of names) {
      const { expected } = sampleOf(name);
      expect('text' in expected, name).toBe(true);
      // Where there is no plain text, something else says what a reader sees.
      if (expected['text'] === null) expect(Object.keys(expected).length, name).toBeGreaterThan(1);
    }
  });

  it.each(names)('%s', (name) => {
    const { about, expected } = sampleOf(name);
    const source = readFileSync(new URL(`${name}.eml`, corpus));
    const mail = readMail(source);
    expect(comparable(mail), about).toMatchObject(expected);
    const { date, ...summary } = summarizeMail(source);
    expect(mail, 'the summary says the same as the reading').toMatchObject({ date, ...summary });
    expect(mail.hasAttachments).toBe(mail.attachments.some(({ inline }) => !inline));
  });
});

function sampleOf(name: string): Sample {
  return JSON.parse(readFileSync(new URL(`${name}.json`, corpus), 'utf8')) as Sample;
}

/** The mail as the samples write it: an instant in ISO form to the second. */
function comparable(mail: ReadableMail): Record<string, unknown> {
  const instant = mail.date.instant?.toISOString().replace(/\.\d{3}Z$/, 'Z') ?? null;
  return { ...mail, date: instant };
}
