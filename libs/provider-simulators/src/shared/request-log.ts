/** A request as a simulator saw it. Bodies and tokens are not in it. */
export interface SeenRequest {
  readonly operation: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly subject: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  /** How many requests of the same subject were under way, this one included. */
  readonly atOnce: number;
}

const MOST = 100_000;
const SHOWN_HEADERS = ['prefer', 'content-type', 'accept', 'user-agent'];

/** What was asked, in order. */
export class RequestLog {
  private seen: SeenRequest[] = [];

  add(
    request: Omit<SeenRequest, 'headers'> & { readonly headers: Readonly<Record<string, string | undefined>> },
  ): void {
    const headers = Object.fromEntries(SHOWN_HEADERS.flatMap((name) => pairOf(name, request.headers[name])));
    this.seen.push({ ...request, headers });
    if (this.seen.length > MOST) this.seen = this.seen.slice(-MOST / 2);
  }

  /** Those of an operation, or of all whose names begin so (`graph.*`). */
  of(operation: string): readonly SeenRequest[] {
    if (!operation.endsWith('*')) return this.seen.filter((request) => request.operation === operation);
    const beginning = operation.slice(0, -1);
    return this.seen.filter((request) => request.operation.startsWith(beginning));
  }

  clear(): void {
    this.seen = [];
  }
}

const pairOf = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];
