import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger, Optional } from '@nestjs/common';
import { type Rejection } from '@libs/eventsourcing';
import { type Request, type Response } from 'express';
import { refusedAccessOf, RefusedAttempts } from '../../audit-trail/index.js';
import { correlationIdOf } from '../../observability/correlation-id.js';
import { callerOf, commandMetadata } from '../../security/auth/index.js';
import { preferredLanguage } from './language.js';
import { PROBLEM_MEDIA_TYPE, problemHeaders, problemOf, statusOf } from './problem.js';
import { rejectionOf } from './rejection-of.js';

/** The one place where errors become answers. What nobody foresaw is logged here, once, under the request's id. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(@Optional() private readonly attempts?: RefusedAttempts) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<Request>(), http.getResponse<Response>());
  }

  /** For middleware, which no filter stands behind. */
  answer(error: unknown, request: Request, response: Response): void {
    const rejection = rejectionOf(error, correlationIdOf(request));
    this.noteRefusedAccess(rejection, request);
    if (statusOf(rejection.definition.kind) >= 500 && rejection !== error) this.logger.error(error);
    if (response.headersSent) {
      // A stream broke off. Half an answer must not look like a whole one, so the connection goes.
      response.destroy();
      return;
    }
    send(rejection, request, response);
  }

  private noteRefusedAccess(rejection: Rejection, request: Request): void {
    const code = refusedAccessOf(rejection);
    const caller = callerOf(request);
    if (code === null || caller === undefined) return;
    const [path = ''] = request.originalUrl.split('?');
    this.attempts?.record({ code, attempt: `${request.method} ${path}`, metadata: commandMetadata(caller, request) });
  }
}

function send(rejection: Rejection, request: Request, response: Response): void {
  const language = preferredLanguage(request.headers['accept-language']);
  const requestId = correlationIdOf(request);
  // What the handler prepared for its own answer does not belong to the refusal.
  for (const header of ['ETag', 'Location', 'Content-Disposition']) response.removeHeader(header);
  response
    .status(statusOf(rejection.definition.kind))
    .set({
      'Content-Type': PROBLEM_MEDIA_TYPE,
      'Content-Language': language,
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      ...problemHeaders(rejection),
    })
    .vary('Accept-Language')
    .send(JSON.stringify(problemOf(rejection, language, requestId)));
}
