/** Who holds a hand: a mailbox, and the server that it is read from as far as is known. */
export interface Work {
  readonly lane: Lane;
  endpoint: string | null;
  readonly startedAt: number;
  /** Asked to end at its next batch, because others have been waiting for long. */
  yields: boolean;
}

/** `troubled`: the last look at the mailbox failed, or its server did not answer when last asked. */
export type Lane = 'healthy' | 'troubled';

export interface WorkloadLimits {
  /** Mailboxes worked on at a time by this instance, by lane. */
  readonly hands: Readonly<Record<Lane, number>>;
  /** Connections at a time to one host and port. */
  readonly perEndpoint: number;
  /** The same to one that did not answer when last asked. */
  readonly perTroubledEndpoint: number;
  /** How long a look may go on while others wait, in milliseconds. */
  readonly shiftMs: number;
}

export const defaultWorkloadLimits: WorkloadLimits = {
  hands: { healthy: 12, troubled: 4 },
  perEndpoint: 4,
  perTroubledEndpoint: 1,
  shiftMs: 60_000,
};

/** Which mailboxes may be taken next. */
export interface TakeFilter {
  readonly lane: Lane;
  /** Servers with as many connections as they may have. */
  readonly fullEndpoints: readonly string[];
  readonly troubledEndpoints: readonly string[];
}

/**
 * What one instance is working on, and what it may take on: nothing that fails or hangs, and no server with many
 * mailboxes, can keep all hands to itself. Mailboxes in trouble share a few hands among themselves; a server gets a
 * few connections, and one while it does not answer; and a look that goes on for long makes place at its next batch
 * for one that waits. Bookkeeping only: no database, no clock.
 */
export class Workload {
  private readonly works = new Set<Work>();
  private readonly troubled = new Set<string>();

  constructor(private readonly limits: WorkloadLimits = defaultWorkloadLimits) {}

  /** What may be taken in the lane; null: all its hands are busy. */
  roomIn(lane: Lane): TakeFilter | null {
    const busy = [...this.works].filter((work) => work.lane === lane).length;
    if (busy >= this.limits.hands[lane]) return null;
    const endpoints = new Set([...this.works].flatMap(({ endpoint }) => endpoint ?? []));
    return {
      lane,
      fullEndpoints: [...endpoints].filter((endpoint) => !this.hasRoom(endpoint)),
      troubledEndpoints: [...this.troubled],
    };
  }

  begin(lane: Lane, endpoint: string | null, now: number): Work {
    const work: Work = { lane, endpoint, startedAt: now, yields: false };
    this.works.add(work);
    return work;
  }

  /** The work turns out to be with this server; false, and it has to be given back, when that has no room. */
  settle(work: Work, endpoint: string | null): boolean {
    if (endpoint === null || endpoint === work.endpoint) {
      work.endpoint = endpoint;
      return true;
    }
    if (!this.hasRoom(endpoint)) return false;
    work.endpoint = endpoint;
    return true;
  }

  end(work: Work): void {
    this.works.delete(work);
  }

  /** What the server did when it was asked: whether it answered, whatever the answer. */
  heard(endpoint: string | null, answered: boolean): void {
    if (endpoint === null) return;
    if (answered) this.troubled.delete(endpoint);
    else this.troubled.add(endpoint);
  }

  /** Others wait: the look that has gone on longest is asked to make place, if it has had its shift. */
  askForPlace(lane: Lane, now: number): void {
    const [longest] = [...this.works]
      .filter((work) => work.lane === lane && !work.yields)
      .sort((a, b) => a.startedAt - b.startedAt);
    if (longest && now - longest.startedAt >= this.limits.shiftMs) longest.yields = true;
  }

  private hasRoom(endpoint: string): boolean {
    const used = [...this.works].filter((work) => work.endpoint === endpoint).length;
    return used < (this.troubled.has(endpoint) ? this.limits.perTroubledEndpoint : this.limits.perEndpoint);
  }
}
