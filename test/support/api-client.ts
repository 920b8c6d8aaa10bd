/** An answer, its body read: JSON where it is JSON, text otherwise. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in place of a JSON body. */
  readonly raw?: string;
}

/** Tests read answers freely; what is in them is what they assert. */
type Json = ReturnType<typeof JSON.parse>;

/** Calls the REST contract as HRBC's web tier does. */
export class ApiClient {
  constructor(
    private readonly base: string,
    private readonly token: string | null,
  ) {}

  get<Body = Json>(path: string, options?: CallOptions): Promise<Answer<Body>> {
    return this.call('GET', path, undefined, options);
  }

  post<Body = Json>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>> {
    return this.call('POST', path, body, options);
  }

  put<Body = Json>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>> {
    return this.call('PUT', path, body, options);
  }

  delete<Body = Json>(path: string, options?: CallOptions): Promise<Answer<Body>> {
    return this.call('DELETE', path, undefined, options);
  }

  /** Sends a form as a browser does (multipart/form-data). */
  form<Body = Json>(path: string, form: FormData, options?: CallOptions): Promise<Answer<Body>> {
    return this.send('POST', path, form, options);
  }

  /** The bytes of an answer, for sources and attachments. */
  async bytes(path: string): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: Buffer }> {
    const response = await fetch(this.urlOf(path), { headers: this.headers() });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  async call<Body>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer<Body>> {
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const type: Record<string, string> = payload === undefined ? {} : { 'content-type': 'application/json' };
    return this.send(method, path, payload, { ...options, headers: { ...type, ...options.headers } });
  }

  private async send<Body>(
    method: string,
    path: string,
    body: string | FormData | undefined,
    options: CallOptions = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.urlOf(path), {
      method,
      redirect: 'manual',
      headers: { ...this.headers(), ...options.headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  /** Paths of the contract stand below /api/v1; those with a root of their own are given with it. */
  private urlOf(path: string): string {
    return /^\/(sandbox|health|metrics|api)(\/|$)/.test(path) ? `${this.base}${path}` : `${this.base}/api/v1${path}`;
  }

  private headers(): Record<string, string> {
    return this.token === null ? {} : { authorization: `Bearer ${this.token}` };
  }
}
