import type { HostRefusal } from '../platform/security/public-address/index.js';
import type { GatewayFailure } from './gateway.errors.js';

/**
 * A refused host as a failure. A name may come back or change its address again, so the mailbox waits; what does not
 * change by waiting is told by the detail.
 */
export function hostFailure(refusal: HostRefusal): GatewayFailure {
  return { kind: 'Unavailable', detail: refusal };
}
