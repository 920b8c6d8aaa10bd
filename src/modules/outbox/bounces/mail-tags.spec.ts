import { describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.js';
import { MailTags } from './mail-tags.js';

const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });
const tags = new MailTags([key('k1', 1)]);

describe('the mark of a mail', () => {
  const mailId = newId();
  const tag = tags.of(mailId);

  it('names the mail, also in capitals and in the middle of an address', () => {
    expect(tags.mailIdIn([`<bounces+${tag}@hrbc.example>`])).toBe(mailId);
    expect(tags.mailIdIn([`<BOUNCES+${tag.toUpperCase()}@HRBC.EXAMPLE>`])).toBe(mailId);
    expect(tags.mailIdIn(['nothing', `Message-ID: <${tag}@sample.example>`])).toBe(mailId);
  });

  it('leaves room in a local part of 64 characters (RFC 5321, 4.5.3.1.1)', () => expect(tag).toHaveLength(39));

  it('is found in the first text that has one', () => {
    expect(tags.mailIdIn([`to ${tag}`, `returned ${tags.of(newId())}`])).toBe(mailId);
  });

  it('cannot be made up, changed, or taken from a longer word', () => {
    const other = new MailTags([key('k9', 9)]).of(mailId);
    const changed = `${tag.startsWith('a') ? 'b' : 'a'}${tag.slice(1)}`;
    expect(tags.mailIdIn([other, changed, `x${tag}`, 'a'.repeat(39), mailId])).toBeNull();
  });

  it('is recognised after the key was changed, while the old one is there', () => {
    expect(new MailTags([key('k2', 2), key('k1', 1)]).mailIdIn([tag])).toBe(mailId);
    expect(new MailTags([key('k2', 2)]).mailIdIn([tag])).toBeNull();
  });

  it('is one for every id, those made from an Idempotency-Key included', () => {
    const fromKey = newId('a key');
    expect(tags.mailIdIn([tags.of(fromKey)])).toBe(fromKey);
    expect(() => tags.of('mail-1')).toThrow('Not the id');
  });
});
