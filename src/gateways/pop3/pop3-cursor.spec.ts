import { describe, it, expect } from 'vitest';
import { cursorOf, idHash, REMEMBERED, unseen } from './pop3-cursor.js';

const hashes = (...ids: string[]): string[] => ids.map(idHash);
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => idHash(`mail ${index}`));
const all = (count: number): boolean[] => Array.from({ length: count }, () => true);

describe('the cursor of POP3', () => {
  it('makes everything new where there is none', () => {
    expect(unseen(hashes('a', 'b'), null)).toEqual([true, true]);
  });

  it('tells new mails from seen ones, wherever they stand', () => {
    const cursor = cursorOf(hashes('a', 'b', 'c'), [true, false, true]);
    expect(unseen(hashes('new', 'c', 'b', 'a'), cursor)).toEqual([true, false, true, false]);
  });

  it('counts mails that share an id', () => {
    const cursor = cursorOf(hashes('a', 'a'), [true, true]);
    expect(unseen(hashes('a', 'a', 'a'), cursor)).toEqual([false, false, true]);
  });

  it('never takes mails without id for seen', () => {
    const cursor = cursorOf([null, idHash('a')], [true, true]);
    expect(cursor.uidls).toHaveLength(1);
    expect(unseen([null, idHash('a')], cursor)).toEqual([true, false]);
  });

  it('forgets mails that are no longer there', () => {
    expect(cursorOf(hashes('b'), [true])).toEqual({ protocol: 'pop3', uidls: hashes('b') });
  });

  it('stays small in a large INBOX, and still tells what is new', () => {
    const before = many(REMEMBERED + 1000);
    const cursor = cursorOf(before, all(before.length));
    expect(cursor).toMatchObject({ older: 1000 });
    expect(JSON.stringify(cursor).length).toBeLessThan(60_000);
    const deletedSome = before.filter((_, index) => index % 7 !== 0);
    const now = [...deletedSome, idHash('new 1'), idHash('new 2')];
    expect(unseen(now, cursor).flatMap((isNew, index) => (isNew ? [index] : []))).toEqual([
      now.length - 2,
      now.length - 1,
    ]);
  });

  it('reads again rather than lose a mail that a large INBOX lists before the others', () => {
    const before = many(REMEMBERED + 2);
    const cursor = cursorOf(before, all(before.length));
    const now = [idHash('new at the top'), ...before];
    expect(unseen(now, cursor).slice(0, 4)).toEqual([true, true, true, false]);
  });
});
