/** Something that is done again and again without a request. */
export interface Job {
  /** Unique; names the job in logs and metrics. */
  readonly name: string;
  /** From the start of one run to the start of the next; asked anew each time when it is a function. */
  readonly milliseconds: number | (() => number);
  /** Ends soon after `signal` is aborted, at a place where nothing is lost. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** The interval of the next run: ±10 %, so that instances started together do not stay together. */
export function nextInterval({ milliseconds }: Job, random: () => number = Math.random): number {
  const interval = typeof milliseconds === 'function' ? milliseconds() : milliseconds;
  return Math.round(interval * (0.9 + 0.2 * random()));
}
