import { rm } from 'node:fs/promises';
import { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompanyRecord } from '../../../src/modules/audit/integrity/company-record.js';
import { SealKeys } from '../../../src/modules/audit/integrity/seal-keys.js';
import { type Seal } from '../../../src/modules/audit/integrity/seal.js';
import { type Verdict, verifyRecord } from '../../../src/modules/audit/integrity/sealed-record.js';
import { SealStore } from '../../../src/modules/audit/integrity/seal-store.js';
import { Sealing } from '../../../src/modules/audit/integrity/sealing.js';
import { hashOf } from '../../../src/platform/event-store/event-hash.js';
import { Leases } from '../../../src/platform/scheduling/leases.js';
import { DocumentStore } from '../platform-stores/document-store.js';
import { brewed, byTheSystem, teaCodec, TeaRecord } from '../platform-stores/recorded-teas.js';
import { forged, opened } from './forged-response.js';
import { type Row, TamperedFile } from './tampering.js';

const POT = 'tea-teahouse_pot';
const CUP = 'tea-teahouse_cup';
const keys = new SealKeys([{ id: 's1', key: Buffer.alloc(32, 7) }]);

let original: TeaRecord;
let documents: DocumentStore;
let connection: Connection;

/** Two streams, sealed after the fourth and after the sixth of eight events; the last two are not sealed yet. */
beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  original = await TeaRecord.open();
  await append(POT, 'sencha', 'hojicha', 'genmaicha');
  await append(CUP, 'matcha1');
  await sealing().sealNow();
  await append(POT, 'gyokuro');
  await append(CUP, 'matcha2');
  await sealing().sealNow();
  await append(POT, 'bancha1', 'kukicha');
  await append('tea-teahouse2_pot', 'of another company');
  await original.stop();
});
afterAll(async () => {
  await rm(original.directory, { recursive: true, force: true });
  await documents.close();
});

async function append(stream: string, ...teas: readonly string[]): Promise<void> {
  const store = original.connect();
  const { head } = await store.read(stream);
  const events = teas.map((tea) => brewed(tea));
  await store.append(stream, head, events, {
    ...byTheSystem,
    company: stream.includes('teahouse2') ? 'teahouse2' : 'teahouse',
  });
}
const sealing = () =>
  new Sealing(original.connect(), teaCodec(), new SealStore(connection), keys, new Leases(connection));

/** The verdict over a copy of the events after somebody had it in hand; seals may be tampered with on the way. */
async function verdictAfter(
  tamper: (file: TamperedFile) => void,
  seals: (all: Seal[]) => Seal[] = (all) => all,
): Promise<Verdict> {
  const file = await TamperedFile.copyOf(original.directory);
  tamper(file);
  file.close();
  const record = await TeaRecord.open(file.directory);
  try {
    const store = new SealStore(connection);
    const present: Seal[] = [];
    for await (const seal of await store.inOrder('teahouse')) present.push(seal);
    const shown = { inOrder: async () => asyncOf(seals(present)) } as unknown as SealStore;
    return await verifyRecord(new CompanyRecord(record.connect(), teaCodec(), shown).entries('teahouse'), keys);
  } finally {
    await record.close();
  }
}
async function* asyncOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
const named = ({ findings }: Verdict) => findings.map(({ kind, stream, revision }) => `${kind} ${stream} ${revision}`);

/** Writes a row's event again with another content, and every later event of the stream with hashes that fit. */
function rewriteFrom(file: TamperedFile, rows: readonly Row[], change: (tea: string) => string): void {
  let previousHash: unknown;
  for (const row of rows) {
    const { id, type, data, metadata } = opened(row);
    const { hash: _hash, ...before } = metadata;
    const rewritten = {
      data: { ...data, tea: change((data as { tea: string }).tea) },
      metadata: { ...before, previousHash: previousHash ?? metadata['previousHash'] },
    };
    const hash = hashOf({ stream: POT, revision: row.revision, id, type, ...rewritten });
    file.write(forged(row, { ...rewritten, metadata: { ...rewritten.metadata, hash } }));
    previousHash = hash;
  }
}

describe('a record that nobody touched', () => {
  it('is whole, and is all of the company and nothing of another whose name begins alike', async () => {
    const verdict = await verdictAfter(() => undefined);
    expect(verdict).toEqual({ checked: 8, seals: 2, findings: [], findingCount: 0, firstBroken: null });
  });
});

describe('an event that was', () => {
  it('changed is found and named', async () => {
    let position = 0;
    const verdict = await verdictAfter((file) => {
      const row = file.rows(POT)[1]!;
      position = row.position;
      file.replaceText(row, 'hojicha', 'coffee!');
    });
    expect(named(verdict)).toEqual([`changed ${POT} 1`]);
    expect(verdict.firstBroken).toContain(position.toString(16));
    expect(verdict.findings[0]!.eventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('changed in who did it is found', async () => {
    const verdict = await verdictAfter((file) => file.replaceText(file.rows(POT)[1]!, '"kettle"', '"nobody"'));
    expect(named(verdict)).toEqual([`changed ${POT} 1`]);
  });

  it('changed behind the last seal is found as well', async () => {
    const verdict = await verdictAfter((file) => file.replaceText(file.rows(POT)[5]!, 'kukicha', 'coffee!'));
    expect(named(verdict)).toEqual([`changed ${POT} 5`]);
  });

  it('changed together with its own hash breaks the chain at the next one', async () => {
    const verdict = await verdictAfter((file) => rewriteFrom(file, [file.rows(POT)[1]!], () => 'coffee'));
    expect(named(verdict)).toEqual([`unchained ${POT} 2`]);
  });

  it('changed with every hash after it is found by the seals, all of which it breaks', async () => {
    const verdict = await verdictAfter((file) =>
      rewriteFrom(file, file.rows(POT).slice(1), (tea) => (tea === 'hojicha' ? 'coffee' : tea)),
    );
    expect(named(verdict)).toEqual([`rewritten ${POT} 2`, `rewritten ${POT} 3`]);
  });

  it('removed is found', async () => {
    expect(named(await verdictAfter((file) => file.remove(file.rows(POT)[1]!)))).toEqual([`missing ${POT} 2`]);
  });

  it('the first of its stream and removed is found', async () => {
    expect(named(await verdictAfter((file) => file.remove(file.rows(POT)[0]!)))).toEqual([`missing ${POT} 1`]);
  });

  it('removed, the others moved up to close the gap, is found', async () => {
    const verdict = await verdictAfter((file) => {
      const rows = file.rows(POT);
      file.remove(...rows.slice(1));
      for (const row of rows.slice(2)) file.write(forged(row, { revision: row.revision - 1 }));
    });
    expect(named(verdict)).toContain(`changed ${POT} 1`);
    expect(named(verdict)).toContain(`truncated ${POT} 3`);
  });

  it('exchanged with its neighbour is found: neither is what was written at its place', async () => {
    const verdict = await verdictAfter((file) => {
      const [, second, third] = file.rows(POT);
      file.remove(second!, third!);
      file.write(forged(third!, { revision: 1, position: second!.position }));
      file.write(forged(second!, { revision: 2, position: third!.position }));
    });
    const found = [`changed ${POT} 1`, `changed ${POT} 2`, `rewritten ${POT} 2`, `unchained ${POT} 3`];
    expect(named(verdict)).toEqual(found);
  });

  it('inserted at the end, without a hash for that place, is found', async () => {
    const verdict = await verdictAfter((file) => {
      const last = file.rows(CUP).at(-1)!;
      file.write(
        forged(last, { revision: 2, position: last.position + 1, id: '00000000-0000-4000-8000-000000000001' }),
      );
    });
    expect(named(verdict)).toContain(`changed ${CUP} 2`);
  });

  it('inserted with a forged chain where a seal stands is found by the seal', async () => {
    const verdict = await verdictAfter((file) => {
      const last = file.rows(CUP).at(-1)!;
      const { type, data, metadata } = opened(last);
      const id = '00000000-0000-4000-8000-000000000001';
      const { hash: previousHash, ...rest } = metadata;
      const before = { ...rest, previousHash };
      const hash = hashOf({ stream: CUP, revision: 2, id, type, data, metadata: before });
      // Between the last event of the cup and the second seal's position there is none of the pot: it goes in front.
      const first = file.rows(POT)[3]!;
      file.remove(last);
      file.write(forged(last, { position: first.position + 1 }));
      file.write(forged(last, { revision: 2, position: first.position + 2, id, metadata: { ...before, hash } }));
    });
    expect(named(verdict)).toContain(`rewritten ${CUP} 1`);
  });

  it('inserted without any form is found', async () => {
    const verdict = await verdictAfter((file) => {
      const last = file.rows(CUP).at(-1)!;
      file.write(
        forged(last, {
          revision: 2,
          position: last.position + 1,
          metadata: {},
          id: '00000000-0000-4000-8000-000000000001',
        }),
      );
    });
    expect(named(verdict)).toContain(`malformed ${CUP} 2`);
  });
});

describe('the end of a stream', () => {
  it('cut off is found by the seals', async () => {
    const verdict = await verdictAfter((file) => file.remove(...file.rows(POT).slice(3)));
    expect(named(verdict)).toEqual([`truncated ${POT} 3`]);
    expect(verdict.firstBroken).toMatch(/^[0-9a-f]{16}-/);
  });

  it('cut off with the whole stream is found by the seals', async () => {
    const verdict = await verdictAfter((file) => file.remove(...file.rows(CUP)));
    expect(named(verdict)).toEqual([`truncated ${CUP} 0`, `truncated ${CUP} 1`]);
  });

  it('cut off with everything behind it is found by the seals', async () => {
    const verdict = await verdictAfter((file) => file.remove(...file.rows(POT), ...file.rows(CUP)));
    expect(verdict.checked).toBe(0);
    expect(named(verdict)).toContain(`truncated ${POT} 3`);
  });
});

describe('a seal that was', () => {
  it('removed is found by the next', async () => {
    expect(
      named(
        await verdictAfter(
          () => undefined,
          ([, second]) => [second!],
        ),
      ),
    ).toEqual(['seal_missing seals of teahouse 2']);
  });

  it('changed is found', async () => {
    const verdict = await verdictAfter(() => undefined, ([first, second]) => [{ ...first!, at: '2020-01-01T00:00:00.000Z' }, second!]); // prettier-ignore
    expect(named(verdict)).toEqual(['seal_invalid seals of teahouse 1', 'seal_missing seals of teahouse 2']);
  });

  it('made by somebody else is found, under a name of his own or under ours', async () => {
    const forger = (id: string) => new SealKeys([{ id, key: Buffer.alloc(32, 9) }]);
    const { signedBytes } = await import('../../../src/modules/audit/integrity/seal.js');
    const sealedBy = (id: string) => ([first, second]: Seal[]) => [first!, { ...second!, ...forger(id).sign(signedBytes(second!)) }]; // prettier-ignore
    expect(named(await verdictAfter(() => undefined, sealedBy('own')))).toEqual([
      'seal_key_unknown seals of teahouse 2',
    ]);
    expect(named(await verdictAfter(() => undefined, sealedBy('s1')))).toEqual(['seal_invalid seals of teahouse 2']);
  });
});

describe('sealing', () => {
  it('names for each stream that has grown where it ended, once', async () => {
    const seals: Seal[] = [];
    for await (const seal of await new SealStore(connection).inOrder('teahouse')) seals.push(seal);
    expect(
      seals.map(({ number, heads }) => [number, heads.map(({ stream, revision }) => `${stream}@${revision}`)]),
    ).toEqual([
      [1, [`${CUP}@0`, `${POT}@2`]],
      [2, [`${CUP}@1`, `${POT}@3`]],
    ]);
  });
});
