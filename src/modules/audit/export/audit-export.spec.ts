import { type CommandMetadata, type RecordedEvent } from '@libs/eventsourcing';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type DeciderRunner } from '../../../platform/event-store/index.js';
import { type AuditEventsView, type AuditFilter, type AuditPage } from '../events/audit-events.view.js';
import { type CompanyRecord } from '../integrity/company-record.js';
import { type RecordEntry } from '../integrity/sealed-record.js';
import { SealKeys } from '../integrity/seal-keys.js';
import { type Sealing } from '../integrity/sealing.js';
import { AuditExport } from './audit-export.js';

const metadata = { company: 'porters', at: '2026-11-22T01:00:00.000Z' } as CommandMetadata;
const padded = (n: number) => String(n).padStart(7, '0');
const event = (n: number): RecordedEvent =>
  ({
    id: `e${n}`,
    type: 'MailServerChanged',
    data: { name: n === 1 ? '=cmd|calc' : '本社' },
    stream: 'mailServer-porters_s1',
    revision: n,
    position: padded(n),
    metadata: {
      ...metadata,
      at: '2026-11-22T15:30:00.000Z',
      actor: { kind: 'system', name: 'x' },
      hash: 'h',
      previousHash: null,
    },
  }) as unknown as RecordedEvent;

/** A record of so many events, and what was asked of it, in order. */
class TestRecord {
  readonly asked: string[] = [];
  constructor(private readonly size: number) {}

  readonly view = {
    list: async (_filter: AuditFilter, { after, limit, upTo }: AuditPage) => {
      this.asked.push(`page after ${String(after)}`);
      const first = after === null ? 0 : Number(after) + 1;
      const last = Math.min(this.size, Number(upTo) + 1, first + limit);
      return Array.from({ length: Math.max(0, last - first) }, (_, n) => event(first + n));
    },
  } as unknown as AuditEventsView;

  readonly runner = {
    run: async (_decider: unknown, stream: string) => {
      this.asked.push(`event in ${stream}`);
      return { position: padded(this.size - 1) };
    },
  } as unknown as DeciderRunner;

  readonly sealing = { sealNow: async () => this.asked.push('sealed') } as unknown as Sealing;
  readonly record = {
    entries: async function* (): AsyncGenerator<RecordEntry> {
      yield { event: { stream: 's', revision: 0, position: 'p', id: 'i', type: 't', data: {}, metadata: {} } };
    },
  } as unknown as CompanyRecord;

  get exports(): AuditExport {
    return new AuditExport(
      this.runner,
      this.view,
      this.sealing,
      this.record,
      new SealKeys([{ id: 's', key: Buffer.alloc(32) }]),
    );
  }
}
const filter: AuditFilter = { company: 'porters', userId: 'taro' };
async function allOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

describe('an export', () => {
  it('is on the record before its first line is made', async () => {
    const record = new TestRecord(3);
    const lines = await record.exports.lines('ndjson', filter, metadata, 'ja');
    expect(record.asked).toEqual(['event in auditExport-porters']);
    await lines.next();
    expect(record.asked).toEqual(['event in auditExport-porters', 'page after null']);
  });

  it.each([0, 1, 499, 500, 501, 1_000, 1_234])('of %i events has that many lines', async (size) => {
    const text = await allOf(await new TestRecord(size).exports.lines('ndjson', filter, metadata, 'ja'));
    const lines = text === '' ? [] : text.trimEnd().split('\n').map((line) => JSON.parse(line) as { position: string }); // prettier-ignore
    expect(lines.map(({ position }) => Number(position))).toEqual(Array.from({ length: size }, (_, n) => n));
  });

  it('of a million events has no more in memory than its reader has taken, and a little', async () => {
    const record = new TestRecord(1_000_000);
    const stream = Readable.from(await record.exports.lines('csv', filter, metadata, 'ja'), { objectMode: false });
    let taken = 0;
    for await (const chunk of stream) {
      taken += (chunk as Buffer).toString().split('\r\n').length - 1;
      await new Promise((resolve) => setImmediate(resolve));
      expect(500 * (record.asked.length - 1) - taken).toBeLessThanOrEqual(1_500);
      if (taken > 20_000) break;
    }
    const asked = record.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(record.asked).toHaveLength(asked);
  });

  it('as CSV tells the time in Japan, the column in the language of who asks, and no formula', async () => {
    const text = await allOf(await new TestRecord(2).exports.lines('csv', filter, metadata, 'en'));
    const [head, first, second] = text.split('\r\n');
    expect(head!.startsWith('\uFEFF"Time (Japan)","Time (UTC)"')).toBe(true);
    expect(first!.startsWith('"2026/11/23 00:30:00","2026-11-22T15:30:00.000Z","MailServerChanged"')).toBe(true);
    expect(second).toContain('"{""name"":""=cmd|calc""}"');
    const japanese = await allOf(await new TestRecord(0).exports.lines('csv', filter, metadata, 'ja'));
    expect(japanese).toContain('"日時（日本時間）"');
  });

  it('as a bundle is sealed after it was put on the record, and says where it ends', async () => {
    const record = new TestRecord(1);
    const text = await allOf(await record.exports.bundle(metadata));
    expect(record.asked).toEqual(['event in auditExport-porters', 'sealed']);
    const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line) as { record: string }); // prettier-ignore
    expect(lines.map((line) => line.record)).toEqual(['bundle', 'event', 'end']);
    expect(lines.at(-1)).toMatchObject({ events: 1, seals: 0 });
  });
});
