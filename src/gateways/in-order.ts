export interface AheadLimits<Outcome> {
  /** Items worked on at the same time. */
  readonly atOnce: number;
  /** Items that have been begun and whose outcome was not taken yet. */
  readonly ahead: number;
  /** Nothing is begun while finished outcomes that nobody has taken yet weigh as much. */
  readonly weight: number;
  readonly weightOf: (outcome: Outcome) => number;
}

/**
 * Works on several items at a time and yields the outcomes in the items' order. One that takes long, or pauses before
 * another try, holds up those behind it only when so many are ahead; what waits to be taken is bounded by weight too.
 * A failure is thrown where its outcome would have been yielded; what is under way then is the caller's to cut short.
 */
export async function* inOrder<Item, Outcome>(
  items: readonly Item[],
  work: (item: Item) => Promise<Outcome>,
  { atOnce, ahead, weight, weightOf }: AheadLimits<Outcome>,
): AsyncGenerator<Outcome, undefined> {
  const begun: Promise<Outcome>[] = [];
  const remaining = items.values();
  const load = { underWay: 0, weight: 0, isOver: false };
  const one = async (item: Item): Promise<Outcome> => {
    try {
      const outcome = await work(item);
      load.weight += weightOf(outcome);
      return outcome;
    } catch (error) {
      load.isOver = true;
      throw error;
    } finally {
      load.underWay -= 1;
      begin();
    }
  };
  const begin = (): void => {
    while (!load.isOver && load.underWay < atOnce && begun.length < ahead && load.weight < weight) {
      const { done, value } = remaining.next();
      if (done === true) return;
      load.underWay += 1;
      const outcome = one(value);
      outcome.catch(() => undefined); // thrown where it is awaited; until then it is not an unhandled one
      begun.push(outcome);
    }
  };
  try {
    for (begin(); begun.length > 0; begin()) {
      const outcome = await begun[0]!;
      void begun.shift(); // which has ended
      load.weight -= weightOf(outcome);
      yield outcome;
    }
  } finally {
    load.isOver = true;
  }
}
