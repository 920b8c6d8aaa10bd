// Makes a stored sample of events from a draft, as the codec writes them now:
//   node scripts/events/store-sample.mjs <draft.json> test/contracts/stored-events/samples/<name>.json
// A draft: { "story": "…", "stream": "…", "events": [{ "type": "…", "data": { … } }], "leadsTo": { … } }
// Samples are never changed afterwards: what is once written has to be read for ever. An event with new fields, or a
// new event, gets a new sample. Needs what `npm run build` makes.
import { readFileSync, writeFileSync } from 'node:fs';

const { EventCodec } = await import('../../dist/src/platform/event-store/index.js');
const { categories, events: catalogue } = await import('../../dist/src/events.js');

const [from, to] = process.argv.slice(2);
const { story, stream, events, leadsTo } = JSON.parse(readFileSync(from, 'utf8'));
/** Seals so that anybody can open it: samples hold invented people. */
const legible = { seal: async (_company, _userId, text) => `legible:${Buffer.from(text).toString('base64')}` };
const metadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'taro', name: '営業 太郎', roles: [] },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: '5c0f9f0e-0000-4000-8000-000000000001',
  causationId: '5c0f9f0e-0000-4000-8000-000000000001',
  clientAddress: '203.0.113.7',
};
const named = events.map((event, index) => ({
  ...event,
  id: `5c0f9f0e-0000-4000-8000-${String(index + 2).padStart(12, '0')}`,
}));
const stored = await new EventCodec(catalogue, categories, legible).encode(stream, null, named, metadata);
writeFileSync(to, `${JSON.stringify({ story, stream, events: stored, leadsTo }, null, 2)}\n`);
