import { Injectable } from '@nestjs/common';
import { CompanyRecord } from './company-record.js';
import { type Verdict, verifyRecord } from './sealed-record.js';
import { SealKeys } from './seal-keys.js';

/** Verifies a company's record from its first event. Whoever asks while it is under way gets the same answer. */
@Injectable()
export class IntegrityCheck {
  private readonly underWay = new Map<string, Promise<Verdict>>();

  constructor(
    private readonly record: CompanyRecord,
    private readonly keys: SealKeys,
  ) {}

  async verify(company: string): Promise<Verdict> {
    const present = this.underWay.get(company);
    if (present) return present;
    const verdict = verifyRecord(this.record.entries(company), this.keys);
    this.underWay.set(company, verdict);
    try {
      return await verdict;
    } finally {
      this.underWay.delete(company);
    }
  }
}
