import { describe, expect, it } from 'vitest';
import { type RecognitionResolver, ServiceRecognition } from './service-recognition.js';

const ALIASES = new Map([['mail.moved.example', 'imap.moved.example'], ['imap.moved.example', 'outlook.office365.com']]); // prettier-ignore
const EXCHANGERS = new Map([
  ['on365.example', ['on365-example.mail.protection.outlook.com.']],
  ['dane365.example', ['on365.a-v1.mx.microsoft']],
  ['google.example', ['aspmx.l.google.com', 'alt1.aspmx.l.google.com']],
  ['own.example', ['mx.own.example']],
]);
const failing = async (code: string): Promise<never> => {
  throw Object.assign(new Error(`queryMx ${code}`), { code });
};

/** `trouble`: how the name service fails for names that nothing is said of here. */
function recognition(trouble: () => string = () => 'ENODATA') {
  const asked: string[] = [];
  const resolver: RecognitionResolver = {
    hosts: {
      addresses: async () => [],
      aliases: async (name) => (ALIASES.has(name) ? [ALIASES.get(name)!] : failing(trouble())),
    },
    mailExchangers: async (domain) => {
      asked.push(domain);
      return EXCHANGERS.get(domain) ?? failing(trouble());
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

  it.each(['ENOTFOUND', 'ENODATA', 'EBADNAME'])('is an other one where there is nothing to find (%s)', async (code) => {
    const setting = { host: 'imap.unheard.example', address: 'taro@unheard.example' };
    const { recognition: told } = recognition(() => code);
    expect(await told.recognise(setting)).toEqual({ service: 'other', by: null });
  });

  it.each(['ETIMEOUT', 'ESERVFAIL', 'EREFUSED', 'ECONNREFUSED', 'ECANCELLED'])(
    'is not guessed while the name service fails (%s), and asked for anew by the next line',
    async (code) => {
      let now = code;
      const { recognition: troubled } = recognition(() => now);
      const silent = { code: 'legacy_name_service_silent' };
      const aliased = { host: 'imap.unheard.example', address: 'taro@unheard.example' };
      const exchanged = { host: '203.0.113.9', address: 'taro@unheard.example' };
      await expect(troubled.recognise(aliased)).rejects.toMatchObject(silent);
      await expect(troubled.recognise(exchanged)).rejects.toMatchObject(silent);
      now = 'ENOTFOUND';
      for (const setting of [aliased, exchanged]) {
        expect(await troubled.recognise(setting)).toEqual({ service: 'other', by: null });
      }
    },
  );
});
