// Messages a second on one core, beside mailparser and postal-mime:
//   npm run build && node libs/mail-parsing/bench/parse-rate.mjs
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import {
  contentIdentity,
  createMailParser,
  readMail,
  summarizeMail,
} from '../../../dist/libs/mail-parsing/src/index.js';
import { mailLikeRealMail } from './mail-like-real-mail.mjs';

const mails = mailLikeRealMail(1_000);
const sizes = mails.map((mail) => mail.length).sort((a, b) => a - b);
const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
console.log(`${mails.length} messages, ${megabytes.toFixed(1)} MB, median ${(sizes[500] / 1e3).toFixed(1)} KB`);

const summaries = new Map(mails.map((mail) => [mail, summarizeMail(mail)]));
await rate('summarizeMail', mails, summarizeMail);
await rate('summarizeMail + contentIdentity', mails, (mail) => contentIdentity(mail, summarizeMail(mail)));
await rate('contentIdentity with its summary', mails, (mail) => contentIdentity(mail, summaries.get(mail)));
await rate('readMail', mails, readMail);
await rate('mailparser simpleParser', mails.slice(0, 200), (mail) => simpleParser(mail));
await rate('postal-mime', mails.slice(0, 200), (mail) => PostalMime.parse(mail));
for (const threads of [1, 2]) {
  const parser = createMailParser({ threads });
  await parser.summarize(mails);
  const seconds = await median(5, () => parser.summarize(mails));
  console.log(`pool of ${threads}, summary and identity`.padEnd(36), Math.round(mails.length / seconds), 'messages/s');
  await parser.close();
}

async function rate(name, some, parse) {
  const seconds = await median(5, async () => {
    for (const mail of some) await parse(mail);
  });
  console.log(name.padEnd(36), Math.round(some.length / seconds), 'messages/s');
}

async function median(rounds, work) {
  const seconds = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await work();
    seconds.push((performance.now() - started) / 1_000);
  }
  return seconds.sort((a, b) => a - b)[Math.floor(rounds / 2)];
}
