import { type Request } from 'express';
import { rejectHttp } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { type Caller } from '../../platform/security/index.js';

/**
 * The id of a mail to be sent. A form is read piece by piece, so the platform cannot compare it with what came before
 * under the same Idempotency-Key; the id made of the key does that: the mail kept under it is the first one.
 */
export function mailIdOf(request: Request, { company, userId }: Caller, seed: string | null): string {
  const key = request.headers['idempotency-key'];
  if (seed !== null || typeof key !== 'string') return newId(seed);
  if (!/^[\x20-\x7e]{1,200}$/.test(key)) throw rejectHttp('idempotency_key_invalid');
  return newId(JSON.stringify(['outbox', company, userId, key]));
}
