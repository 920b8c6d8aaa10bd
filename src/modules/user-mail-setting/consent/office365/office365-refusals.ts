import { type GatewayFailure, type IdentityFault } from '../../../../gateways/index.js';
import { type ConsentRefusal } from '../consent-refusal.js';

/**
 * What an error that the browser brings back from the authorize endpoint means. Who meets "admin approval needed" and
 * goes back is told apart from who declines only where Microsoft sends the number (90094).
 */
export function arrivalRefusal(error: string | null, fault: IdentityFault): ConsentRefusal {
  switch (fault.kind) {
    case 'remedy':
      if (fault.remedy === 'admin_consent_required' || error === 'consent_required')
        return { code: 'admin_consent_required' };
      if (error === 'access_denied' && DECLINED.has(fault.remedy)) return { code: 'consent_denied' };
      return { code: fault.remedy === 'login_required' ? 'consent_denied' : fault.remedy };
    case 'restart':
      return { code: 'authorization_expired' };
    case 'app':
      return { code: 'provider_app_refused' };
    case 'wait':
    case 'transient':
      return { code: 'provider_unavailable' };
  }
}

const DECLINED: ReadonlySet<string> = new Set(['login_required', 'consent_required']);

/** What it means that the token endpoint refuses the code. */
export function redemptionRefusal(fault: IdentityFault): ConsentRefusal {
  switch (fault.kind) {
    case 'remedy':
      return { code: fault.remedy === 'login_required' ? 'authorization_expired' : fault.remedy };
    case 'restart':
      return { code: 'authorization_expired' };
    case 'app':
      return { code: 'provider_app_refused' };
    case 'wait':
    case 'transient':
      return { code: 'provider_unavailable' };
  }
}

/** What it means that Graph does not answer as it should with the new token. */
export function examinationRefusal(failure: GatewayFailure): ConsentRefusal {
  switch (failure.kind) {
    case 'MailboxNotSupported':
      return { code: 'mailbox_not_supported' };
    case 'PermissionMissing':
      return { code: 'permission_missing', missingPermissions: [failure.permission] };
    case 'AuthorizationLost':
    case 'RateLimited':
    case 'Unavailable':
    case 'CursorInvalid':
    case 'Rejected':
    case 'MessageUnreadable':
    case 'Unknown':
      return { code: 'provider_unavailable' };
  }
}
