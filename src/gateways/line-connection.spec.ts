import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, expect, onTestFinished } from 'vitest';
import { LineConnection } from './line-connection.js';

describe('LineConnection', () => {
  it('reads the same wherever the stream is cut', async () => {
    const stream = Buffer.from(
      '+OK\r\nfirst\r\n..dots\r\n...\r\n\r\nlast\r\n.\r\nbare\n+OK next\r\n.\r\n{skip}after\r\n',
      'latin1',
    );
    for (let cut = 0; cut <= stream.length; cut++) {
      const connection = await connected(async (socket) => {
        socket.write(stream.subarray(0, cut));
        await new Promise((resolve) => setTimeout(resolve, 1));
        socket.write(stream.subarray(cut));
      });
      expect((await connection.readLine()).toString()).toBe('+OK');
      expect((await connection.readDotText(1000)).toString()).toBe('first\r\n.dots\r\n..\r\n\r\nlast\r\n');
      expect((await connection.readLine()).toString()).toBe('bare');
      expect((await connection.readLine()).toString()).toBe('+OK next');
      expect((await connection.readDotText(1000)).toString()).toBe('');
      await connection.skip(6);
      expect((await connection.readLine()).toString()).toBe('after');
    }
  });

  it('gives what was sent before the end, and then says that it has ended', async () => {
    const connection = await connected((socket) => void socket.end('one\r\ntwo'));
    expect((await connection.readLine()).toString()).toBe('one');
    await expect(connection.readLine()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  });

  it('says when nothing comes', async () => {
    const connection = await connected(() => undefined);
    await expect(connection.readLine()).rejects.toMatchObject({ code: 'SILENCE' });
  });

  it('wakes whoever waits when it is closed', async () => {
    const connection = await connected(() => undefined, 60_000);
    const waiting = connection.readLine();
    connection.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  });

  it('wakes whoever waits for TLS when it is closed', async () => {
    const connection = await connected(() => undefined, 60_000);
    const waiting = connection.startTls({});
    connection.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  });

  it.each([
    ['a line', 'LINE_TOO_LONG', (connection: LineConnection) => connection.readLine()],
    ['a text', 'TEXT_TOO_LONG', (connection: LineConnection) => connection.readDotText(50_000)],
  ])('reads no more of %s than allowed', async (_, code, read) => {
    const connection = await connected((socket) => void socket.write('x'.repeat(1_000_000)));
    await expect(read(connection)).rejects.toMatchObject({ code });
  });

  it('takes nothing for said under TLS that was said before', async () => {
    const connection = await connected((socket) => void socket.write('+OK begin\r\n+OK injected\r\n'));
    await connection.readLine();
    await expect(connection.startTls({ rejectUnauthorized: false })).rejects.toMatchObject({ code: 'DATA_BEFORE_TLS' });
  });

  it('does not let a reset between two reads end the process', async () => {
    const connection = await connected(async (socket) => {
      socket.write('hello\r\n');
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.resetAndDestroy();
    });
    expect((await connection.readLine()).toString()).toBe('hello');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(connection.readLine()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

async function connected(serve: (socket: Socket) => unknown, silenceMs = 200): Promise<LineConnection> {
  const server = createServer((socket) => {
    socket.setNoDelay(true).on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    void serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const vetted = { ok: true, host: '127.0.0.1', isName: false, addresses: ['127.0.0.1'], exempt: true } as const;
  const { signal } = new AbortController();
  const connection = await LineConnection.open(vetted, (server.address() as AddressInfo).port, {
    connectMs: 1000,
    silenceMs,
    signal,
  });
  onTestFinished(() => connection.close());
  return connection;
}
