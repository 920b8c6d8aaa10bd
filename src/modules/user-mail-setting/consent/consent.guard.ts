import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type Request } from 'express';
import { CONSENT, type Leg } from './consent-flow.js';
import { type GrantedTokens } from './oauth-provider.js';

/** What became of a leg that did not end in a redirect to the provider. */
export type LegOutcome = { readonly granted: GrantedTokens } | { readonly error: unknown };

/** Which of the two legs a route is follows from its name. */
const legOf = (request: Request): Leg => (request.path.endsWith('/start') ? 'departure' : 'arrival');

/**
 * Runs the consent strategy before the route. Where it sends the browser off, the route is never reached; where it fails,
 * the route tells the user: Nest's own handling would answer 401 and lose the reason.
 */
@Injectable()
export class ConsentGuard extends AuthGuard(CONSENT) {
  override getAuthenticateOptions(context: ExecutionContext): { session: false; leg: Leg } {
    return { session: false, leg: legOf(context.switchToHttp().getRequest<Request>()) };
  }

  override handleRequest<Outcome = LegOutcome>(error: unknown, granted: unknown): Outcome {
    const outcome: LegOutcome = granted ? { granted: granted as GrantedTokens } : { error };
    return outcome as Outcome;
  }
}
