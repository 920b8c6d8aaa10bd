import { describe, expect, it } from 'vitest';
import { reportedOf } from './reported-mail.js';

const recipients = ['sato@customer.example', 'tanaka..t.@docomo.example'];
const failed = (...addresses: readonly string[]) => ({ addresses, action: 'failed', status: '5.1.1' }) as const;
const delayed = (...addresses: readonly string[]) => ({ addresses, action: 'delayed', status: '4.4.1' }) as const;

describe('whom a report tells of', () => {
  it('is found by address, in any case and in quotes', () => {
    expect(reportedOf([failed('SATO@customer.example'), delayed('"tanaka..t."@docomo.example')], recipients)).toEqual([
      { recipient: 0, action: 'failed', status: '5.1.1' },
      { recipient: 1, action: 'delayed', status: '4.4.1' },
    ]);
  });
  it('is found by the address as it was written, where it was forwarded', () => {
    expect(reportedOf([failed('sato@customer.example', 'sato@elsewhere.example')], recipients)).toMatchObject([
      { recipient: 0 },
    ]);
  });
  it('is not a postmaster who is named as well', () => {
    expect(reportedOf([failed('postmaster@x.example'), failed('sato@customer.example')], recipients)).toHaveLength(1);
  });
  it('is the only recipient, whatever address the report has', () => {
    expect(reportedOf([failed('x@elsewhere.example')], ['sato@customer.example'])).toMatchObject([{ recipient: 0 }]);
  });
  it('is nobody by name otherwise, and the worst that is said counts', () => {
    expect(reportedOf([delayed(), failed('x@elsewhere.example')], recipients)).toEqual([
      { recipient: null, action: 'failed', status: '5.1.1' },
    ]);
    expect(reportedOf([], recipients)).toEqual([]);
  });
});
