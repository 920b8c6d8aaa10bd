import { describe, expect, it } from 'vitest';
import { type RecognitionResolver, ServiceRecognition } from './service-recognition.js';

const ALIASES = new Map([['mail.moved.example', 'imap.moved.example'], ['imap.moved.example', 'outlook.office365.com']]); // prettier-ignore
const EXCHANGERS = new Map([
  ['on365.example', ['on365-example.mail.protection.outlook.com.']],
  ['dane365.example', ['on365.a-v1.mx.microsoft']],
  ['google.example', ['aspmx.l.google.com', 'alt1.aspmx.l.google.com']],
  ['own.example', ['mx.own.example']],
]);
const failing = async (): Promise<never> => {
  throw Object.assign(new Error('queryMx ETIMEOUT'), { code: 'ETIMEOUT' });
};

function recognition() {
  const asked: string[] = [];
  const resolver: RecognitionResolver = {
    hosts: {
      addresses: async () => [],
      aliases: async (name) => (ALIASES.has(name) ? [ALIASES.get(name)!] : failing()),
    },
    mailExchangers: async (domain) => {
      asked.push(domain);
      return EXCHANGERS.get(domain) ?? failing();
    },
  };
  return { asked, recognition: new ServiceRecognition(resolver) };
}

describe('the service of an old setting (R12)', () => {
  it.each([
    ['outlook.office365.com', 'taro@own.example', 'office365', 'host'],
    ['IMAP.GMAIL.COM', 'taro@own.example', 'gmail', 'host'],
    ['mail.moved.example', 'taro@own.example', 'office365', 'alias'],
    ['imap.on365.example', 'taro@on365.example', 'office365', 'mx'],
    ['imap.dane365.example', 'taro@dane365.example', 'office365', 'mx'],
    ['pop.google.example', 'taro@GOOGLE.example', 'gmail', 'mx'],
    ['imap.own.example', 'taro@own.example', 'other', null],
    ['imap.unheard.example', 'taro@unheard.example', 'other', null],
    ['203.0.113.9', 'taro@own.example', 'other', null],
    ['notoutlook.com.example', 'taro@own.example', 'other', null],
  ])('of %s for %s is %s (%s)', async (host, address, service, by) => {
    expect(await recognition().recognition.recognise({ host, address })).toEqual({ service, by });
  });

  it('is looked up once for all who share it', async () => {
    const { asked, recognition: shared } = recognition();
    const all = Array.from({ length: 50 }, (_, n) => ({ host: 'imap.own.example', address: `u${n}@own.example` }));
    await Promise.all(all.map(async (setting) => shared.recognise(setting)));
    expect(asked).toEqual(['own.example']);
  });
});
