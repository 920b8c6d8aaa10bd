import { type Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CompanyKeys } from '../../../src/platform/security/credentials/company-keys.js';
import { KeyRing } from '../../../src/platform/security/credentials/key-ring.js';
import { PersonalKeys } from '../../../src/platform/security/credentials/personal-keys.js';
import { DocumentStore } from './document-store.js';

const ring = new KeyRing([{ id: 'k1', key: Buffer.alloc(32, 1) }]);
const address = '有栖 <alice@acme.example>';

describe('the keys of people', () => {
  let store: DocumentStore;
  let connection: Connection;
  let people: PersonalKeys;

  const instance = (on: Connection = connection) => new PersonalKeys(on, new CompanyKeys(on, ring));

  beforeAll(async () => {
    store = await DocumentStore.open();
    connection = await store.connect();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await connection.collection('personal_keys').deleteMany({});
    await connection.collection('company_keys').deleteMany({});
    people = instance();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('seal what says who somebody is, and open it in every instance', async () => {
    const sealed = await people.seal('acme', 'alice', address);
    expect(sealed).not.toContain('alice');
    expect(await people.open('acme', 'alice', sealed)).toBe(address);
    expect(await instance(await store.connect()).open('acme', 'alice', sealed)).toBe(address);
  });

  it('give the same text another seal each time, so that equal texts do not show', async () => {
    expect(await people.seal('acme', 'alice', address)).not.toBe(await people.seal('acme', 'alice', address));
  });

  it('do not open what is sealed for somebody else', async () => {
    const sealed = await people.seal('acme', 'alice', address);
    await people.seal('acme', 'bob', address);
    await people.seal('rival', 'alice', address);
    await expect(people.open('acme', 'bob', sealed)).rejects.toThrow('does not open');
    await expect(people.open('rival', 'alice', sealed)).rejects.toThrow('does not open');
    await expect(people.open('acme', 'alice', address)).rejects.toThrow('Not a sealed text');
  });

  it('are one for each person, also when twenty instances meet the person at once', async () => {
    const instances = await Promise.all(Array.from({ length: 20 }, async () => instance(await store.connect())));
    const sealed = await Promise.all(instances.map((each) => each.seal('acme', 'alice', address)));
    expect(await connection.collection('personal_keys').find().toArray()).toHaveLength(1);
    const cold = instance();
    for (const each of sealed) expect(await cold.open('acme', 'alice', each)).toBe(address);
  });

  it('once destroyed open nothing, and are never made again', async () => {
    const sealed = await people.seal('acme', 'alice', address);
    await people.destroy('acme', 'alice');
    await people.destroy('acme', 'alice');
    for (const each of [people, instance()]) {
      expect(await each.open('acme', 'alice', sealed)).toBeNull();
      await expect(each.seal('acme', 'alice', address)).rejects.toMatchObject({ code: 'person_forgotten' });
    }
    expect(JSON.stringify(await connection.collection('personal_keys').find().toArray())).not.toContain('ciphertext');
  });

  it('can be destroyed before they were ever used', async () => {
    await people.destroy('acme', 'alice');
    await expect(people.seal('acme', 'alice', address)).rejects.toMatchObject({ code: 'person_forgotten' });
  });

  it('are forgotten by other instances within a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const other = instance(await store.connect());
    const sealed = await other.seal('acme', 'alice', address);
    await people.destroy('acme', 'alice');
    vi.setSystemTime(Date.now() + 60_000);
    expect(await other.open('acme', 'alice', sealed)).toBeNull();
    await expect(other.seal('acme', 'alice', address)).rejects.toMatchObject({ code: 'person_forgotten' });
  });

  it('go with the company', async () => {
    const sealed = await people.seal('acme', 'alice', address);
    await new CompanyKeys(connection, ring).destroy('acme');
    const cold = instance();
    expect(await cold.open('acme', 'alice', sealed)).toBeNull();
    await expect(cold.seal('acme', 'bob', address)).rejects.toMatchObject({ code: 'company_forgotten' });
  });

  it('open nothing for somebody who never had one', async () => {
    const sealed = await people.seal('acme', 'alice', address);
    expect(await people.open('acme', 'nobody', sealed)).toBeNull();
  });
});
