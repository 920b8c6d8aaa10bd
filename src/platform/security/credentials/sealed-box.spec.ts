import { describe, expect, it } from 'vitest';
import { BoxDoesNotOpenError, newKey, openBox, seal, type SealedBox } from './sealed-box.js';
import { formatSealedText, parseSealedText } from './sealed-text.js';

const key = Buffer.alloc(32, 7);
const place = 'acme|ref-1|credential';
const secret = Buffer.from('秘密のパスワード');
const box = seal(key, secret, place);

function changed(part: keyof SealedBox, change: (bytes: Buffer) => void): SealedBox {
  const bytes = Buffer.from(box[part], 'base64');
  change(bytes);
  return { ...box, [part]: bytes.toString('base64') };
}
const flipFirstBit = (bytes: Buffer) => {
  bytes[0]! ^= 1;
};

describe('a sealed box', () => {
  it('opens with its key in its place', () => {
    expect(openBox(key, box, place)).toEqual(secret);
  });

  it('holds nothing too', () => {
    expect(openBox(key, seal(key, Buffer.alloc(0), place), place)).toHaveLength(0);
  });

  it('shows nothing of its content, and looks different each time', () => {
    expect(JSON.stringify(box)).not.toContain(secret.toString('base64'));
    expect(seal(key, secret, place)).not.toEqual(box);
  });

  it('does not open with another key, nor in another place', () => {
    expect(() => openBox(newKey(), box, place)).toThrow(BoxDoesNotOpenError);
    expect(() => openBox(key, box, 'rival|ref-1|credential')).toThrow(BoxDoesNotOpenError);
    expect(() => openBox(key, box, 'acme|ref-2|credential')).toThrow(BoxDoesNotOpenError);
    expect(() => openBox(key, box, 'acme|ref-1|personal-data')).toThrow(BoxDoesNotOpenError);
  });

  it.each(['iv', 'tag', 'ciphertext'] as const)('does not open when a bit of its %s has changed', (part) => {
    expect(() => openBox(key, changed(part, flipFirstBit), place)).toThrow(BoxDoesNotOpenError);
  });

  it('does not open with a shortened tag, which would be easier to forge', () => {
    const short = { ...box, tag: Buffer.from(box.tag, 'base64').subarray(0, 4).toString('base64') };
    expect(() => openBox(key, short, place)).toThrow(BoxDoesNotOpenError);
  });

  it('names an algorithm it does not know', () => {
    expect(() => openBox(key, { ...box, algorithm: 'A128CBC' }, place)).toThrow('A128CBC');
  });
});

describe('a sealed text', () => {
  it('is one line that gives the box back', () => {
    const text = formatSealedText(box);
    expect(text).toMatch(/^A256GCM\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(openBox(key, parseSealedText(text), place)).toEqual(secret);
  });

  it.each(['', 'alice@acme.example', 'A256GCM', 'A256GCM.a.b', 'A256GCM.a.b.c.d', 'A128GCM.a.b.c', '佐藤.a.b.c'])(
    'is not %j',
    (text) => {
      expect(() => parseSealedText(text)).toThrow('Not a sealed text');
    },
  );
});
