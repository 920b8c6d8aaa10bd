import { defineRejections, type Position, rejectWith } from '@libs/eventsourcing';
import { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CredentialKeeper, CredentialSweep } from '../../../src/platform/credential-keeping/index.js';
import { type EventStore } from '../../../src/platform/event-store/event-store.js';
import { StoreUnavailable } from '../../../src/platform/event-store/event-store.errors.js';
import { CompanyKeys } from '../../../src/platform/security/credentials/company-keys.js';
import { CredentialVault } from '../../../src/platform/security/credentials/credential-vault.js';
import { KeyRing } from '../../../src/platform/security/credentials/key-ring.js';
import { DocumentStore } from './document-store.js';
import { brewed, byTheSystem, TeaRecord } from './recorded-teas.js';

const company = 'teahouse';
const secret = { password: 'open sesame' };
const ONE_HOUR_MS = 60 * 60 * 1_000;
const reject = rejectWith(
  defineRejections({
    teapot_taken: {
      kind: 'conflict',
      fixableBy: 'user',
      title: { ja: '使用中', en: 'Taken' },
      detail: () => ({ ja: '使用中です。', en: 'Somebody has it.' }),
    },
    not_visible: {
      kind: 'unavailable',
      fixableBy: 'service',
      title: { ja: '未反映', en: 'Not visible' },
      detail: () => ({ ja: 'まだ見えません。', en: 'Not to be seen yet.' }),
    },
  }),
);

let documents: DocumentStore;
let connection: Connection;
let record: TeaRecord;
let store: EventStore;
let vault: CredentialVault;
let keeper: CredentialKeeper;
let stream: string;
let streams = 0;

beforeAll(async () => {
  [documents, record] = await Promise.all([DocumentStore.open(), TeaRecord.open()]);
  connection = await documents.connect();
  store = record.connect();
  vault = new CredentialVault(
    connection,
    new CompanyKeys(connection, new KeyRing([{ id: 'k', key: Buffer.alloc(32) }])),
  );
  keeper = new CredentialKeeper(vault);
});
afterAll(async () => Promise.all([record.close(), documents.close()]));
beforeEach(async () => {
  stream = `tea-teahouse_keeping_${streams++}`;
  await connection.collection('credentials').deleteMany({});
});

const kept = async () => (await connection.collection('credentials').find().toArray()).map(({ ref }) => ref as string);
const named = async (credentialRef: string): Promise<{ position: Position }> => {
  const { head } = await store.read(stream);
  const event = { type: 'Brewed', data: { ...brewed('sencha').data, credentialRef } };
  return { position: await store.append(stream, head, [event], byTheSystem) };
};
const sweepIn = async (milliseconds: number) =>
  new CredentialSweep(vault, store).run(new AbortController().signal, Date.now() + milliseconds);

describe('a secret that an event is to name', () => {
  it('is there before the event is, and stays when it has come', async () => {
    let seen: object | null = null;
    let ref = '';
    await keeper.keepFor({ company, stream, secret }, async (credentialRef) => {
      seen = await vault.open(company, credentialRef);
      return named((ref = credentialRef));
    });
    expect(seen).toEqual(secret);
    await sweepIn(2 * ONE_HOUR_MS);
    expect(await vault.open(company, ref)).toEqual(secret);
  });

  it('goes at once when the decision is refused, and when it decides nothing', async () => {
    const refused = keeper.keepFor({ company, stream, secret }, async () => Promise.reject(reject('teapot_taken')));
    await expect(refused).rejects.toThrow('teapot_taken');
    await keeper.keepFor({ company, stream, secret }, async () => ({ position: null }));
    expect(await kept()).toEqual([]);
  });

  it.each([
    ['the event store does not answer', () => new StoreUnavailable('away')],
    ['the effect cannot be seen yet', () => reject('not_visible')],
  ])('stays when %s, for the event may be there', async (_when, error) => {
    const failed = keeper.keepFor({ company, stream, secret }, async (credentialRef) => {
      await named(credentialRef);
      throw error();
    });
    await expect(failed).rejects.toThrow();
    await sweepIn(2 * ONE_HOUR_MS);
    expect(await kept()).toHaveLength(1);
  });

  it('goes with the sweep when the process died before the event, and not while the event may still come', async () => {
    await vault.put(company, 'orphan', secret, stream);
    await sweepIn(ONE_HOUR_MS / 2);
    expect(await kept()).toEqual(['orphan']);
    await sweepIn(2 * ONE_HOUR_MS);
    expect(await kept()).toEqual([]);
  });

  it('is looked at once, and what waits for no event never', async () => {
    await vault.put(company, 'settled', secret, stream);
    await named('settled');
    await vault.put(company, 'waits-for-none', secret, null);
    await sweepIn(2 * ONE_HOUR_MS);
    const later = [];
    for await (const { ref } of vault.unsettled(new Date(Date.now() + 2 * ONE_HOUR_MS))) later.push(ref);
    expect(later).toEqual([]);
    expect((await kept()).sort()).toEqual(['settled', 'waits-for-none']);
  });
});
