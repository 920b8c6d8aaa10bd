import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import {
  OAuthProviders,
  type OAuthProvider,
  type StoredTokens,
} from '../../../src/modules/user-mail-setting/consent/oauth-provider.js';
import { MailboxTokens } from '../../../src/modules/user-mail-setting/tokens/mailbox-tokens.js';
import { type OAuthAccount } from '../../../src/modules/user-mail-setting/user-mail-setting.decider.js';
import { Leases } from '../../../src/platform/scheduling/index.js';
import { CompanyKeys } from '../../../src/platform/security/credentials/company-keys.js';
import { CredentialVault } from '../../../src/platform/security/credentials/credential-vault.js';
import { KeyRing } from '../../../src/platform/security/credentials/key-ring.js';
import { DocumentStore } from './document-store.js';

const company = 'acme';
const account: OAuthAccount = {
  service: 'office365',
  mailServerId: 's1',
  address: 'taro@sample.example',
  providerAccount: { tenantId: 't1', accountId: 'a1' },
  grantedScopes: ['Mail.Read'],
  credentialRef: 'ref-1',
};
const HOUR = 60 * 60_000;
const tokensNamed = (name: string, endsInMs: number): StoredTokens => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  expiresAt: new Date(Date.now() + endsInMs).toISOString(),
  tenantId: 't1',
});

/** A provider whose refresh tokens are good once, as the strictest ones are. */
class StrictProvider {
  refreshes = 0;
  good = 'refresh-0';
  next: () => Promise<void> = async () => undefined;

  readonly refresh: OAuthProvider['refresh'] = async (_company, { refreshToken }) => {
    await this.next();
    if (refreshToken !== this.good)
      throw new GatewayError({ kind: 'AuthorizationLost', detail: 'spent', remedy: 'login_required' });
    this.refreshes += 1;
    this.good = `refresh-${this.refreshes}`;
    return tokensNamed(String(this.refreshes), HOUR);
  };
}

describe('the tokens of a mailbox', () => {
  let store: DocumentStore;
  let vault: CredentialVault;
  let provider: StrictProvider;
  let instances: MailboxTokens[];

  beforeAll(async () => {
    store = await DocumentStore.open();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    provider = new StrictProvider();
    const providers = new OAuthProviders();
    providers.register({
      service: 'office365',
      path: 'office365',
      refresh: provider.refresh,
    } as unknown as OAuthProvider);
    instances = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const connection = await store.connect();
        vault = new CredentialVault(
          connection,
          new CompanyKeys(connection, new KeyRing([{ id: 'k', key: Buffer.alloc(32, 1) }])),
        );
        return new MailboxTokens(vault, new Leases(connection), providers);
      }),
    );
    await vault.put(company, account.credentialRef, tokensNamed('0', -1), null);
  });

  const of = (n: number) => instances[n % instances.length]!.of(company, account);
  const kept = async () => vault.open<StoredTokens>(company, account.credentialRef);

  it('are used as they are while they are fresh, and renewed five minutes before they end', async () => {
    await vault.put(company, account.credentialRef, tokensNamed('0', 6 * 60_000), null);
    expect(await of(0).current()).toBe('access-0');
    await vault.put(company, account.credentialRef, tokensNamed('0', 4 * 60_000), null);
    expect(await of(0).current()).toBe('access-1');
  });

  it('are refreshed once by thirty who need them at once, in three instances', async () => {
    const got = await Promise.all(Array.from({ length: 30 }, (_, n) => of(n).current()));
    expect(new Set(got)).toEqual(new Set(['access-1']));
    expect(provider.refreshes).toBe(1);
    expect(await kept()).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('are refreshed once by the lanes of one pass', async () => {
    const tokens = of(0);
    await vault.put(company, account.credentialRef, tokensNamed('0', HOUR), null);
    const refused = await tokens.current();
    expect(await Promise.all(Array.from({ length: 4 }, () => tokens.renewed(refused)))).toEqual(
      Array(4).fill('access-1'),
    );
    expect(await tokens.current()).toBe('access-1');
    expect(provider.refreshes).toBe(1);
  });

  it('are kept before they are used: who gets one finds its refresh token in the vault', async () => {
    expect(await of(0).current()).toBe('access-1');
    expect((await kept())?.refreshToken).toBe(provider.good);
  });

  it('that were renewed by somebody else meanwhile are not renewed again', async () => {
    const [a, b] = [of(0), of(1)];
    expect(await a.current()).toBe('access-1');
    expect(await b.renewed('access-0')).toBe('access-1');
    expect(provider.refreshes).toBe(1);
  });

  it('survive a failure: the next one who asks tries again', async () => {
    const tokens = of(0);
    provider.next = () => Promise.reject(new GatewayError({ kind: 'Unavailable', detail: 'token_endpoint' }));
    await expect(tokens.current()).rejects.toThrow(GatewayError);
    provider.next = async () => undefined;
    expect(await tokens.current()).toBe('access-1');
  });

  it('are not declared dead by one who lost a race that its lease did not prevent', async () => {
    // While it asks, another instance refreshes and keeps what it got.
    provider.next = async () => {
      provider.next = async () => undefined;
      provider.good = 'refresh-of-the-other';
      await vault.replace(company, account.credentialRef, { ...tokensNamed('of-the-other', HOUR) });
    };
    expect(await of(0).current()).toBe('access-of-the-other');
  });

  it('that were destroyed while the provider was asked stay destroyed', async () => {
    provider.next = async () => vault.destroy(company, account.credentialRef);
    const failure = await of(0)
      .current()
      .catch((error: unknown) => error);
    expect((failure as GatewayError).failure).toEqual({ kind: 'AuthorizationLost', detail: 'credential_gone' });
    expect(await kept()).toBeNull();
  });
});
