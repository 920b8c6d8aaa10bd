import { describe, expect, it } from 'vitest';
import { workerFile } from './worker-file.js';

describe('the worker file', () => {
  it('is missing with a message that says what to do', () => {
    expect(() => workerFile('file:///nowhere/libs/mail-parsing/src/pool/worker-file.ts')).toThrow(
      /dist.libs.mail-parsing.src.pool.parse\.worker\.js is missing.*npm run build/,
    );
    expect(() => workerFile('file:///nowhere/worker-file.js')).toThrow(/nowhere.parse\.worker\.js is missing/);
  });
});
