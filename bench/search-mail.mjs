// Searches the received mail of one company, of any size, through the view that the REST API asks:
//   npm run build && node bench/search-mail.mjs [messages] [mongodb://…]
// Without an address it starts the embedded document store in a temporary directory. Prints, for each question, how
// long one page of 50 took (the median and the slowest of three), and over how many pages the whole search went.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startEmbeddedMongo } from '../dist/libs/embedded-mongo/src/index.js';
import { InboxMessagesView } from '../dist/src/modules/inbox/read-model/inbox-messages.view.js';
import { SearchCandidates } from '../dist/src/modules/inbox/search/candidates.js';
import { MessageSearch } from '../dist/src/modules/inbox/search/message-search.js';
import { SearchBlocks } from '../dist/src/modules/inbox/search/search-blocks.js';
import { SearchSealing } from '../dist/src/modules/inbox/search/search-sealing.js';
import { searchTextOf } from '../dist/src/modules/inbox/search/search-text.js';

const [count = '200000', address] = process.argv.slice(2);
const messages = Number(count);
const directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-bench-'));
const server = address ? { url: address, close: async () => undefined } : await startEmbeddedMongo({ directory });
const connection = await mongoose
  .createConnection(server.url, { dbName: 'hrbc_mail_bench', autoIndex: false })
  .asPromise();

const positionOf = (n) => (n + 1).toString(16).padStart(32, '0');
let model;
const projectors = {
  readModels: [{ name: 'inbox_messages_v2', served: { loop: { position: positionOf(messages) } } }],
  add: ({ projection, schema }) => {
    schema.add({ _id: String, position: String });
    return (model = connection.model(projection.name, schema, projection.name));
  },
  follow: () => undefined,
};
const leases = { take: async () => ({ fence: 1 }), renew: async () => true, release: async () => undefined };
const view = new InboxMessagesView(projectors, { factsFor: async () => undefined });
const blocks = new SearchBlocks(connection);
const sealing = new SearchSealing(blocks, view, { companies: async () => ['sample'] }, leases, projectors);
const search = new MessageSearch(view, blocks, new SearchCandidates(blocks));

const NAMES = ['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', '山本', '中村', '小林', '加藤'];
const TOPICS = ['面談', '求人票', '履歴書', '請求書', '契約', '日程', '見積', '採用', '紹介', '報告'];
const VERBS = ['のご案内', 'のご確認のお願い', 'について', 'の送付', 'の変更', 'の件', 'のご相談'];
const WORDS =
  'お世話になっております いつもありがとうございます 株式会社 候補者 営業職 東京 大阪 来週 火曜日 木曜日 午後 十時 添付 資料 確認 よろしくお願いいたします 先日 電話 打ち合わせ 条件 年収 経験 勤務地 開始 予定 連絡 返信 至急 面接 結果 内定 辞退 希望'.split(
    ' ',
  );
let seed = 1;
const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const oneOf = (list) => list[Math.floor(random() * list.length)];

// Histories of fifty mailboxes are imported one after the other, and then mail comes in as it does.
const IMPORTED = Math.floor(messages * 0.9);
const placeOf = (n) => (n < IMPORTED ? (n % (IMPORTED / 50)) * 50 + Math.floor(n / (IMPORTED / 50)) : n);
const memberOf = (n) => `member${n < IMPORTED ? Math.floor(n / (IMPORTED / 50)) : n % 50}`;

function messageOf(n) {
  const name = oneOf(NAMES) + String(n % 997);
  const from = { name, address: `user${n % 5_003}@customer${n % 211}.example` };
  const to = [{ name: '', address: `${memberOf(n)}@sample.example` }];
  const subject = `第${n}回 ${oneOf(TOPICS)}${oneOf(VERBS)}`;
  const preview = Array.from({ length: 18 }, () => oneOf(WORDS)).join('');
  const summary = { from, to, subject, preview, hasAttachments: n % 5 === 0, size: 20_000 };
  return {
    _id: `m${String(n).padStart(9, '0')}`,
    position: positionOf(n),
    company: 'sample',
    userId: memberOf(n),
    receivedAt: new Date(1_600_000_000_000 + placeOf(n) * 60_000),
    ...summary,
    searchText: searchTextOf([subject, preview, name, from.address, to[0].address].join(' ')),
    senderText: searchTextOf(`${name} ${from.address}`),
    quarantined: false,
    sharedAtReceipt: n % 3 !== 0,
    shared: n % 3 !== 0,
    sharing: { basis: 'default', by: 'member', at: '2026-11-22T00:00:00.000Z' },
  };
}

const filling = Date.now();
await model.createIndexes();
for (let from = 0; from < messages; from += 1_000) {
  const batch = Array.from({ length: Math.min(1_000, messages - from) }, (_, i) => messageOf(from + i));
  await model.collection.insertMany(batch, { ordered: false });
}
console.log(`${messages} mails in ${((Date.now() - filling) / 1000).toFixed(0)} s, ${await megabytes()} MB`);
const beginning = Date.now();
await blocks.prepare();
await sealing.sealDue(new AbortController().signal);
console.log(`the index in ${((Date.now() - beginning) / 1000).toFixed(0)} s, ${await megabytes()} MB in all`);

const QUESTIONS = [
  ['newest, no search', {}],
  ['a common word', { text: '面談' }],
  ['two common words', { text: '面談 来週' }],
  ['one mail', { text: `第${Math.floor(IMPORTED / 50) * 7 + 100}回` }],
  ['a sender by address', { from: 'user4711@customer' }],
  ['a sender by name', { from: '佐藤42' }],
  ['a common word, far in the past', { text: '面談', until: new Date(1_600_000_000_000 + 3_000_000_000) }],
  ['a word that nobody wrote', { text: '量子力学' }],
  ['common letters, no such text', { text: '面談来週火曜日添付資料先日電話' }],
  ['one letter', { text: '辞' }],
  ['one letter that nobody wrote', { text: '龍' }],
];
for (const scope of ['mine', 'shared']) {
  for (const [what, question] of QUESTIONS) {
    const query = { company: 'sample', reader: 'member7', scope, limit: 50, ...question };
    const times = [];
    for (let run = 0; run < 3; run++) times.push((await timed(() => search.page({ ...query, after: null })))[0]);
    times.sort((a, b) => a - b);
    const [whole, { found, pages }] = await timed(() => toTheEnd(query));
    const page = `${times[1].toFixed(0)} ms, slowest ${times[2].toFixed(0)} ms`;
    console.log(
      `${scope.padEnd(7)} ${what.padEnd(30)} ${page.padEnd(26)} ${found} found in ${pages} pages, ${whole.toFixed(0)} ms`,
    );
  }
}

/** What the embedded store takes on disk. */
async function megabytes() {
  if (address) return '?';
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
}

/** Until there are 50, or nothing more to look through. */
async function toTheEnd(query) {
  let [found, pages] = [0, 0];
  for (let after = null; ;) {
    const page = await search.page({ ...query, after });
    [found, pages, after] = [found + page.found.length, pages + 1, page.stoppedAt];
    if (after === null || found >= 50) return { found, pages };
  }
}

async function timed(work) {
  const before = performance.now();
  const result = await work();
  return [performance.now() - before, result];
}

await connection.close();
await server.close();
await rm(directory, { recursive: true, force: true });
