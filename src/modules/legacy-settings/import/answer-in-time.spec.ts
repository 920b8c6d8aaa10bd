import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answerInTime } from './answer-in-time.js';

/** An answer that somebody else gives, when the test says so. */
function later() {
  let give: (answer: object) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const answer = new Promise<object>((resolve, reject) => ([give, fail] = [resolve, reject]));
  return { answer, give, fail };
}
async function begun(answer: Promise<object>): Promise<Readable> {
  const stream = await answerInTime(answer, 1);
  if (stream instanceof Readable) return stream;
  throw new Error('It came at once.');
}
async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe('an answer that may take long', () => {
  it('is itself when it comes soon, and so is a refusal', async () => {
    expect(await answerInTime(Promise.resolve({ accepted: 1 }))).toEqual({ accepted: 1 });
    await expect(answerInTime(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('begins with blanks when it takes longer, and is JSON all the same', async () => {
    const { answer, give } = later();
    const stream = await begun(answer);
    const iterator = stream[Symbol.asyncIterator]();
    for (let n = 0; n < 3; n++) expect(String((await iterator.next()).value)).toMatch(/^ +$/);
    give({ accepted: 100_000 });
    let rest = '';
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) rest += String(next.value);
    expect(JSON.parse(rest)).toEqual({ accepted: 100_000 });
  });

  it('is no value at all when it fails after it has begun', async () => {
    const { answer, fail } = later();
    const stream = await begun(answer);
    fail(new Error('the store is away'));
    await expect(textOf(stream)).rejects.toThrow('the store is away');
  });
});
