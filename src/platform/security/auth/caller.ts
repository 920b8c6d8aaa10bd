import { type IncomingMessage } from 'node:http';

export const ROLES = ['admin', 'auditor'] as const;
/** A role that HRBC gives. Every caller is a user besides. */
export type Role = (typeof ROLES)[number];

/** Who asks, as HRBC's token says it. */
export interface Caller {
  readonly company: string;
  readonly userId: string;
  /** The user's own address; in HRBC it is the sign-in name too (R25). */
  readonly email: string;
  /** 追加アドレス1: the only other address a user may send from (R42). */
  readonly additionalAddress1: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Executives and heads are advised not to share what they receive (R32). */
  readonly position: 'executive' | null;
}

const callers = new WeakMap<IncomingMessage, Caller>();

export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** Who makes this request; undefined before the guard has said so, and on public routes. */
export function callerOf(request: IncomingMessage): Caller | undefined {
  return callers.get(request);
}
