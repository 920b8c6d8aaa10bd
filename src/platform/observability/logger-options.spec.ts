import { Rejection } from '@libs/eventsourcing';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { loggerOptions } from './logger-options.js';

/** A value that no line may hold, whichever way it is handed to the logger. */
const SECRET = 'hunter2-hunter2';

function logged(write: (logger: pino.Logger) => void): { line: Record<string, never>; text: string } {
  const lines: string[] = [];
  write(pino(loggerOptions({ logLevel: 'info' }), { write: (line: string) => lines.push(line) }));
  const [text = ''] = lines;
  return { line: JSON.parse(text) as Record<string, never>, text };
}

describe('a log line', () => {
  it('is a JSON object with level, time and message', () => {
    const { line } = logged((logger) => logger.info({ mailbox: 'm1', bytes: 3 }, 'polled'));
    expect(line).toMatchObject({ level: 'info', msg: 'polled', mailbox: 'm1', bytes: 3 });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it.each<[string, (logger: pino.Logger) => void]>([
    ['a password', (logger) => logger.info({ password: SECRET })],
    ['a member deep inside', (logger) => logger.info({ setting: { account: [{ clientSecret: SECRET }] } })],
    [
      'any way to write its name',
      (logger) => logger.info({ 'Set-Cookie': SECRET, refresh_token: SECRET, PASSWORD: SECRET }),
    ],
    ['an object as a secret', (logger) => logger.info({ credentials: { user: SECRET } })],
    ['the subject of a mail', (logger) => logger.info({ mail: { subject: SECRET, html: SECRET } })],
    ['the words of a search', (logger) => logger.info({ q: SECRET })],
    ['bytes', (logger) => logger.info({ part: Buffer.from(SECRET) })],
    ['what a child logger is bound to', (logger) => logger.child({ token: SECRET }).info('x')],
    ['a URL with a password', (logger) => logger.info(`connecting to smtp://relay:${SECRET}@smtp.example`)],
    ['a header in the text', (logger) => logger.info(`sent Authorization: Bearer ${SECRET}`)],
    ['a member in the text', (logger) => logger.info(`answer {"access_token":"${SECRET}","expires_in":1}`)],
    ['what goes into the text', (logger) => logger.info('tried %s and %o', `password=${SECRET}`, { password: SECRET })],
    [
      'an error’s request',
      (logger) => logger.error(Object.assign(new Error('x'), { config: { headers: { a: SECRET } } })),
    ],
    ['an error’s message', (logger) => logger.error({ err: new Error(`invalid_grant: refresh_token=${SECRET}`) })],
    ['an error’s stack', (logger) => logger.error(new Error(`password=${SECRET}`))],
    [
      'an error’s cause',
      (logger) => logger.error(new Error('x', { cause: Object.assign(new Error('y'), { response: SECRET }) })),
    ],
    [
      'an error under another name',
      (logger) => logger.warn({ reason: Object.assign(new Error('x'), { data: SECRET }) }),
    ],
  ])('never holds a secret: %s', (_name, write) => {
    expect(logged(write).text).not.toContain(SECRET);
  });

  it('says of an error its name, message, code, frames and causes', () => {
    const cause = Object.assign(new TypeError('connect failed'), { code: 'ECONNREFUSED' });
    const { line } = logged((logger) => logger.error(new Error('poll failed', { cause })));
    expect(line['err']).toEqual({
      name: 'Error',
      message: 'poll failed',
      stack: expect.stringMatching(/^\s+at /) as string,
      cause: {
        name: 'TypeError',
        message: 'connect failed',
        code: 'ECONNREFUSED',
        stack: expect.any(String) as string,
      },
    });
  });

  it('says of a refusal its code', () => {
    const refusal = new Rejection('sold_out', {} as never);
    expect(logged((logger) => logger.error(refusal)).line['err']).toMatchObject({
      name: 'Rejection',
      code: 'sold_out',
    });
  });

  it('keeps what is no secret although it looks like one', () => {
    const stream = 'userMailSetting-acme_0b9c6b0e-31f6-4f4e-9a57-1f6f2d6d1b11';
    const { line } = logged((logger) => logger.info({ hasSecret: true, state: 'in_use' }, `stopped at ${stream}`));
    expect(line).toMatchObject({ hasSecret: true, state: 'in_use', msg: `stopped at ${stream}` });
  });

  it('takes out an opaque text as long as tokens are', () => {
    const token = 'ya29.' + 'aZ0-'.repeat(12);
    expect(logged((logger) => logger.info(`got ${token}`)).text).not.toContain('aZ0-aZ0-');
  });

  it('ends, whatever it is given', () => {
    const ring: Record<string, unknown> = { big: 10n };
    ring['ring'] = ring;
    expect(logged((logger) => logger.info(ring)).line).toMatchObject({ big: '10' });
  });
});
