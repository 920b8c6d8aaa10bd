/** The world that the simulator starts with: a small file that a person can read and change. */
export interface MicrosoftSeed {
  readonly apps: readonly AppSeed[];
  readonly tenants: readonly TenantSeed[];
}

/** An app registration. */
export interface AppSeed {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Exact URIs; without them any loopback URI is taken. */
  readonly redirectUris?: readonly string[];
}

/** An organisation, or the tenant of all personal accounts. */
export interface TenantSeed {
  readonly id: string;
  readonly name: string;
  /**
   * `users`: everybody may consent. `admins`: Mail.Read needs an administrator first, as in most tenants since
   * Microsoft's managed consent policy of 2025 (MC1163922).
   */
  readonly consent?: 'users' | 'admins';
  readonly users: readonly UserSeed[];
}

export interface UserSeed {
  readonly id: string;
  readonly userPrincipalName: string;
  /** Default: the user principal name. null: none, as with accounts that have no mailbox. */
  readonly mail?: string | null;
  readonly displayName: string;
  /** `none`: a plan without Exchange, whose mailbox Graph does not serve. */
  readonly mailbox?: 'exchange' | 'none';
  readonly administrator?: boolean;
  /** Other addresses of the mailbox itself: mail comes in by them, and a From with one is put back (R43). */
  readonly aliases?: readonly string[];
  /** Addresses of other mailboxes for which an administrator has granted Send As. */
  readonly sendAs?: readonly string[];
}

/** The tenant of personal Microsoft accounts (Outlook.com, Microsoft 365 Personal). */
export const CONSUMER_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
