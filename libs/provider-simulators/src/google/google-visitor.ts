import { type Arrival, type TestBrowser } from '../shared/test-browser.js';

/** How a person answers Google's pages. */
export interface GoogleVisit {
  /** Who signs in. */
  readonly as: string;
  /** Permissions whose tick is taken away, by the end of their scope (`gmail.send`). */
  readonly untick?: readonly string[];
  /** キャンセル. */
  readonly cancels?: boolean;
  /** Goes no further than the warning page, instead of 詳細 → …に移動. */
  readonly mistrusts?: boolean;
}

/** Does what a person does at the simulator's consent page: ticks, and sends the form. Rejects where there is none. */
export async function answerGoogle(
  browser: TestBrowser,
  page: Arrival,
  visit: GoogleVisit,
  stopAt: (url: URL) => boolean,
): Promise<Arrival> {
  const [request] = valuesOf(page.body, 'request');
  if (request === undefined) throw new Error(`This is no consent page: ${page.url.href} ${page.body.slice(0, 300)}`);
  const form = new URLSearchParams({ request, account: visit.as, decision: visit.cancels ? 'deny' : 'accept' });
  for (const scope of valuesOf(page.body, 'scope')) {
    if (!visit.untick?.some((end) => scope.endsWith(end))) form.append('scope', scope);
  }
  if (page.body.includes('name="unsafe"') && !visit.mistrusts) form.set('unsafe', 'yes');
  return browser.submit(page, form, stopAt);
}

function valuesOf(html: string, name: string): string[] {
  const field = new RegExp(`name="${name}" value="([^"]*)"`, 'g');
  return [...html.matchAll(field)].map(([, value = '']) =>
    value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'),
  );
}
