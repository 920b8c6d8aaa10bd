import { type Request } from 'express';
import passport, { type StrategyCreated } from 'passport';
import { type BuiltStrategy } from './oauth-provider.js';

type Actions = Pick<StrategyCreated<passport.Strategy>, 'success' | 'fail' | 'redirect' | 'pass' | 'error'>;

/** Makes the strategy that does the work; rejects where there is nothing to do. */
export type BuildStrategy = (request: Request, options: unknown) => Promise<BuiltStrategy>;

/**
 * One strategy for all consents, registered once with passport (whose registry is the whole process's), which makes the
 * real one anew for every request: which client, which user and which secrets it works with is known only then, and two
 * consents at the same moment share nothing.
 */
export class DelegatingStrategy extends passport.Strategy {
  constructor(
    name: string,
    private readonly build: BuildStrategy,
  ) {
    super();
    passport.use(name, this);
  }

  override authenticate(this: this & Actions, request: Request, options?: unknown): void {
    this.delegate(request, options).catch((error: unknown) => this.error(error));
  }

  private async delegate(this: this & Actions, request: Request, options: unknown): Promise<void> {
    const built = await this.build(request, options);
    const leave = async (url: string, status?: number): Promise<void> => {
      await built.beforeRedirect?.();
      this.redirect(url, status);
    };
    const actions: Actions = {
      success: (user, info) => this.success(user, info),
      fail: (challenge?: unknown) => this.error(built.reason?.() ?? new ConsentLibraryFailure(String(challenge))),
      redirect: (url, status) => void leave(url, status).catch((error: unknown) => this.error(error)),
      pass: () => this.pass(),
      error: (error: unknown) => this.error(built.reason?.() ?? error),
    };
    // As passport itself does it: the actions go on an object whose prototype is the strategy.
    const real = Object.assign(Object.create(built.strategy) as passport.Strategy, actions);
    real.authenticate(request, { ...(options as object), ...built.options });
  }
}

/** The library refused what came back, in words of its own: a wrong signature, issuer or nonce, or no answer. */
export class ConsentLibraryFailure extends Error {
  override readonly name = 'ConsentLibraryFailure';
}
