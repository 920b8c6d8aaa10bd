import { setTimeout as sleep } from 'node:timers/promises';

/** A service that is started anew, or a store behind it, is back within this time. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 1_000;
/** Away, or too busy: the same request may be right in a moment. */
const TRY_AGAIN = new Set([429, 502, 503, 504]);

/** The import of a running service. Sending a line again changes nothing, so whatever fails on the way is repeated. */
export class LegacyService {
  #url;
  #headers;
  #tell;

  constructor({ url, token, language, tell }) {
    this.#url = new URL('/api/v1/admin/legacy-settings', url);
    this.#headers = {
      authorization: `Bearer ${token}`,
      'accept-language': language,
      'content-type': 'application/x-ndjson',
    };
    this.#tell = tell;
  }

  /** Imports these rows; answers what became of them, refused ones by their place (1 for the first). */
  async import(rows) {
    if (rows.length === 0) return { accepted: 0, unchanged: 0, rejected: [] };
    const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const deadline = Date.now() + PATIENCE_MS;
    for (let told = ''; ;) {
      const { answer, trouble, pauseMs } = await this.#attempt(body);
      if (answer !== undefined) return answer;
      if (Date.now() + pauseMs > deadline) throw new Error(trouble);
      if (trouble !== told) this.#tell(`${trouble}: trying again …`);
      told = trouble;
      await sleep(pauseMs);
    }
  }

  /** An answer, or what stands in its way for the moment; throws what trying again cannot help. */
  async #attempt(body) {
    let response;
    try {
      response = await fetch(this.#url, { method: 'POST', headers: this.#headers, body });
      if (response.ok) return { answer: await response.json() };
    } catch (error) {
      // What fetch says itself is only that it failed.
      return { trouble: `${this.#url.origin} does not answer (${causeOf(error)})`, pauseMs: PAUSE_MS };
    }
    const { code = '', detail = '' } = await response.json().catch(() => ({}));
    const trouble = `${response.status} ${code} ${detail}`.trim();
    if (!TRY_AGAIN.has(response.status)) throw new Error(trouble);
    return { trouble, pauseMs: Number(response.headers.get('retry-after') ?? 0) * 1_000 || PAUSE_MS };
  }
}

function causeOf({ message, cause }) {
  return cause?.code ?? cause?.message ?? message;
}
