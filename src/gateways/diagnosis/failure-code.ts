import type { GatewayFailure } from '../gateway.errors.js';
import type { DiagnosisCode } from './diagnosis.js';

/** What a gateway's failure is called in a diagnosis, from the login on. */
export function failureCode(failure: GatewayFailure): DiagnosisCode {
  switch (failure.kind) {
    case 'AuthorizationLost':
      return 'login_failed';
    case 'RateLimited':
      return 'server_busy';
    case 'MailboxNotSupported':
      return 'inbox_missing';
    case 'PermissionMissing':
      return 'inbox_refused';
    case 'Unavailable':
      return BY_DETAIL[failure.detail] ?? 'protocol_error';
    case 'Rejected':
      return BY_DETAIL[failure.code] ?? 'login_failed';
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return 'protocol_error';
  }
}

const BY_DETAIL: Readonly<Record<string, DiagnosisCode>> = {
  login_disabled: 'login_disabled',
  login_method_unknown: 'login_method_unknown',
  credentials_not_allowed: 'credentials_not_allowed',
  connection_lost: 'connection_lost',
  connection_refused: 'connection_refused',
  host_unreachable: 'host_unreachable',
  timeout: 'timeout',
  aborted: 'timeout',
  tls_failed: 'tls_failed',
  server_unavailable: 'server_unavailable',
  server_error: 'server_unavailable',
};
