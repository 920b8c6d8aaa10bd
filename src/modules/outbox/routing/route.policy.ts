import { type Route } from '../outbox.events.js';

/** What decides about the way: the user's mail setting, and the kind of service it connects to. */
export interface Connection {
  readonly status: string;
  readonly service: 'office365' | 'gmail' | 'other' | null;
}

/**
 * Through whom a user sends (R02–R07). A provider's mailbox that is in use sends, and only it; one that waits for a
 * new login refuses, because HRBC's server must not step in unasked. Everybody else sends by HRBC's server: without
 * a setting, with another mail server, with a legacy setting, and before the details are saved.
 */
export function routeOf({ status, service }: Connection): Route | 'action_required' {
  if (service !== 'office365' && service !== 'gmail') return 'hrbc';
  switch (status) {
    case 'in_use':
      return service;
    case 'action_required':
      return 'action_required';
    default:
      return 'hrbc';
  }
}
