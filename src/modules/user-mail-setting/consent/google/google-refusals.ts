import { type GatewayFailure, type GoogleFault } from '../../../../gateways/index.js';
import { type ConsentRefusal } from '../consent-refusal.js';

/**
 * What an error that the browser brings back from Google means (pure). Most of what can be wrong with the company's
 * client Google tells on a page of its own, and nobody comes back.
 */
export function arrivalRefusal(error: string): ConsentRefusal {
  switch (error) {
    case 'access_denied':
      return { code: 'consent_denied' };
    case 'admin_policy_enforced':
    case 'org_internal':
      return { code: 'google_client_blocked' };
    case 'invalid_client':
    case 'unauthorized_client':
    case 'redirect_uri_mismatch':
      return { code: 'google_client_invalid' };
    case 'deleted_client':
      return { code: 'google_client_deleted' };
    default:
      return { code: 'provider_unavailable' };
  }
}

/** What it means that the token endpoint refuses the code (pure). */
export function redemptionRefusal(fault: GoogleFault): ConsentRefusal {
  switch (fault.kind) {
    case 'grant':
    case 'session_policy':
      return { code: 'authorization_expired' };
    case 'app':
      return { code: fault.code };
    case 'wait':
    case 'transient':
      return { code: 'provider_unavailable' };
  }
}

/** What it means that the Gmail API does not answer as it should with the new token (pure). */
export function examinationRefusal(failure: GatewayFailure): ConsentRefusal {
  switch (failure.kind) {
    case 'MailboxNotSupported':
      return { code: 'gmail_not_enabled' };
    case 'PermissionMissing':
      return { code: 'permission_missing', missingPermissions: ['gmail.readonly'] };
    case 'Rejected':
      return {
        code:
          failure.code === 'gmail_api_disabled' || failure.code === 'gmail_disabled_by_domain'
            ? failure.code
            : 'provider_unavailable',
      };
    case 'AuthorizationLost':
    case 'RateLimited':
    case 'Unavailable':
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return { code: 'provider_unavailable' };
  }
}
