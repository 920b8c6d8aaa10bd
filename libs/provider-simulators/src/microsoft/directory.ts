import { type AppSeed, type MicrosoftSeed, type TenantSeed, type UserSeed } from './microsoft-seed.js';

/** An account with what may change about it. */
export interface Account extends UserSeed {
  readonly tenantId: string;
  readonly mail: string | null;
}

/** What an administrator of a tenant may do to it while the simulator runs. */
export interface TenantPolicy {
  consent: 'users' | 'admins';
  /** An administrator has allowed these scopes for everybody. */
  adminConsent: readonly string[] | null;
}

/** Tenants, people and apps: who exists, and who allowed what. */
export class Directory {
  private readonly apps: readonly AppSeed[];
  private readonly tenants: readonly TenantSeed[];
  private readonly policies = new Map<string, TenantPolicy>();
  private readonly accounts: Account[];
  private readonly consents = new Map<string, ReadonlySet<string>>();

  constructor({ apps, tenants }: MicrosoftSeed) {
    this.apps = apps;
    this.tenants = tenants;
    for (const { id, consent = 'users' } of tenants) this.policies.set(id, { consent, adminConsent: null });
    this.accounts = tenants.flatMap(({ id, users }) => users.map((user) => accountOf(id, user)));
  }

  app(clientId: string): AppSeed | null {
    return this.apps.find((app) => app.clientId === clientId) ?? null;
  }

  /** Another secret takes effect at once: the old one is refused from now on. */
  isSecretOf(app: AppSeed, secret: string): boolean {
    return app.clientSecret === secret;
  }

  people(): readonly Account[] {
    return this.accounts;
  }

  tenant(id: string): TenantSeed | null {
    return this.tenants.find((tenant) => tenant.id === id) ?? null;
  }

  policyOf(tenantId: string): TenantPolicy {
    const policy = this.policies.get(tenantId);
    if (!policy) throw new Error(`There is no tenant ${tenantId}.`);
    return policy;
  }

  /** By user principal name, mail address or object id. */
  account(name: string): Account | null {
    const wanted = name.toLowerCase();
    return (
      this.accounts.find(({ id, userPrincipalName, mail }) =>
        [id, userPrincipalName, mail].some((known) => known?.toLowerCase() === wanted),
      ) ?? null
    );
  }

  /** Changes an account, or replaces it by another one of the same name (a new object id). */
  change(name: string, changes: Partial<UserSeed>): Account {
    const account = this.account(name);
    if (!account) throw new Error(`There is no account ${name}.`);
    const changed = { ...account, ...changes };
    this.accounts[this.accounts.indexOf(account)] = changed;
    return changed;
  }

  /** Adds the scopes to what the person has allowed the app. */
  consent(clientId: string, accountId: string, scopes: readonly string[]): void {
    const key = `${clientId} ${accountId}`;
    this.consents.set(key, new Set([...(this.consents.get(key) ?? []), ...scopes.map(bareScope)]));
  }

  withdrawConsent(accountId: string): void {
    for (const key of this.consents.keys()) if (key.endsWith(` ${accountId}`)) this.consents.delete(key);
  }

  /** Of these scopes, those that the person or the tenant's administrator has not allowed yet. */
  notConsented(clientId: string, account: Account, scopes: readonly string[]): readonly string[] {
    const own = this.consents.get(`${clientId} ${account.id}`) ?? new Set<string>();
    const byAdmin = new Set((this.policyOf(account.tenantId).adminConsent ?? []).map(bareScope));
    return scopes.filter((scope) => !own.has(bareScope(scope)) && !byAdmin.has(bareScope(scope)));
  }
}

function accountOf(tenantId: string, user: UserSeed): Account {
  return { ...user, tenantId, mail: user.mail === undefined ? user.userPrincipalName : user.mail };
}

/** `https://graph.microsoft.com/Mail.Read` and `mail.read` are the same scope. */
export function bareScope(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1).toLowerCase();
}

/** What since late 2025 only an administrator may allow, where the tenant keeps Microsoft's recommended policy. */
export function needsAdministrator(scope: string): boolean {
  return /^(mail\.read|mailboxsettings|calendars|contacts|imap\.|pop\.|ews\.|eas\.)/.test(bareScope(scope));
}
