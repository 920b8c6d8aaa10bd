import { setImmediate as nextTurn } from 'node:timers/promises';

interface Gathering<Answer> {
  readonly ids: Set<string>;
  readonly answers: Promise<ReadonlyMap<string, Answer>>;
}

/**
 * Asks a store once for everything that is asked for within one turn of the event loop: what many do side by side
 * costs one request. Nobody is given what was read before the question; an error reaches everybody who has asked.
 */
export class GatheredReads<Answer> {
  private gathering: Gathering<Answer> | null = null;

  constructor(
    /** Answers what is there, by id; what is missing has no entry. */
    private readonly readMany: (ids: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
    private readonly mostAtOnce = 500,
  ) {}

  /** null: there is none. */
  async read(id: string): Promise<Answer | null> {
    const { ids, answers } = (this.gathering ??= this.begin());
    ids.add(id);
    if (ids.size >= this.mostAtOnce) this.gathering = null;
    return (await answers).get(id) ?? null;
  }

  private begin(): Gathering<Answer> {
    const ids = new Set<string>();
    const gathering: Gathering<Answer> = { ids, answers: this.ask(ids, () => gathering) };
    return gathering;
  }

  private async ask(ids: ReadonlySet<string>, asked: () => Gathering<Answer>): Promise<ReadonlyMap<string, Answer>> {
    await nextTurn();
    if (this.gathering === asked()) this.gathering = null;
    return this.readMany([...ids]);
  }
}
