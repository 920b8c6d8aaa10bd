import { describe, it, expect } from 'vitest';
import type { HostResolver } from './host-resolver.js';
import { resolvePublic, vetMailHost } from './vet-mail-host.js';

const PUBLIC = '8.8.8.8';
const OTHER_PUBLIC = '2606:4700:4700::1111';

/** Answers as told; an Error's code stands for a failed lookup. */
function resolverOf(answers: Readonly<Record<string, readonly string[] | string>>): HostResolver {
  return {
    addresses: async (name) => {
      const answer = answers[name] ?? 'ENOTFOUND';
      if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
      return answer;
    },
    aliases: async () => [],
  };
}

const none = { allowedPrivate: [] };

describe('resolvePublic', () => {
  it('gives every address of a public name', async () => {
    const resolver = resolverOf({ 'mail.example.com': [PUBLIC, OTHER_PUBLIC] });
    expect(await resolvePublic('Mail.Example.com.', { ...none, resolver })).toEqual({
      ok: true,
      host: 'mail.example.com',
      isName: true,
      addresses: [PUBLIC, OTHER_PUBLIC],
      exempt: false,
    });
  });

  it.each(['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '192.168.1.5', '169.254.169.254'])(
    'refuses the address %s without asking a resolver',
    async (host) => {
      const resolver: HostResolver = { addresses: () => Promise.reject(new Error('asked')), aliases: async () => [] };
      expect(await resolvePublic(host, { ...none, resolver })).toEqual({ ok: false, refusal: 'private_address' });
    },
  );

  it.each([
    ['only inside', ['10.0.0.1']],
    ['outside and inside', [PUBLIC, '10.0.0.1']],
    ['inside by IPv6 only', [PUBLIC, 'fd00::1']],
    ['inside as a mapped address', ['::ffff:192.168.0.1']],
  ])('refuses a name that points %s', async (_, addresses) => {
    const resolver = resolverOf({ 'mail.example.com': addresses });
    expect(await resolvePublic('mail.example.com', { ...none, resolver })).toEqual({
      ok: false,
      refusal: 'private_address',
    });
  });

  it('refuses localhost as the system resolves it', async () => {
    expect(await resolvePublic('localhost', none)).toEqual({ ok: false, refusal: 'private_address' });
  });

  it.each([
    ['ENOTFOUND', 'unknown_host'],
    ['ENODATA', 'unknown_host'],
    ['EAI_AGAIN', 'lookup_failed'],
    ['ESERVFAIL', 'lookup_failed'],
  ])('calls %s %s', async (code, refusal) => {
    const resolver = resolverOf({ 'mail.example.com': code });
    expect(await resolvePublic('mail.example.com', { ...none, resolver })).toEqual({ ok: false, refusal });
  });

  it.each(['no-such-host.invalid', 'not a host', ''])('knows that %j cannot exist', async (host) => {
    const resolver = resolverOf({ 'no-such-host.invalid': [PUBLIC] });
    expect(await resolvePublic(host, { ...none, resolver })).toEqual({ ok: false, refusal: 'unknown_host' });
  });

  it('refuses a name without addresses', async () => {
    const resolver = resolverOf({ 'mail.example.com': [] });
    expect(await resolvePublic('mail.example.com', { ...none, resolver })).toMatchObject({ refusal: 'unknown_host' });
  });

  it.each([
    ['an address', '127.0.0.1', ['127.0.0.1']],
    ['an address in another spelling', '127.1', ['127.0.0.1']],
    ['a network', '10.1.2.3', ['10.0.0.0/8']],
    ['an IPv6 network', 'fd00::5', ['fd00::/8']],
    ['a mapped address', '::ffff:10.1.2.3', ['10.0.0.0/8']],
    ['a name', 'relay.internal', ['Relay.Internal']],
    ['the address of a name', 'relay.internal', ['192.168.7.7']],
  ])('lets %s through that the operator exempted', async (_, host, allowedPrivate) => {
    const resolver = resolverOf({ 'relay.internal': ['192.168.7.7'] });
    expect(await resolvePublic(host, { allowedPrivate, resolver })).toMatchObject({ ok: true, exempt: true });
  });

  it.each([
    ['127.0.0.2', ['127.0.0.1']],
    ['11.0.0.1', ['fd00::/8', 'relay.internal']],
    ['10.0.0.1', ['relay.internal']],
  ])('an exemption does not reach further than it says: %s with %j', async (host, allowedPrivate) => {
    const verdict = await resolvePublic(host, { allowedPrivate });
    expect(verdict.ok && verdict.exempt).toBe(false);
  });

  it('reports an exemption that cannot be meant', async () => {
    await expect(resolvePublic(PUBLIC, { allowedPrivate: ['10.0.0.0/99'] })).rejects.toThrow('10.0.0.0/99');
  });
});

describe('vetMailHost', () => {
  it('refuses ports that are not for mail', async () => {
    expect(await vetMailHost({ host: PUBLIC, port: 6379 }, none)).toEqual({ ok: false, refusal: 'port_not_allowed' });
    expect(await vetMailHost({ host: PUBLIC, port: 993 }, none)).toMatchObject({ ok: true });
  });

  it('leaves the port free where the operator exempted the host', async () => {
    const policy = { allowedPrivate: ['127.0.0.1'] };
    expect(await vetMailHost({ host: '127.0.0.1', port: 22 }, policy)).toMatchObject({ ok: true });
  });

  it('says nothing about the port of a host that is refused anyway', async () => {
    expect(await vetMailHost({ host: '10.0.0.1', port: 22 }, none)).toMatchObject({ refusal: 'private_address' });
  });
});
