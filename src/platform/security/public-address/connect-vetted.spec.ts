import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, it, expect, onTestFinished } from 'vitest';
import { assertVettedAddress, connectVetted } from './connect-vetted.js';
import type { HostResolver } from './host-resolver.js';
import { resolvePublic, type VettedHost } from './vet-mail-host.js';

const patience = () => ({ timeoutMs: 5000, signal: new AbortController().signal });

describe('connectVetted', () => {
  it('connects to the checked address', async () => {
    const port = portOf(await listening());
    const socket = await connectVetted(vetted('127.0.0.1'), port, patience());
    onTestFinished(() => void socket.destroy());
    expect(socket.remoteAddress).toBe('127.0.0.1');
  });

  it('tries the next address when one does not answer', async () => {
    const port = portOf(await listening());
    const socket = await connectVetted(vetted('127.0.0.3', '127.0.0.1'), port, patience());
    onTestFinished(() => void socket.destroy());
    expect(socket.remoteAddress).toBe('127.0.0.1');
  });

  it('rejects with the error of the network', async () => {
    const server = await listening();
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    await expect(connectVetted(vetted('127.0.0.1'), port, patience())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('stops when aborted', async () => {
    const reason = new Error('enough');
    const attempt = connectVetted(vetted('127.0.0.1'), 9, { timeoutMs: 5000, signal: AbortSignal.abort(reason) });
    await expect(attempt).rejects.toBe(reason);
  });
});

describe('assertVettedAddress', () => {
  it.each([['10.0.0.1'], ['::ffff:10.0.0.1'], [undefined]])('refuses a socket whose other end is %s', (address) => {
    expect(() => assertVettedAddress(vetted('8.8.8.8'), address)).toThrow('another address');
  });

  it('accepts the checked address in its mapped form, as dual-stack sockets report it', () => {
    expect(() => assertVettedAddress(vetted('8.8.8.8'), '::ffff:8.8.8.8')).not.toThrow();
  });
});

describe('a name server that answers otherwise the second time', () => {
  it('gets nobody to connect inside: the answer that was checked is the one that is used', async () => {
    const nameServer = await rebindingNameServer(['8.8.8.8', '127.0.0.1']);
    const policy = { allowedPrivate: [], resolver: nameServer.resolver };

    const first = await resolvePublic('rebind.example.com', policy);
    expect(first).toMatchObject({ ok: true, addresses: ['8.8.8.8'] });
    expect(nameServer.asked()).toBe(1);

    // whoever connects now uses the first answer; whoever asks anew is refused by the second
    expect(await resolvePublic('rebind.example.com', policy)).toEqual({ ok: false, refusal: 'private_address' });
  });
});

function vetted(...addresses: [string, ...string[]]): VettedHost {
  return { ok: true, host: 'mail.example.com', isName: true, addresses, exempt: true };
}

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Answers every A question with the next of `answers` (the last one for ever), TTL 0; AAAA questions with nothing. */
async function rebindingNameServer(
  answers: readonly [string, ...string[]],
): Promise<{ resolver: HostResolver; asked: () => number }> {
  let asked = 0;
  const server = createSocket('udp4', (question, from) => {
    const isA = question.readUInt16BE(question.length - 4 - additionalLength(question)) === 1;
    const answer = isA ? (answers[asked++] ?? answers[answers.length - 1]) : undefined;
    server.send(dnsAnswer(question, answer), from.port, from.address);
  });
  await bound(server);
  onTestFinished(() => void server.close());
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  return {
    asked: () => asked,
    resolver: { addresses: (name) => resolver.resolve4(name), aliases: async () => [] },
  };
}

async function bound(server: UdpSocket): Promise<void> {
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
}

/** Bytes of an EDNS record behind the question (RFC 6891, 6.1.2: eleven, if it carries no options). */
function additionalLength(question: Buffer): number {
  return question.length - questionEnd(question);
}

function questionEnd(question: Buffer): number {
  let at = 12;
  while (question[at]) at += (question[at] ?? 0) + 1;
  return at + 5;
}

/** RFC 1035, 4.1: the question's header and section, and one A record if there is an address. */
function dnsAnswer(question: Buffer, address: string | undefined): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(address ? 1 : 0, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...(address ?? '').split('.').map(Number)]);
  return Buffer.concat([header, question.subarray(12, questionEnd(question)), ...(address ? [record] : [])]);
}
