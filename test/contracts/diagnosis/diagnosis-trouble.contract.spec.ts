import { type Socket } from 'node:net';
import { describe, it, expect } from 'vitest';
import { diagnose } from '../../../src/gateways/diagnosis/diagnose.js';
import { settingProblem } from '../../../src/gateways/diagnosis/diagnosis.js';
import { scriptedServer } from '../mail-reader/scripted-server.js';

import {
  closedPort,
  dependencies,
  detail,
  EGRESS,
  hanako,
  HASTY,
  imapServer,
  login,
  outline,
  signal,
} from './diagnosis-steps.js';

describe('diagnosis without a decent server', () => {
  const imap = { protocol: 'imap', security: 'none', host: '127.0.0.1' } as const;

  it('shows the addresses to allow where nobody listens', async () => {
    const port = await closedPort();
    const diagnosis = await diagnose({ ...imap, port, signal }, dependencies);
    expect(outline(diagnosis)).toEqual(['name ok', 'address ok', 'connect connection_refused']);
    for (const address of EGRESS) expect(detail(diagnosis, 'connect')).toContain(address);
    expect(settingProblem(diagnosis)).toBe('server_unreachable');
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes', (socket) => void socket.end()],
    ['resets', (socket) => void setTimeout(() => socket.resetAndDestroy(), 20)],
  ] as const)('shows the addresses to allow where the server %s at once', async (_, onConnect) => {
    const server = await scriptedServer({ onConnect });
    const diagnosis = await diagnose({ ...imap, port: server.port, signal }, dependencies);
    expect(outline(diagnosis).at(-1)).toBe('greeting closed_at_greeting');
    expect(detail(diagnosis, 'greeting')).toContain(EGRESS[0]);
  });

  it.each([
    ['* BYE not you\r\n', 'refused_at_greeting'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'not_a_mail_server'],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'not_a_mail_server'],
    ['220 mail.example.com ESMTP\r\n', 'not_a_mail_server'],
    ['\0\0\0\0\xff\xff\r\n', 'not_a_mail_server'],
    ['x'.repeat(200_000), 'not_a_mail_server'],
  ])('takes the greeting %j for what it is, and shows nothing of it', async (greeting, code) => {
    const server = await scriptedServer({ onConnect: (socket) => void socket.write(greeting, 'latin1') });
    const diagnosis = await diagnose({ ...imap, port: server.port, signal }, dependencies);
    expect(outline(diagnosis).at(-1)).toBe(`greeting ${code}`);
    expect(JSON.stringify(diagnosis)).not.toMatch(/OpenSSH|Bad Request|ESMTP|not you|xxxx/);
  });

  it('ends in time where the server is silent', async () => {
    const server = await scriptedServer({ onConnect: () => undefined });
    const diagnosis = await diagnose({ ...imap, port: server.port, signal }, { ...dependencies, patience: HASTY });
    expect(outline(diagnosis).at(-1)).toBe('greeting no_greeting');
  });

  it('ends in time where the server keeps talking and never answers', async () => {
    const server = await scriptedServer({
      onConnect: (socket) => {
        socket.write('* OK hello\r\n');
        const timer = setInterval(() => socket.write('* OK still here\r\n'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    });
    const patience = { ...HASTY, total: 800 };
    const diagnosis = await diagnose({ ...imap, port: server.port, signal }, { ...dependencies, patience });
    expect(outline(diagnosis)).toEqual(['name ok', 'address ok', 'connect ok', 'tls tls_failed']);
  });

  it.each([
    ['NO [AUTHENTICATIONFAILED] no', 'login_failed'],
    ['NO no', 'login_failed'],
    ['NO [UNAVAILABLE] Temporary authentication failure', 'server_unavailable'],
    ['NO [LIMIT] Too many connections', 'server_busy'],
    ['NO [PRIVACYREQUIRED] not without TLS', 'login_disabled'],
    ['BAD what?', 'login_failed'],
    ['OK [NOTHING] fine', 'inbox ok'],
  ])('reads an IMAP server that answers a login with %j', async (answer, code) => {
    const server = await imapServer({ login: answer });
    const diagnosis = await diagnose({ ...imap, port: server.port, ...login, signal }, dependencies);
    expect(outline(diagnosis).at(-1)).toBe(code === 'inbox ok' ? code : `login ${code}`);
  });

  it('does not send a password to a server that forbids it', async () => {
    const server = await imapServer({ capabilities: 'IMAP4rev1 LOGINDISABLED' });
    const diagnosis = await diagnose({ ...imap, port: server.port, ...login, signal }, dependencies);
    expect(outline(diagnosis).at(-1)).toBe('login login_disabled');
    expect(server.received.join('\n')).not.toContain(hanako.password);
  });

  it('says which step failed when there is no INBOX', async () => {
    const server = await imapServer({ examine: 'NO [NONEXISTENT] no such mailbox' });
    const diagnosis = await diagnose({ ...imap, port: server.port, ...login, signal }, dependencies);
    expect(outline(diagnosis).at(-1)).toBe('inbox inbox_missing');
  });

  it.each([
    ['-ERR [IN-USE] locked', 'server_busy'],
    ['-ERR [AUTH] no', 'login_failed'],
    ['-ERR [SYS/TEMP] later', 'server_unavailable'],
    ['-ERR Maildrop already locked', 'server_busy'],
    ['-ERR Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'login_disabled'],
  ])('reads a POP3 server that answers a password with %j', async (answer, code) => {
    const server = await scriptedServer({
      onConnect: (socket) => void socket.write('+OK hi\r\n'),
      onLine: (line, socket) =>
        void socket.write(line.startsWith('PASS') ? `${answer}\r\n` : line === 'CAPA' ? '-ERR\r\n' : '+OK\r\n'),
    });
    const diagnosis = await diagnose({ ...imap, protocol: 'pop3', port: server.port, ...login, signal }, dependencies);
    expect(outline(diagnosis).at(-1)).toBe(`login ${code}`);
  });

  it.each(['x\r\nA1 DELETE INBOX', 'x\0y', ''])(
    'sends no password that a command could hide in: %j',
    async (password) => {
      const server = await imapServer({});
      const diagnosis = await diagnose(
        { ...imap, port: server.port, accountName: 'taro', password, signal },
        dependencies,
      );
      expect(outline(diagnosis).at(-1)).toBe('login credentials_not_allowed');
      expect(server.received.join('\n')).not.toMatch(/LOGIN|DELETE/);
    },
  );

  it('connects to no private address, and tells nothing about it', async () => {
    const server = await scriptedServer({ onConnect: (socket) => void socket.write('* OK\r\n') });
    const network = { allowedPrivate: [], resolver: { addresses: async () => ['127.0.0.1'], aliases: async () => [] } };
    for (const host of ['127.0.0.1', '127.1', '[::1]', 'intern.example.co.jp']) {
      const diagnosis = await diagnose({ ...imap, host, port: server.port, signal }, { ...dependencies, network });
      expect(outline(diagnosis)).toEqual(['name ok', 'address private_address']);
      expect(settingProblem(diagnosis)).toBe('private_address');
      if (host.startsWith('intern')) expect(JSON.stringify(diagnosis)).not.toContain('127.0.0.1');
    }
    expect(server.connections()).toBe(0);
  });

  it('refuses a name that changes its address between the check and the connection', async () => {
    const trap = await scriptedServer({ onConnect: (socket) => void socket.write('* OK\r\n') });
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const resolver = { addresses: async () => answers.shift() ?? ['127.0.0.1'], aliases: async () => [] };
    const hasty = {
      ...dependencies,
      network: { allowedPrivate: [], resolver },
      patience: { ...HASTY, connect: 1, total: 100 },
    };
    await diagnose({ ...imap, host: 'rebind.example.com', port: 40143, signal }, hasty);
    expect(answers).toHaveLength(1); // one question, whose answer was checked and used
    const second = await diagnose({ ...imap, host: 'rebind.example.com', port: trap.port, signal }, hasty);
    expect(outline(second)).toEqual(['name ok', 'address private_address']);
    expect(trap.connections()).toBe(0);
  });

  it('names the service of a host that takes no passwords', async () => {
    const resolver = { addresses: async () => ['8.8.8.8'], aliases: async () => ['outlook.office365.com'] };
    const network = { allowedPrivate: [], resolver };
    const diagnosis = await diagnose(
      { ...imap, host: 'imap.example.co.jp', port: 993, signal },
      { ...dependencies, network },
    );
    expect(outline(diagnosis)).toEqual(['name oauth_only_host']);
    expect(diagnosis.steps[0]?.detail.ja).toContain('「Office365」');
  });

  it.each([
    ['no-such-host.invalid', 'ENOTFOUND', 'unknown_host'],
    ['not a host', 'ENOTFOUND', 'unknown_host'],
    ['imap.example.com', 'EAI_AGAIN', 'lookup_failed'],
  ])('says that %j cannot be found', async (host, code, expected) => {
    const fails = () => Promise.reject(Object.assign(new Error(code), { code }));
    const network = { allowedPrivate: [], resolver: { addresses: fails, aliases: fails } };
    const diagnosis = await diagnose({ ...imap, host, port: 993, signal }, { ...dependencies, network });
    expect(outline(diagnosis)).toEqual([`name ${expected}`]);
    expect(settingProblem(diagnosis)).toBe('unknown_host');
  });

  it('refuses ports of other services without connecting', async () => {
    const network = { allowedPrivate: [], resolver: { addresses: async () => ['8.8.8.8'], aliases: async () => [] } };
    const request = { ...imap, host: 'mail.example.com', port: 6379, signal };
    const diagnosis = await diagnose(request, { ...dependencies, network });
    expect(outline(diagnosis)).toEqual(['name ok', 'address ok', 'connect port_not_allowed']);
  });

  it('ends when its caller has left', async () => {
    const server = await scriptedServer({ onConnect: () => undefined });
    const abort = new AbortController();
    const pending = diagnose({ ...imap, port: server.port, signal: abort.signal }, dependencies);
    abort.abort();
    expect((await pending).ok).toBe(false);
  });
});
