/**
 * Where the access token of a mailbox comes from (R01). Tokens are short-lived and renewed behind this interface; who
 * uses them never sees the refresh token.
 */
export interface AccessTokens {
  /** A token that is good now. Rejects with GatewayError. */
  current(): Promise<string>;
  /** Another one, after the provider has refused `refused` before its time. Rejects with GatewayError. */
  renewed(refused: string): Promise<string>;
}

/** Of these locators, those of mails that are on the record already, so that they need not be fetched again. */
export type KnownLocators = (locators: readonly string[]) => Promise<ReadonlySet<string>>;

/** An Office365 mailbox (R02). */
export interface GraphAccount {
  readonly protocol: 'graph';
  /** Tenant and object id: what Microsoft calls the mailbox, whatever its address. */
  readonly mailbox: string;
  readonly tokens: AccessTokens;
  readonly known: KnownLocators;
}

/** The name of the world in which an Office365 mailbox's locators are the identities of its mails (MailBatch). */
export const graphWorld = (mailbox: string): string => `graph ${mailbox}`;
