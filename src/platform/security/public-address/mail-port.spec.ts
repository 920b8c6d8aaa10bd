import { describe, it, expect } from 'vitest';
import { isMailPort } from './mail-port.js';

describe('isMailPort', () => {
  it.each([110, 143, 993, 995, 1110, 1143, 2993, 10143, 10993, 40995, 65535])('%i may be a mail server', (port) => {
    expect(isMailPort(port)).toBe(true);
  });

  it.each([
    ...[-1, 0, 1, 21, 22, 23, 25, 53, 80, 111, 135, 139, 389, 443, 445, 465, 587, 636, 873, 1023],
    ...[1433, 2375, 3306, 3389, 5432, 5900, 5984, 6379, 6443, 8080, 8443, 9200, 10250, 11211, 27017],
    ...[65536, 143.5, Number.NaN],
  ])('%d is refused', (port) => {
    expect(isMailPort(port)).toBe(false);
  });
});
