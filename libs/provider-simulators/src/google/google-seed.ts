/** The world that the simulator starts with: a small file that a person can read and change. */
export interface GoogleSeed {
  readonly clients: readonly ClientSeed[];
  readonly accounts: readonly AccountSeed[];
}

/** An OAuth client, with what its Google Cloud project decides. */
export interface ClientSeed {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Exact URIs; without them any loopback URI is taken. */
  readonly redirectUris?: readonly string[];
  /**
   * `internal`: people of `domain` only, no warning page. `testing`: refresh tokens end after seven days.
   * `unverified`: everybody, behind the page that says so (R27). Default: `internal` where there is a domain.
   */
  readonly audience?: 'internal' | 'testing' | 'unverified';
  readonly domain?: string;
}

/** A person with a Google mailbox. */
export interface AccountSeed {
  /** The account's primary address. */
  readonly email: string;
  readonly name: string;
  /** Its administrator has switched Gmail off. */
  readonly mailbox?: 'gmail' | 'none';
  /** Besides the account's own address, which is always there. */
  readonly sendAs?: readonly SendAsSeed[];
}

/** An entry of 「名前」 in the settings of Gmail (users.settings.sendAs). */
export interface SendAsSeed {
  readonly email: string;
  readonly displayName?: string;
  readonly isDefault?: boolean;
  readonly treatAsAlias?: boolean;
  readonly verificationStatus: 'accepted' | 'pending' | 'verificationStatusUnspecified';
}
