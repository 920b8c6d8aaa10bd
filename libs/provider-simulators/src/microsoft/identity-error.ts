import { randomUUID } from 'node:crypto';
import { type Answer, json } from '../shared/exchange.js';

/** A refusal of the token endpoint: the OAuth error, and Microsoft's number for it. */
export interface IdentityError {
  readonly error: string;
  readonly number: number;
  readonly text?: string;
  readonly suberror?: string;
}

/** As the Microsoft identity platform writes it (v2-oauth2-auth-code-flow, "Error response"). */
export function identityErrorBody({ error, number, text = 'simulated', suberror }: IdentityError) {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = new Date()
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return {
    error,
    error_description: `AADSTS${number}: ${text}. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...(suberror !== undefined && { suberror }),
  };
}

export function identityError(refusal: IdentityError): Answer {
  return json(refusal.error === 'invalid_client' ? 401 : 400, identityErrorBody(refusal));
}
