import { describe, it, expect } from 'vitest';
import { receivedDate } from './received-date.js';

const dateOf = (...lines: string[]): string | undefined =>
  receivedDate(
    Buffer.from([...lines, '', 'Received: in the body; Fri, 1 Mar 2024 00:00:00 +0900', ''].join('\r\n')),
  )?.toISOString();

describe('receivedDate', () => {
  it.each([
    ['Fri, 1 Mar 2024 23:59:59 +0900', '2024-03-01T14:59:59.000Z'],
    ['Fri, 1 Mar 2024 23:59:59 +0900 (JST)', '2024-03-01T14:59:59.000Z'],
    ['1 Mar 2024 23:59:59 JST', '2024-03-01T14:59:59.000Z'],
    ['Fri,  1 Mar 2024 09:00 GMT', '2024-03-01T09:00:00.000Z'],
    ['Thu, 29 Feb 2024 10:00:00 -0500', '2024-02-29T15:00:00.000Z'],
    ['Thu, 29 Feb 2024 10:00:00 EST', '2024-02-29T15:00:00.000Z'],
    ['1 mar 24 00:00:00 +0000', '2024-03-01T00:00:00.000Z'],
    ['1 Mar 99 00:00:00 +0000', '1999-03-01T00:00:00.000Z'],
    ['1 Mar 124 00:00:00 +0000', '2024-03-01T00:00:00.000Z'],
    ['1 Mar 2024 00:00:00 XYZ', '2024-03-01T00:00:00.000Z'],
    ['1 Mar 2024 00:00:00', '2024-03-01T00:00:00.000Z'],
  ])('reads %j', (text, instant) => {
    expect(dateOf(`Received: from a by b; ${text}`)).toBe(instant);
    expect(dateOf(`Date: ${text}`)).toBe(instant);
  });

  it('takes the topmost Received field, folded as it may be', () => {
    const lines = [
      'Return-Path: <a@example.com>',
      'received: from a (a; [192.0.2.1])',
      '\tby b with ESMTP id 1;',
      '\tSat, 2 Mar 2024 09:00:00 +0900',
      'Received: from x by a; Fri, 1 Mar 2024 00:00:00 +0000',
      'Date: Thu, 1 Feb 2024 00:00:00 +0000',
    ];
    expect(dateOf(...lines)).toBe('2024-03-02T00:00:00.000Z');
  });

  it('takes the Date field where no Received field can be read or be true', () => {
    const date = 'Date: Thu, 1 Feb 2024 00:00:00 +0000';
    expect(dateOf('Received: nobody knows', date)).toBe('2024-02-01T00:00:00.000Z');
    expect(dateOf('Received: by a; Thu, 1 Jan 1970 00:00:00 +0000', date)).toBe('2024-02-01T00:00:00.000Z');
    expect(dateOf(date)).toBe('2024-02-01T00:00:00.000Z');
  });

  it.each([
    'Date: yesterday',
    'Date: 32 Mar 2024 00:00:00 +0000',
    'Date: 1 Foo 2024 00:00:00 +0000',
    'Date: 1 Mar 2024 25:00:00 +0000',
    'Date: 1 Mar 3024 00:00:00 +0000',
    'Subject: Date: 1 Mar 2024 00:00:00 +0000',
  ])('finds nothing in %j', (line) => {
    expect(dateOf(line)).toBeUndefined();
  });

  it('is quick with a header made to be slow', () => {
    const hostile = Buffer.from(`Received: ${'\r\n '.repeat(50_000)}${';'.repeat(50_000)}\r\n\r\n`);
    expect(receivedDate(hostile)).toBeNull();
  });
});
