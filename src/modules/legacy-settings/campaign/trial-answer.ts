/** What would become of a person. */
export interface ExpectedChange {
  readonly userId: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The JSON of a trial's answer (`CampaignAnswer`), written as it is read: however many people it would concern, only a
 * page of them is held at a time. How many they are stands behind them, for nobody knows it before.
 */
export async function* trialAnswer(pages: AsyncIterable<readonly ExpectedChange[]>): AsyncGenerator<string> {
  let affected = 0;
  yield '{"users":[';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield (affected === 0 ? '' : ',') + page.map((change) => JSON.stringify(change)).join(',');
    affected += page.length;
  }
  yield `],"affected":${affected},"campaign":null}`;
}
