import { type ConsentProblemCode } from './consent-problems.errors.js';

/** Why a consent cannot be used. The code goes back to the page that asked for it. */
export interface ConsentRefusal {
  readonly code: ConsentProblemCode;
  /** The address that consented, where the provider said it. */
  readonly consentedAddress?: string;
  /** What was asked for and not granted. */
  readonly missingPermissions?: readonly string[];
}

/** Thrown where a consent turns out to be unusable. */
export class ConsentUnusable extends Error {
  override readonly name = 'ConsentUnusable';
  constructor(readonly refusal: ConsentRefusal) {
    super(refusal.code);
  }
}

/** Nothing was decided, so there is nothing to put on the record: the user simply starts again. */
export function isMerelyInterrupted({ code }: ConsentRefusal): boolean {
  return code === 'authorization_expired' || code === 'provider_unavailable' || code === 'provider_app_refused';
}
