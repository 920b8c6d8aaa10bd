import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { type Observable } from 'rxjs';
import { hasBody } from './body.js';
import { rejectHttp } from './problems/problems.errors.js';

const CONSUMES = 'hrbc:consumes';

/** For routes that take something else than JSON: `@Consumes('text/csv', 'application/x-ndjson')`. */
export const Consumes = (...mediaTypes: readonly string[]) => SetMetadata(CONSUMES, mediaTypes);

/** Global: a body of a type that the route does not take is refused (415) before anybody wonders why it is empty. */
@Injectable()
export class MediaTypeInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const targets = [context.getHandler(), context.getClass()];
    const accepted = this.reflector.getAllAndOverride<readonly string[] | undefined>(CONSUMES, targets) ?? JSON_ONLY;
    if (hasBody(request) && !request.is([...accepted])) {
      throw rejectHttp('media_type_not_supported', { accepted: [...accepted] });
    }
    return next.handle();
  }
}

const JSON_ONLY = ['application/json', 'application/*+json'];
