import { GatewayError, type GatewayFailure } from '../../../gateways/index.js';
import { type OutboxMailState } from '../outbox.decider.js';
import { type Attempt } from './attempt-record.js';
import { type Place } from './mailbox-turns.js';
import { type TakenMail } from './outbox-queue.js';

type Mail = Exclude<OutboxMailState, { status: 'none' }>;

/** The latest attempt at a mail. */
export const attemptOf = ({ company, mailId }: TakenMail, { userId, attempts }: Mail): Attempt => ({
  company,
  userId,
  mailId,
  attempt: attempts,
});

/** Where the attempt has to wait for its turn. */
export const placeOf = ({ company, userId }: Attempt, { route }: Pick<Mail, 'route'>): Place => ({
  route,
  mailbox: `${company} ${userId} ${route}`,
});

export const inMs = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

/** What a gateway says went wrong. Rethrows what no gateway has thrown. */
export function failureIn(error: unknown): GatewayFailure {
  if (error instanceof GatewayError) return error.failure;
  throw error;
}
