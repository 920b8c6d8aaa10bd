import { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CompanyKeys } from '../../../src/platform/security/credentials/company-keys.js';
import { CredentialVault } from '../../../src/platform/security/credentials/credential-vault.js';
import { CredentialKeyError, KeyRing } from '../../../src/platform/security/credentials/key-ring.js';
import { DocumentStore } from './document-store.js';

const oldKey = { id: 'k2020', key: Buffer.alloc(32, 1) };
const newKey = { id: 'k2021', key: Buffer.alloc(32, 2) };
const password = { accountName: 'alice', password: 'correct horse battery staple' };

describe('the vault of credentials', () => {
  let store: DocumentStore;
  let connection: Connection;
  let vault: CredentialVault;
  let keys: CompanyKeys;

  /** What one instance of the service has, with nothing in its memory yet. */
  function instance(on: Connection = connection, ring = [oldKey]) {
    const companyKeys = new CompanyKeys(on, new KeyRing(ring));
    return { keys: companyKeys, vault: new CredentialVault(on, companyKeys) };
  }
  const documents = (collection: string) => connection.collection(collection).find().toArray();

  beforeAll(async () => {
    store = await DocumentStore.open();
    connection = await store.connect();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await connection.collection('credentials').deleteMany({});
    await connection.collection('company_keys').deleteMany({});
    ({ vault, keys } = instance());
    await vault.onModuleInit();
  });

  it('gives back what was put in, in every instance', async () => {
    await vault.put('acme', 'ref-1', password, null);
    expect(await vault.open('acme', 'ref-1')).toEqual(password);
    expect(await instance(await store.connect()).vault.open('acme', 'ref-1')).toEqual(password);
  });

  it('has nothing under another reference or for another company', async () => {
    await vault.put('acme', 'ref-1', password, null);
    expect(await vault.open('acme', 'ref-2')).toBeNull();
    expect(await vault.open('rival', 'ref-1')).toBeNull();
  });

  it('puts the same thing twice without a trace, and another in the place of the first', async () => {
    await vault.put('acme', 'ref-1', password, null);
    await vault.put('acme', 'ref-1', password, null);
    expect(await documents('credentials')).toHaveLength(1);
    await vault.put('acme', 'ref-1', { ...password, password: 'changed' }, null);
    expect(await vault.open('acme', 'ref-1')).toEqual({ ...password, password: 'changed' });
  });

  it('replaces only what is there', async () => {
    await vault.put('acme', 'ref-1', { refreshToken: 'first' }, null);
    expect(await vault.replace('acme', 'ref-1', { refreshToken: 'second' })).toBe(true);
    expect(await vault.open('acme', 'ref-1')).toEqual({ refreshToken: 'second' });
    await vault.destroy('acme', 'ref-1');
    expect(await vault.replace('acme', 'ref-1', { refreshToken: 'third' })).toBe(false);
    expect(await vault.open('acme', 'ref-1')).toBeNull();
  });

  it('destroys, once and again', async () => {
    await vault.put('acme', 'ref-1', password, null);
    await vault.destroy('acme', 'ref-1');
    await vault.destroy('acme', 'ref-1');
    expect(await documents('credentials')).toEqual([]);
  });

  it('stores no secret and no key in the clear, and beside each the algorithm and the key it needs', async () => {
    await vault.put('acme', 'ref-1', password, null);
    const [credential] = await documents('credentials');
    const [companyKey] = await documents('company_keys');
    const dataKey = (await keys.find('acme'))!.key;
    const stored = JSON.stringify([credential, companyKey]);
    for (const secret of [
      password.password,
      btoa(password.password),
      dataKey.toString('base64'),
      dataKey.toString('hex'),
    ]) {
      expect(stored).not.toContain(secret);
    }
    expect(credential).toMatchObject({ dataKeyId: companyKey!['dataKeyId'], box: { algorithm: 'A256GCM' } });
    expect(companyKey!['wrapped']).toMatchObject({ algorithm: 'A256GCM', keyId: 'k2020' });
  });

  it('does not open what somebody moved to another reference', async () => {
    await vault.put('acme', 'ref-1', password, null);
    const { _id, ...moved } = (await documents('credentials'))[0]!;
    await connection.collection('credentials').insertOne({ ...moved, _id: 'acme|ref-2', ref: 'ref-2' } as never);
    await expect(vault.open('acme', 'ref-2')).rejects.toThrow('does not open');
  });

  it('ends with one key when twenty instances meet a new company at once', async () => {
    const instances = await Promise.all(Array.from({ length: 20 }, async () => instance(await store.connect())));
    await Promise.all(instances.map((each, n) => each.vault.put('acme', `ref-${n}`, { n }, null)));
    expect(await documents('company_keys')).toHaveLength(1);
    const cold = instance().vault;
    expect(await Promise.all(instances.map((_, n) => cold.open('acme', `ref-${n}`)))).toEqual(
      instances.map((_, n) => ({ n })),
    );
  });

  it('lists what was stored before an instant and waits for an event, until it is settled', async () => {
    await vault.put('acme', 'ref-1', password, 'setting-acme_alice');
    await vault.put('rival', 'ref-2', password, null);
    const before = new Date(Date.now() + 1_000);
    expect(await collected(vault.unsettled(before))).toEqual([
      { company: 'acme', ref: 'ref-1', stream: 'setting-acme_alice' },
    ]);
    expect(await collected(vault.unsettled(new Date(0)))).toEqual([]);
    await vault.settle('acme', 'ref-1');
    expect(await collected(vault.unsettled(before))).toEqual([]);
    expect(await vault.open('acme', 'ref-1')).toEqual(password);
  });

  describe('when a company goes', () => {
    it('keeps nothing of it that could be read, and takes nothing new', async () => {
      const warm = instance(await store.connect());
      await warm.vault.put('acme', 'ref-1', password, null);
      await warm.vault.put('rival', 'ref-1', password, null);
      const [before] = await documents('credentials');
      await vault.destroyCompany('acme');
      await vault.destroyCompany('acme');
      expect(await warm.vault.open('acme', 'ref-1')).toBeNull();

      // As from a backup of this collection.
      await connection.collection('credentials').insertOne(before!);
      expect(await vault.open('acme', 'ref-1')).toBeNull();
      await expect(vault.put('acme', 'ref-2', password, null)).rejects.toMatchObject({ code: 'company_forgotten' });
      expect(await vault.open('rival', 'ref-1')).toEqual(password);
    });

    it('never gets a key, also when it never had one', async () => {
      await vault.destroyCompany('acme');
      await expect(vault.put('acme', 'ref-1', password, null)).rejects.toMatchObject({ code: 'company_forgotten' });
    });
  });

  describe('when CREDENTIAL_KEYS changes', () => {
    it('opens with the old key until everything is wrapped anew, and without it afterwards', async () => {
      await vault.put('acme', 'ref-1', password, null);
      await vault.put('rival', 'ref-1', password, null);
      const both = instance(connection, [newKey, oldKey]);
      expect(await both.vault.open('acme', 'ref-1')).toEqual(password);
      expect(await both.keys.rewrap()).toBe(2);
      expect(await both.keys.rewrap()).toBe(0);
      expect(await instance(connection, [newKey]).vault.open('acme', 'ref-1')).toEqual(password);
    });

    it('names the key it needs and does not have', async () => {
      await vault.put('acme', 'ref-1', password, null);
      const wrong = instance(connection, [newKey]);
      await expect(wrong.vault.open('acme', 'ref-1')).rejects.toThrow('lacks the key "k2020"');
      await expect(wrong.vault.put('acme', 'ref-2', password, null)).rejects.toThrow(CredentialKeyError);
      await expect(wrong.keys.rewrap()).rejects.toThrow('lacks the key "k2020"');
      await wrong.vault.put('newcomer', 'ref-1', password, null);
      expect(await wrong.vault.open('newcomer', 'ref-1')).toEqual(password);
    });

    it('leaves a key destroyed that was destroyed before', async () => {
      await vault.put('acme', 'ref-1', password, null);
      await vault.destroyCompany('acme');
      expect(await instance(connection, [newKey, oldKey]).keys.rewrap()).toBe(0);
    });
  });

  it("gives a text's fingerprint, which another company or purpose does not share", async () => {
    const mac = await keys.mac('acme', 'idempotency', 'text');
    expect(await instance(await store.connect()).keys.mac('acme', 'idempotency', 'text')).toBe(mac);
    const others = [
      keys.mac('rival', 'idempotency', 'text'),
      keys.mac('acme', 'other', 'text'),
      keys.mac('acme', 'idempotency', 'texts'),
    ];
    expect(await Promise.all(others)).not.toContain(mac);
  });
});

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
