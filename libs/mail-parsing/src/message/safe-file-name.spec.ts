import { describe, expect, it } from 'vitest';
import { safeFileName } from './safe-file-name.js';

const named = (name: string | null): string => safeFileName(name, 'application/pdf', 0);

describe('a file name that is safe to show and to save', () => {
  it.each([
    ['a Mac’s kana and their marks, put together', '履歴書（テ\u3099サ\u3099イナー）.pdf', '履歴書（デザイナー）.pdf'],
    ['the name of a person, as that person writes it', '\ufa10田・山\ufa11.pdf', '\ufa10田・山\ufa11.pdf'],
    ['the last part of a path', 'C:\\temp\\..\\職務経歴書.docx', '職務経歴書.docx'],
    ['what systems reserve', 'a:b*c?.pdf', 'a_b_c_.pdf'],
    ['the name of a device', 'con.pdf', '_con.pdf'],
    ['an end that Windows would drop', 'a.exe. ', 'a.exe'],
    ['a direction that hides the extension', 'fdp\u202egnp.exe', 'fdpgnp.exe'],
    ['no name at all', '...', 'attachment-1.pdf'],
  ])('%s', (_what, name, safe) => {
    expect(named(name)).toBe(safe);
  });

  it('is given one where the message names none', () => {
    expect(named(null)).toBe('attachment-1.pdf');
  });
});
