import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { type Request, type Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { type Caller, callerOf } from '../../security/auth/index.js';
import { bodyDigestOf } from '../body.js';
import { rejectHttp } from '../problems/problems.errors.js';
import { type Attempt, IdempotencyRecords, type KeyedRequest } from './idempotency-records.js';
import { rememberSeed } from './idempotency-seed.js';
import { isRefusal, refusalToRemember, type RememberedAnswer, replay, resultToRemember } from './remembered-answer.js';

/**
 * Global: makes a POST with an `Idempotency-Key` happen once. A repeat gets the first answer again, with
 * `Idempotency-Replayed: true`. Public routes, streamed bodies and streamed answers are left alone.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Idempotency');

  constructor(private readonly records: IdempotencyRecords) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    const keyed = keyedRequest(request, callerOf(request));
    if (keyed === null) return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    const outcome = await this.records.begin(keyed);
    switch (outcome.kind) {
      case 'run':
        rememberSeed(request, outcome.attempt.seed);
        return from(this.carryOut(outcome.attempt, next, response));
      case 'replay':
        return from([replay(outcome.answer, response)]);
      case 'reused':
        throw rejectHttp('idempotency_key_reused');
      case 'in_progress':
        throw rejectHttp('idempotency_key_in_progress', { retryAfterSeconds: 5 });
    }
  }

  private async carryOut(attempt: Attempt, next: CallHandler, response: Response): Promise<unknown> {
    const renewal = setInterval(() => void this.logged(attempt.renew()), this.records.times.leaseMs / 3);
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      await this.remember(attempt, resultToRemember(body, response));
      return body;
    } catch (error) {
      if (isRefusal(error)) await this.remember(attempt, refusalToRemember(error));
      else await this.logged(attempt.giveUp());
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  private remember(attempt: Attempt, answer: RememberedAnswer | null): Promise<void> {
    return this.logged(answer === null ? attempt.forget() : attempt.complete(answer));
  }

  /**
   * What the handler did is done, and its answer is the truth also when it could not be kept: a repeat then carries
   * it out again, with the same seed.
   */
  private async logged(write: Promise<unknown>): Promise<void> {
    try {
      if ((await write) === false) this.logger.warn('Another attempt has taken over a keyed request.');
    } catch (error) {
      this.logger.error(error);
    }
  }
}

/** null: nothing to watch over. A body that no parser has read is read by the handler, piece by piece. */
function keyedRequest(request: Request, caller: Caller | undefined): KeyedRequest | null {
  const key = request.headers['idempotency-key'];
  const digest = bodyDigestOf(request);
  if (request.method !== 'POST' || caller === undefined || key === undefined || digest === undefined) return null;
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(key)) throw rejectHttp('idempotency_key_invalid');
  const query = request.originalUrl.split('?')[1] ?? '';
  // The route and its parameters rather than the path as spelled: `/x`, `/x/` and `/%78` are one resource.
  const { path } = request.route as { readonly path: string };
  const parts = [caller.company, caller.userId, path, request.params, key];
  return {
    company: caller.company,
    id: createHash('sha256').update(JSON.stringify(parts)).digest('base64url'),
    content: `${query}\n${digest}`,
  };
}
