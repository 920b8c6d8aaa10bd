import { Injectable } from '@nestjs/common';
import { setImmediate as breath } from 'node:timers/promises';
import { newId } from '../../../platform/ids.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { MAIL_ERASURE, type MailErasureEvent } from '../erasing/mail-erasure.events.js';
import { InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { MailboxQueue } from '../receiving/mailbox-queue.js';
import { type BlockRange, SearchBlocks } from './search-blocks.js';

/** Mails of a block; so many, or fewer, are searched without the index. */
export const BLOCK_MAILS = 8_192;
const NAME = 'seal-the-search-index';
const LEASE_MS = 60_000;

/**
 * Makes blocks of the search index (ADR 0062) from the list of received mail: for each company, whenever enough mail
 * has come in or changed since the last one. Nothing waits for it: what is in no block yet is searched all the same.
 */
@Injectable()
export class SearchSealing {
  private readonly holder = newId();
  /** Up to which position a company was last found to have too few mails for a block of this size. */
  private readonly looked = new Map<string, string>();

  constructor(
    private readonly blocks: SearchBlocks,
    private readonly view: InboxMessagesView,
    private readonly queue: MailboxQueue,
    private readonly leases: Leases,
    projectors: Projectors,
  ) {
    projectors.follow({
      name: 'search_block_voiding',
      categories: [MAIL_ERASURE],
      handle: async (events) => {
        for (const event of events) {
          const { company } = event.metadata;
          await blocks.makeVoid(company, (event.data as MailErasureEvent['data']).userId, event.position);
        }
      },
    });
  }

  /** Makes all blocks that there are to be made, of all companies; ends soon after `signal` is aborted. */
  async sealDue(signal: AbortSignal, size = BLOCK_MAILS): Promise<void> {
    const lease = await this.leases.take(NAME, this.holder, LEASE_MS);
    if (lease === null) return;
    const goesOn = async () => !signal.aborted && (await this.leases.renew(NAME, this.holder, lease.fence, LEASE_MS));
    try {
      await this.remakeStale(goesOn);
      for (const company of await this.queue.companies()) await this.sealAll(company, size, goesOn);
    } finally {
      await this.leases.release(NAME, this.holder, lease.fence);
    }
  }

  private async remakeStale(goesOn: () => Promise<boolean>): Promise<void> {
    while (await goesOn()) {
      const seen = this.view.seenUpTo ?? '';
      const stale = await this.blocks.anyStale(seen);
      if (stale === null) return;
      await this.seal(stale, seen);
    }
  }

  private async sealAll(company: string, size: number, goesOn: () => Promise<boolean>): Promise<void> {
    const newest = await this.view.lastWritten(company);
    if (newest === null || this.looked.get(company) === `${newest} ${size}`) return;
    while (await goesOn()) {
      if (await this.sealNext(company, size)) continue;
      if (newest <= (this.view.seenUpTo ?? '')) this.looked.set(company, `${newest} ${size}`);
      return;
    }
  }

  /** Answers whether there were mails enough. */
  private async sealNext(company: string, size: number): Promise<boolean> {
    const seen = this.view.seenUpTo;
    if (seen === null) return false;
    const from = await this.blocks.sealedTo(company);
    const to = await this.view.positionBehind({ company, from, to: seen }, size);
    if (to === null) return false;
    await this.seal({ company, from, to }, seen);
    return true;
  }

  private async seal({ company, from, to }: BlockRange, seen: string): Promise<void> {
    const mails = await this.view.textsBetween({ company, from, to });
    await this.blocks.keep({ company, from, to }, mails, seen, async () => breath());
  }
}
