/**
 * A Mac writes ザ as サ and a mark, which Windows shows side by side and Shift_JIS has no character for: such become one
 * character again (Unicode's NFC). The ranges that a Mac leaves alone (Apple's TN1150) are left alone here as well: by
 * NFC a name written with 塚 (U+FA10) would be another one, and Å (U+212B) would leave Shift_JIS.
 */
export const composedText = (text: string): string =>
  text.replace(/[^\u2000-\u2fff\uf900-\ufaff\u{2f800}-\u{2faff}]+/gu, (run) => run.normalize('NFC'));
