import { type Environment } from './config.schema.js';
import { type CredentialKey, type DkimKey } from './variable-types.js';

/** The configuration as the application sees it: read once at start, typed, and injected (`@InjectConfig()`). */
export interface AppConfig {
  readonly production: boolean;
  /** Provider simulators, a sample company and tokens for anybody; never true in production. */
  readonly sandbox: boolean;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly http: {
    /** 0: any free port. */
    readonly port: number;
    readonly host: string;
    /** Base of all links that leave the service, without a slash at its end. */
    readonly publicUrl: string;
    /** Origins of pages to which a browser may be sent back after a consent; `:*` at the end: any port. */
    readonly returnOrigins: readonly string[];
  };
  readonly stores: {
    /** Absent: embedded. */
    readonly eventStoreUrl?: string;
    /** Absent: embedded. */
    readonly mongoUrl?: string;
    /** Where embedded stores and sandbox keys are kept; relative to the working directory. */
    readonly dataDirectory: string;
  };
  readonly auth: { readonly jwksUrl: string; readonly issuer: string; readonly audience: string };
  /** The first encrypts, all decrypt. null, in the sandbox only: generated into the data directory. */
  readonly credentialKeys: readonly CredentialKey[] | null;
  /** Seeds of the keys that seal the record: the first signs, all verify. null: derived from `credentialKeys`. */
  readonly auditSealKeys: readonly CredentialKey[] | null;
  readonly mail: {
    /** The addresses a customer's firewall must let in (R20). */
    readonly egressAddresses: readonly string[];
    /** Hosts, addresses or CIDR networks that are exempt from the refusal of private addresses (R19). */
    readonly allowedPrivateHosts: readonly string[];
    readonly pollIntervalSeconds: number;
    /** The last day (`YYYY-MM-DD`, Japan time, inclusive) whose Office365/Gmail settings are legacy (R11). */
    readonly legacyCutoff: string;
    /** From this day on (`YYYY-MM-DD`, Japan time) the providers refuse passwords (R09); null: not announced. */
    readonly basicAuthEnforcedFrom: string | null;
    /** HRBC's own mail server (R04); null, in the sandbox only: its simulator. */
    readonly smtpUrl: string | null;
    /** Where reports on mails that it could not deliver are sent; null: to the author of the mail. */
    readonly bounceAddress: string | null;
    /** `imaps://user:password@host`: the mailbox behind that address; null: nobody reads it. */
    readonly bounceMailboxUrl: string | null;
    /** Signs what leaves by it; null: nothing does. */
    readonly dkimKey: DkimKey | null;
  };
  readonly office365: {
    /** HRBC's multi-tenant app (R17); null: Office365 cannot be connected. */
    readonly app: { readonly clientId: string; readonly clientSecret: string } | null;
    /** Host of the Microsoft identity platform; a tenant and `/oauth2/v2.0/…` are appended. */
    readonly authorityUrl: string;
    /** Host of Microsoft Graph; `/v1.0/…` is appended. */
    readonly graphUrl: string;
  };
  readonly google: { readonly authUrl: string; readonly tokenUrl: string; readonly gmailUrl: string };
}

/** Gives the checked environment its shape, and the sandbox its own issuer of tokens. */
export function toAppConfig(environment: Environment): AppConfig {
  const { PORT: port, HOST: host, SANDBOX: sandbox } = environment;
  const publicUrl = environment.PUBLIC_URL ?? `http://localhost:${port}`;
  return {
    production: environment.NODE_ENV === 'production',
    sandbox,
    logLevel: environment.LOG_LEVEL,
    http: { port, host, publicUrl, returnOrigins: returnOrigins(environment, publicUrl) },
    stores: {
      ...(environment.EVENTSTORE_URL !== undefined && { eventStoreUrl: environment.EVENTSTORE_URL }),
      ...(environment.MONGO_URL !== undefined && { mongoUrl: environment.MONGO_URL }),
      dataDirectory: environment.DATA_DIR,
    },
    auth: {
      jwksUrl: environment.AUTH_JWKS_URL ?? `${loopbackUrl(host, port)}${SANDBOX_JWKS_PATH}`,
      issuer: environment.AUTH_ISSUER ?? `${publicUrl}/sandbox`,
      audience: environment.AUTH_AUDIENCE ?? 'hrbc-mail',
    },
    credentialKeys: environment.CREDENTIAL_KEYS ?? null,
    auditSealKeys: environment.AUDIT_SEAL_KEYS ?? null,
    mail: mailConfig(environment),
    office365: {
      app: office365App(environment),
      authorityUrl: environment.OFFICE365_AUTHORITY,
      graphUrl: environment.GRAPH_URL,
    },
    google: {
      authUrl: environment.GOOGLE_AUTH_URL,
      tokenUrl: environment.GOOGLE_TOKEN_URL,
      gmailUrl: environment.GMAIL_URL,
    },
  };
}

/** Our own pages always; in the sandbox also whatever somebody runs beside it. */
function returnOrigins({ RETURN_URL_ORIGINS: configured, SANDBOX: sandbox }: Environment, publicUrl: string): string[] {
  const others = configured ?? (sandbox ? ['http://localhost:*', 'http://127.0.0.1:*'] : []);
  return [...new Set([new URL(publicUrl).origin, ...others])];
}

/** Where the sandbox publishes the keys of the tokens it mints (RFC 7517). */
export const SANDBOX_JWKS_PATH = '/sandbox/jwks.json';

/** How the service reaches itself: its public name may lead nowhere from inside. */
function loopbackUrl(host: string, port: number): string {
  const reachable = new Map([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ]).get(host) ?? host; // prettier-ignore
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function mailConfig(environment: Environment): AppConfig['mail'] {
  return {
    egressAddresses: environment.EGRESS_ADDRESSES,
    allowedPrivateHosts: environment.MAIL_HOSTS_ALLOWED_PRIVATE ?? (environment.SANDBOX ? ['127.0.0.1'] : []),
    pollIntervalSeconds: environment.POLL_INTERVAL_SECONDS,
    legacyCutoff: environment.LEGACY_CUTOFF,
    basicAuthEnforcedFrom: environment.BASIC_AUTH_ENFORCED_FROM ?? null,
    smtpUrl: environment.SMTP_URL ?? null,
    bounceAddress: environment.SMTP_BOUNCE_ADDRESS ?? null,
    bounceMailboxUrl: environment.SMTP_BOUNCE_MAILBOX ?? null,
    dkimKey: environment.SMTP_DKIM_KEY ?? null,
  };
}

function office365App({ OFFICE365_CLIENT_ID: clientId, OFFICE365_CLIENT_SECRET: clientSecret }: Environment) {
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : null;
}
