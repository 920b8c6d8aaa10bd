import { describe, expect, it } from 'vitest';
import { type ExpectedChange, trialAnswer } from './trial-answer.js';

const change = (userId: string): ExpectedChange => ({ userId, from: 'legacy', to: 're_registration_required' });
async function* pages(...all: readonly (readonly ExpectedChange[])[]) {
  yield* all;
}
async function answer(...all: readonly (readonly ExpectedChange[])[]): Promise<unknown> {
  let text = '';
  for await (const part of trialAnswer(pages(...all))) text += part;
  return JSON.parse(text);
}

describe('the answer to a trial', () => {
  it('has everybody of every page, and how many they are', async () => {
    const [taro, jiro, misaki] = ['taro', 'jiro "二郎"', 'misaki'].map(change) as [ExpectedChange, ExpectedChange, ExpectedChange]; // prettier-ignore
    expect(await answer([taro, jiro], [], [misaki])).toEqual({
      affected: 3,
      users: [taro, jiro, misaki],
      campaign: null,
    });
  });

  it('is whole when it concerns nobody', async () => {
    expect(await answer()).toEqual({ affected: 0, users: [], campaign: null });
    expect(await answer([])).toEqual({ affected: 0, users: [], campaign: null });
  });
});
