import { expect, it } from 'vitest';
import { SentMailMemory } from './sent-mail-memory.js';

const mail = { mailId: 'mail-1', from: 'taro@acme.example' };

it('what was read of sent mail is remembered for its mailbox alone, and not without end', () => {
  const memory = new SentMailMemory(2);
  memory.remember('taro', '1', mail);
  expect(memory.recall('taro', '1')).toEqual(mail);
  expect(memory.recall('jiro', '1')).toBeUndefined();
  memory.remember('taro', '2', mail);
  memory.remember('taro', '3', mail);
  expect(memory.recall('taro', '1')).toBeUndefined();
  expect(memory.recall('taro', '3')).toEqual(mail);
});
