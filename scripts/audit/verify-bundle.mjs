// Verifies a bundle from GET /api/v1/audit/bundle on any machine with Node and nothing else:
//   node verify-bundle.mjs audit-bundle.ndjson [fingerprint of the public key that you trust]
// It shares no code with the service that made the bundle. What it holds:
//   - every event's hash is SHA-256 over its canonical JSON (keys sorted), and names its predecessor's
//   - no revision of a stream is missing or there twice
//   - every seal is signed (Ed25519) and follows the seal before it
//   - the streams end, where a seal stands, just where the seal says
// Without a fingerprint to compare with, the keys are taken from the bundle itself: then compare what is printed.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [file, trusted] = process.argv.slice(2);
if (!file) throw new Error('Usage: node verify-bundle.mjs <bundle.ndjson> [trusted key fingerprint]');

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
};

const heads = new Map();
const keys = new Map();
const counts = { event: 0, seal: 0 };
const findings = [];
let company;
let lastSeal = null;
let end = null;

function onBundle(bundle) {
  company = bundle.company;
  for (const { id, publicKey } of bundle.keys) {
    const fingerprint = sha256(Buffer.from(publicKey, 'base64'));
    console.log(`key ${id}: ${fingerprint}`);
    if (trusted && trusted !== fingerprint) continue;
    keys.set(id, createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }));
  }
}

function onEvent({ stream, revision, position, id, type, data, metadata }) {
  const where = `event ${revision} of ${stream} at ${position}`;
  const { hash, ...hashed } = metadata ?? {};
  const head = heads.get(stream) ?? { revision: -1, hash: null };
  if (hash !== sha256(canonical({ stream, revision, id, type, data, metadata: hashed })))
    findings.push(`${where} was changed`);
  else if (revision !== head.revision + 1)
    findings.push(`${where}: ${revision - head.revision - 1} event(s) before it are missing`);
  else if (hashed.previousHash !== head.hash) findings.push(`${where} does not follow the event before it`);
  heads.set(stream, { revision, hash });
}

function onSeal({ record, keyId, signature, ...content }) {
  const name = `seal ${content.number}`;
  const text = canonical(content);
  const key = keys.get(keyId);
  if (!key) findings.push(`${name} is signed with the key ${keyId}, which is not trusted`);
  else if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')))
    findings.push(`${name} is not genuine`);
  else {
    const follows = content.number === (lastSeal?.number ?? 0) + 1 && content.previous === (lastSeal?.digest ?? null);
    if (!follows || content.company !== company) findings.push(`${name} does not follow the seal before it`);
    for (const { stream, revision, hash } of content.heads) {
      const head = heads.get(stream);
      if (head?.revision !== revision || head.hash !== hash)
        findings.push(`${stream} is not what ${name} sealed at event ${revision}`);
    }
  }
  lastSeal = { number: content.number, digest: sha256(text), at: content.at };
}

for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
  const entry = JSON.parse(line);
  if (end) findings.push('There is something behind the end of the bundle');
  if (entry.record === 'bundle') onBundle(entry);
  else if (entry.record === 'event') onEvent(entry);
  else if (entry.record === 'seal') onSeal(entry);
  else if (entry.record === 'end') end = entry;
  if (entry.record in counts) counts[entry.record] += 1;
}
if (!end || end.events !== counts.event || end.seals !== counts.seal) findings.push('The bundle is not complete');

for (const finding of findings.slice(0, 100)) console.log(finding);
console.log(
  `${counts.event} events and ${counts.seal} seals of ${company}, the last seal of ${lastSeal?.at ?? 'never'}`,
);
console.log(findings.length === 0 ? 'The record is whole.' : `The record is NOT whole: ${findings.length} finding(s).`);
process.exit(findings.length === 0 ? 0 : 1);
