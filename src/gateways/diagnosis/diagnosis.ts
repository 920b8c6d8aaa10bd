import type { MailNetwork, MailServerAddress } from '../mail-account.js';
import type { StepText } from './step-facts.js';

/** In the order in which a person reads them; without TLS from the first byte, `tls` happens after `greeting`. */
export const DIAGNOSIS_STEPS = ['name', 'address', 'connect', 'tls', 'greeting', 'login', 'inbox'] as const;
export type DiagnosisStepName = (typeof DIAGNOSIS_STEPS)[number];

export interface DiagnosisRequest extends MailServerAddress {
  /** Without both of them the diagnosis ends with the greeting. */
  readonly accountName?: string | undefined;
  readonly password?: string | undefined;
  readonly signal: AbortSignal;
}

/** What is wrong; each belongs to one step and has a text in failure-text.ts. */
export type DiagnosisCode =
  | 'unknown_host'
  | 'lookup_failed'
  | 'oauth_only_host'
  | 'private_address'
  | 'port_not_allowed'
  | 'connection_refused'
  | 'connect_timeout'
  | 'host_unreachable'
  | 'tls_not_spoken'
  | 'tls_failed'
  | 'certificate_self_signed'
  | 'certificate_untrusted'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'certificate_wrong_name'
  | 'no_greeting'
  | 'tls_expected'
  | 'closed_at_greeting'
  | 'refused_at_greeting'
  | 'other_protocol'
  | 'not_a_mail_server'
  | 'login_failed'
  | 'login_disabled'
  | 'login_method_unknown'
  | 'credentials_not_allowed'
  | 'server_busy'
  | 'server_unavailable'
  | 'inbox_missing'
  | 'inbox_refused'
  | 'connection_lost'
  | 'timeout'
  | 'protocol_error';

export interface DiagnosisStep {
  readonly step: DiagnosisStepName;
  readonly ok: boolean;
  readonly detail: StepText;
  /** Milliseconds it took. */
  readonly ms: number;
  /** Only where `ok` is false. */
  readonly code?: DiagnosisCode;
}

export interface Diagnosis {
  readonly ok: boolean;
  /** Ends with the first that failed. */
  readonly steps: readonly DiagnosisStep[];
  /** What protected the login, as far as the diagnosis came. */
  readonly encryption: 'ssl' | 'starttls' | 'none';
}

export interface DiagnosisDependencies {
  readonly network: MailNetwork;
  /** Where this service's connections come from (R20), to be shown where a server may be keeping strangers out. */
  readonly egressAddresses: readonly string[];
  readonly patience?: DiagnosisPatience;
}

/** Milliseconds. */
export interface DiagnosisPatience {
  readonly connect: number;
  readonly tls: number;
  /** Some servers look the client's name up before they greet, and take ten seconds for it. */
  readonly greeting: number;
  readonly answer: number;
  readonly total: number;
}

export const defaultPatience: DiagnosisPatience = {
  connect: 8000,
  tls: 8000,
  greeting: 12_000,
  answer: 10_000,
  total: 30_000,
};

/** How a failed diagnosis is to be called where a setting is refused because of it. */
export type SettingProblem =
  'unknown_host' | 'oauth_only_host' | 'private_address' | 'port_not_allowed' | 'login_failed' | 'server_unreachable';

const OWN_NAMES: ReadonlySet<string> = new Set<DiagnosisCode>([
  'unknown_host',
  'oauth_only_host',
  'private_address',
  'port_not_allowed',
  'login_failed',
]);

/** The problem of a diagnosis; null if everything went well. */
export function settingProblem({ steps }: Diagnosis): SettingProblem | null {
  const code = steps.find((step) => !step.ok)?.code;
  if (code === undefined) return null;
  if (code === 'lookup_failed') return 'unknown_host';
  return OWN_NAMES.has(code) ? (code as SettingProblem) : 'server_unreachable';
}
