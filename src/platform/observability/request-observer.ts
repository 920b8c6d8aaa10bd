import { Injectable, Logger } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type NextFunction, type Request, type Response } from 'express';
import { callerOf } from '../security/auth/caller.js';
import { correlationIdOf } from './correlation-id.js';
import { Metrics } from './metrics.js';

const UNOBSERVED = /^\/(health\/|metrics$)/;

/**
 * One line and one measurement for every request, the refused and unparsable ones included: therefore it stands
 * before everything else. It writes the path and never the query, which may hold addresses and authorization codes.
 */
@Injectable()
export class RequestObserver {
  private readonly logger = new Logger('Request');
  private readonly durations;

  constructor(metrics: Metrics) {
    this.durations = metrics.histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    });
  }

  readonly middleware = (request: Request, response: Response, next: NextFunction): void => {
    const requestId = correlationIdOf(request);
    response.setHeader('X-Request-Id', requestId);
    const started = performance.now();
    const path = request.path;
    const ended = (): void => {
      if (UNOBSERVED.test(path)) return;
      const milliseconds = performance.now() - started;
      const status = response.writableFinished ? response.statusCode : 'aborted';
      const route = routeOf(request);
      this.durations.observe({ method: request.method, route, status: String(status) }, milliseconds / 1_000);
      this.write(request, { path, status, milliseconds: Math.round(milliseconds), requestId });
    };
    // Bound to what is known here: the logger of the handler's context would name the request a second time.
    response.once('close', AsyncLocalStorage.bind(ended));
    next();
  };

  private write(
    request: Request,
    facts: { path: string; status: number | 'aborted'; milliseconds: number; requestId: string },
  ): void {
    const { company, userId } = callerOf(request) ?? {};
    const entry = { method: request.method, ...facts, company, userId, clientAddress: request.ip };
    if (typeof facts.status === 'number' && facts.status >= 500) this.logger.error(entry);
    else this.logger.log(entry);
  }
}

/** The route's pattern: paths hold ids and would make a time series each. */
function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { readonly path?: unknown };
  // A wildcard is the framework's: middleware, or the handler of what nothing else handles.
  return typeof path === 'string' && !path.includes('*') ? path : 'unmatched';
}
