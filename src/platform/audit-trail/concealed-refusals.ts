import { type Rejection } from '@libs/eventsourcing';

const concealed = new WeakMap<Rejection, string>();

/**
 * Marks a refusal that tells its caller less than there is to tell: to whom a mail is not meant, it looks as if there
 * were none. The record gets to know what it really was.
 */
export function concealing(rejection: Rejection, code: string): Rejection {
  concealed.set(rejection, code);
  return rejection;
}

/** The code under which a refused attempt goes on the record; null: the refusal is no matter of access. */
export function refusedAccessOf(rejection: Rejection): string | null {
  return concealed.get(rejection) ?? (rejection.definition.kind === 'forbidden' ? rejection.code : null);
}
