import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { MailboxLook } from './mailbox-look.js';
import { MailboxQueue, type TakenMailbox } from './mailbox-queue.js';
import { type Lane, Workload } from './workload.js';

const LANES: readonly Lane[] = ['healthy', 'troubled'];

/** Takes due mailboxes and looks into them; one that fails or hangs holds up nothing but itself (Workload). */
@Injectable()
export class Receiver implements OnModuleDestroy {
  private readonly logger = new Logger(Receiver.name);
  private readonly load = new Workload();
  private readonly busy = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly queue: MailboxQueue,
    private readonly looks: MailboxLook,
  ) {}

  /** Fills every free hand with a due mailbox, and returns without waiting for the looks to end. */
  async takeDue(): Promise<void> {
    for (const lane of LANES) await this.fill(lane);
  }

  /** Ends every look at its next batch and gives the mailboxes back, so that another instance goes on at once. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.busy);
  }

  private async fill(lane: Lane): Promise<void> {
    for (let room = this.load.roomIn(lane); room !== null; room = this.load.roomIn(lane)) {
      if (this.ending.signal.aborted) return;
      const taken = await this.queue.take(room);
      if (taken === null) return;
      this.begin(taken, lane);
    }
    if (await this.queue.isAnyDue({ lane, fullEndpoints: [], troubledEndpoints: [] })) {
      this.load.askForPlace(lane, Date.now());
    }
  }

  private begin(taken: TakenMailbox, lane: Lane): void {
    const work = this.load.begin(lane, taken.endpoint, Date.now());
    const looking: Promise<void> = this.looks
      .at(taken, {
        signal: this.ending.signal,
        settle: (endpoint) => this.load.settle(work, endpoint),
        heard: (endpoint, answered) => this.load.heard(endpoint, answered),
        yields: () => work.yields,
      })
      .catch((error: unknown) => {
        this.logger.error({ error }, 'A mailbox could not be given back; its lease runs out by itself.');
      })
      .finally(() => {
        this.load.end(work);
        this.busy.delete(looking);
      });
    this.busy.add(looking);
  }
}
