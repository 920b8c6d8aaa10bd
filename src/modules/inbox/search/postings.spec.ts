import { describe, expect, it } from 'vitest';
import { gramsOf, gramsToLookUp } from './grams.js';
import { inBoth, mailsWith, PostingsBuilder, SHARDS, shardOf } from './postings.js';

const TEXTS = ['面談ノ日程', '面接 談話', 'ab', '', '程日ノ談面', '👍 面談', 'x'.repeat(300)];

function shardsOf(texts: readonly string[]): Buffer[] {
  const builder = new PostingsBuilder();
  for (const [mail, text] of texts.entries()) builder.add(mail, gramsOf(text));
  return builder.toShards();
}

describe('postings', () => {
  it('name exactly the mails that hold a gram', () => {
    const shards = shardsOf(TEXTS);
    expect(shards).toHaveLength(SHARDS);
    for (const gram of gramsOf(TEXTS.join(''))) {
      const holding = [...TEXTS.keys()].filter((mail) => gramsOf(TEXTS[mail]!).has(gram));
      expect(mailsWith(gram, shards[shardOf(gram)]!)).toEqual(holding);
    }
  });

  it('hold mails that stand far apart', () => {
    const texts = Array.from({ length: 20_000 }, (_, mail) =>
      [0, 127, 128, 16_383, 19_999].includes(mail) ? 'q' : 'a',
    );
    const [gram] = gramsOf('q');
    expect(mailsWith(gram!, shardsOf(texts)[shardOf(gram!)]!)).toEqual([0, 127, 128, 16_383, 19_999]);
  });

  it('say nothing of a gram that nobody wrote', () => {
    const [gram] = gramsToLookUp(['量子']);
    expect(mailsWith(gram!, shardsOf(TEXTS)[shardOf(gram!)]!)).toEqual([]);
  });

  it.each([
    [[], [1, 2], []],
    [
      [1, 3, 5],
      [2, 3, 4, 5],
      [3, 5],
    ],
    [[1, 2], [3, 4], []],
  ])('%j and %j have %j in common', (some, others, both) => expect(inBoth(some, others)).toEqual(both));
});

describe('the grams of a search', () => {
  it('stand in every text that holds its words', () => {
    for (const word of ['面談', '談', 'ノ日程', '👍', '日']) {
      for (const text of TEXTS.filter((one) => one.includes(word))) {
        expect([...gramsOf(text)]).toEqual(expect.arrayContaining([...gramsToLookUp([word])]));
      }
    }
  });

  it('are few, however long it is', () => expect(gramsToLookUp(['株式会社ポーターズ採用担当者様'])).toHaveLength(6));
  it('go over no space', () => expect(gramsOf('a b')).not.toContain(gramsToLookUp(['ab'])[0]));
});
