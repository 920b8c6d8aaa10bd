/** What a person does on the consent page. */
export interface ConsentDecision {
  /** Who signs in: user principal name, address or object id. */
  readonly account: { readonly id: string };
  readonly decision: 'accept' | 'deny' | 'return';
}

/**
 * A browser for tests: keeps cookies a host, follows redirects by hand, and presses the buttons of the consent page.
 * It trusts what the process trusts (tls.setDefaultCACertificates).
 */
export class TestBrowser {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** Follows redirects until a page comes, or until `stopAt` says that an address is where the journey ends. */
  async open(address: string, stopAt: (url: URL) => boolean = () => false): Promise<Arrival> {
    return this.request(new URL(address), {}, stopAt);
  }

  /** Presses a button on the page it is on. */
  async decide(page: Arrival, { account, decision }: ConsentDecision, stopAt: (url: URL) => boolean): Promise<Arrival> {
    const request = /name="request" value="([^"]*)"/.exec(page.body)?.[1];
    if (request === undefined) throw new Error(`This is no consent page: ${page.url.href} ${page.body.slice(0, 300)}`);
    const body = new URLSearchParams({ request: unescaped(request), account: account.id, decision });
    return this.request(page.url, { method: 'POST', body }, stopAt);
  }

  /** Sends the form of the page it is on, with these fields. */
  async submit(page: Arrival, fields: URLSearchParams, stopAt: (url: URL) => boolean): Promise<Arrival> {
    return this.request(page.url, { method: 'POST', body: fields }, stopAt);
  }

  private async request(url: URL, init: RequestInit, stopAt: (url: URL) => boolean): Promise<Arrival> {
    let [at, options] = [url, init];
    for (let hops = 0; hops < 20; hops++) {
      if (stopAt(at)) return { url: at, status: 0, body: '' };
      const response = await fetch(at, { ...options, redirect: 'manual', headers: { cookie: this.cookiesFor(at) } });
      this.remember(at, response);
      const location = response.headers.get('location');
      const body = await response.text();
      if (location === null || response.status < 300 || response.status > 399)
        return { url: at, status: response.status, body };
      at = new URL(location, at);
      options = {};
    }
    throw new Error(`Too many redirects from ${url.href}`);
  }

  private cookiesFor({ host, pathname }: URL): string {
    const kept = this.cookies.get(host) ?? new Map<string, string>();
    return [...kept]
      .filter(([key]) => pathname.startsWith(key.split('|')[1] ?? '/'))
      .map(([key, value]) => `${key.split('|')[0] ?? ''}=${value}`)
      .join('; ');
  }

  private remember({ host }: URL, response: Response): void {
    const kept = this.cookies.get(host) ?? new Map<string, string>();
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      const key = `${name}|${/;\s*path=([^;]+)/i.exec(cookie)?.[1] ?? '/'}`;
      if (value === '' || /max-age=0/i.test(cookie)) kept.delete(key);
      else kept.set(key, value);
    }
    this.cookies.set(host, kept);
  }
}

/** Where a journey ended. */
export interface Arrival {
  readonly url: URL;
  /** 0: the address was not asked, because the journey was to end before it. */
  readonly status: number;
  readonly body: string;
}

const unescaped = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (entity) => ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" })[entity] ?? entity,
  );
