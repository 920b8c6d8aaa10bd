import { type NestExpressApplication } from '@nestjs/platform-express';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import helmet from 'helmet';
import { APP_CONFIG, type AppConfig } from '../config/index.js';
import { RequestObserver } from '../observability/request-observer.js';
import { rememberDigest } from './body.js';
import { setUpOpenApi } from './openapi/openapi.js';

export interface HttpSetup {
  /** Paths whose JSON bodies may be larger than 1 MiB, and how large (bytes): `{ '/api/v1/outbox/messages': … }`. */
  readonly bodyLimits?: Readonly<Record<string, number>>;
}

/** What lies outside `/api/v1`: it is not part of the contract's version. */
const UNVERSIONED = ['/', 'health/{*path}', 'metrics', 'sandbox', 'sandbox/{*path}', 'oauth/{*path}'];
const BODY_LIMIT = 1_048_576;
/**
 * How long a body may take to come in. Node's five minutes would cut an upload that is read at the pace at which its
 * lines are worked on; headers still have to come within Node's minute.
 */
const LONGEST_UPLOAD_MS = 2 * 60 * 60 * 1_000;
/** Not strict: that a body is JSON but no object is said by the validation, in its own words. */
const JSON_PARSER = { strict: false, verify: rememberDigest };

/**
 * Everything about HTTP that belongs to the application and not to a module: called once, by `main.ts` and by tests,
 * before `listen`. The global guard, filter, pipe and interceptors come with HttpModule and SecurityModule.
 */
export function setupHttp(app: NestExpressApplication, { bodyLimits = {} }: HttpSetup = {}): void {
  app.getHttpServer().requestTimeout = LONGEST_UPLOAD_MS;
  app.disable('x-powered-by');
  // Only entity tags that stand for revisions; Express's own hash the body and would be honoured by If-Match.
  app.set('etag', false);
  // `X-Forwarded-*` is believed from nobody: the audit trail holds the address that really connected.
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.use(app.get(RequestObserver).middleware);
  app.use(securityHeaders(app.get<AppConfig>(APP_CONFIG).http.publicUrl));
  app.use('/api/v1', privateAnswers);
  for (const [path, limit] of Object.entries(bodyLimits)) {
    app.useBodyParser('json', {
      ...JSON_PARSER,
      limit,
      type: (request) => isJson(request) && pathOf(request) === path,
    });
  }
  app.useBodyParser('json', { ...JSON_PARSER, limit: BODY_LIMIT, type: isJson });
  app.setGlobalPrefix('api/v1', { exclude: UNVERSIONED });
  setUpOpenApi(app);
}

/** Where the service is reached without TLS, a browser must not be told to insist on it. */
function securityHeaders(publicUrl: string) {
  if (publicUrl.startsWith('https:')) return helmet();
  return helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
}

/** What the API answers is one caller's and may change at any time: no cache may give it to anybody unasked. */
function privateAnswers(_request: unknown, response: ServerResponse, next: () => void): void {
  response.setHeader('Cache-Control', 'private, no-cache');
  next();
}

/** JSON only; a form in another site's page cannot send it without asking (CORS), and nobody answers that. */
function isJson(request: IncomingMessage): boolean {
  return /^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}

function pathOf(request: IncomingMessage): string | undefined {
  return request.url?.split('?')[0];
}
