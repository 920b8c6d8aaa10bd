import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';

/** One who keeps something that says who a person is, or what the person wrote or received. */
export interface PersonalDataHolder {
  readonly name: string;
  /** Holders are asked in this order: what brings new data in (1) ends before what was brought in (2) goes. */
  readonly order: 1 | 2;
  /**
   * Erases what it keeps of this person, for good, and says of how many things. Must bear repetition: it is called
   * again after a crash, and later again in case something came in late. `metadata` is for the events it appends.
   */
  erasePerson(company: string, userId: string, metadata: CommandMetadata): Promise<number>;
}

/** One who keeps mail, which a company may not want to keep for ever. */
export interface AgingDataHolder {
  readonly name: string;
  /** Erases what is older than this instant and says of how many things. Must bear repetition. */
  eraseOlderThan(company: string, before: Date, metadata: CommandMetadata): Promise<number>;
}

/**
 * Where modules say that they keep personal data. The registry stands here, so that whoever decides that a person is
 * forgotten, or that mail has aged out, need not know who keeps what.
 */
@Injectable()
export class PersonalData {
  private readonly personal: PersonalDataHolder[] = [];
  private readonly aging: AgingDataHolder[] = [];

  register(holder: PersonalDataHolder): void {
    this.personal.push(holder);
  }

  registerAging(holder: AgingDataHolder): void {
    this.aging.push(holder);
  }

  /** Asks every holder, one after the other; answers how many things each has erased. */
  async erasePerson(company: string, userId: string, metadata: CommandMetadata): Promise<ErasedCounts> {
    const holders = [...this.personal].sort((a, b) => a.order - b.order);
    const counts: Record<string, number> = {};
    for (const holder of holders) counts[holder.name] = await holder.erasePerson(company, userId, metadata);
    return counts;
  }

  async eraseOlderThan(company: string, before: Date, metadata: CommandMetadata): Promise<ErasedCounts> {
    const counts: Record<string, number> = {};
    for (const holder of this.aging) counts[holder.name] = await holder.eraseOlderThan(company, before, metadata);
    return counts;
  }
}

/** By holder. */
export type ErasedCounts = Readonly<Record<string, number>>;
