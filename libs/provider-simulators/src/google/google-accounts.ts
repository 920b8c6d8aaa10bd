import { type AccountSeed, type ClientSeed, type GoogleSeed } from './google-seed.js';

/** An OAuth client as it stands now. */
export interface Client extends ClientSeed {
  readonly deleted: boolean;
  /** The Gmail API is enabled in its project. */
  readonly apiEnabled: boolean;
}

/** Who exists, and which apps there are. */
export class GoogleAccounts {
  private readonly clients = new Map<string, Client>();
  private readonly accounts = new Map<string, AccountSeed>();

  constructor({ clients, accounts }: GoogleSeed) {
    for (const client of clients) this.addClient(client);
    for (const account of accounts) this.addAccount(account);
  }

  addClient(client: ClientSeed): void {
    this.clients.set(client.clientId, { ...client, deleted: false, apiEnabled: true });
  }

  addAccount(account: AccountSeed): void {
    this.accounts.set(account.email.toLowerCase(), account);
  }

  /** A deleted one is still known, as Google knows it: null only for what never was. */
  client(clientId: string): Client | null {
    return this.clients.get(clientId) ?? null;
  }

  changeClient(clientId: string, changes: Partial<Omit<Client, 'clientId'>>): void {
    const client = this.clients.get(clientId);
    if (!client) throw new Error(`There is no client ${clientId}.`);
    this.clients.set(clientId, { ...client, ...changes });
  }

  account(email: string): AccountSeed | null {
    return this.accounts.get(email.toLowerCase()) ?? null;
  }

  changeAccount(email: string, changes: Partial<Omit<AccountSeed, 'email'>>): void {
    const account = this.account(email);
    if (!account) throw new Error(`There is no account ${email}.`);
    this.accounts.set(email.toLowerCase(), { ...account, ...changes });
  }

  people(): AccountSeed[] {
    return [...this.accounts.values()];
  }
}

/** The warning page stands before everybody who is not of the project's own organisation (R27). */
export function audienceOf({ audience, domain }: ClientSeed): 'internal' | 'testing' | 'unverified' {
  return audience ?? (domain === undefined ? 'unverified' : 'internal');
}
