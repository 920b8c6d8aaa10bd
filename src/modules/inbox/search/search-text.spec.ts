import { describe, expect, it } from 'vitest';
import { searchTextOf } from './search-text.js';

describe('what search takes as equal', () => {
  it.each([
    ['ＡＢＣ１２３', 'abc123'],
    ['ﾌﾟﾛｼﾞｪｸﾄ', 'プロジェクト'],
    ['ぷろじぇくと', 'プロジェクト'],
    ['10時〜12時', '10時～12時'],
    ['㈱ポーターズ', '(株)ポーターズ'],
    ['面談\u3000 日程', '面談 日程'],
    ['Re: Meeting', 're: meeting'],
    ['佐\u200b藤\u202e', '佐藤'],
  ])('%s and %s', (one, other) => expect(searchTextOf(one)).toBe(searchTextOf(other)));

  it('keeps apart what is different', () => expect(searchTextOf('はし')).not.toBe(searchTextOf('ばし')));
});
