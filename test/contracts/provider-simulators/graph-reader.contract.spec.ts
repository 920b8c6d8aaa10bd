import { graphFaults, type MicrosoftSimulator } from '@libs/provider-simulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { type GraphCursor, type MailBatch } from '../../../src/gateways/mail-reader.port.js';
import { GraphMailbox, lastCursor, READING, SINCE, subjects } from './graph-mailbox.js';
import { startMicrosoft } from './microsoft-world.js';

const numbered = (count: number, prefix = 'mail'): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix} ${n}`);

describe('reading an Inbox by Microsoft Graph', () => {
  let simulator: MicrosoftSimulator;
  let taro: GraphMailbox;
  beforeEach(async () => {
    ({ simulator } = await startMicrosoft(7));
    taro = new GraphMailbox(simulator, 'taro@sample.example');
  });
  afterEach(() => simulator.close());

  const failureOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    return error instanceof GatewayError ? error.failure : error;
  };

  it('yields what was received at or after the instant, oldest first, and nothing but the Inbox itself', async () => {
    taro.deliver('too old', -1);
    taro.deliver('long ago', -86_400);
    taro.deliver('filed', 5, 'archive');
    for (const [n, subject] of ['first second', 'second', 'third'].entries()) taro.deliver(subject, n);
    const before = taro.mailbox.snapshot();

    const batches = await taro.take();

    expect(subjects(batches)).toEqual(['first second', 'second', 'third']);
    expect(batches.flatMap(({ mails }) => mails.map(({ receivedAt }) => receivedAt))).toEqual(
      [0, 1, 2].map((n) => new Date(SINCE.getTime() + n * 1_000)),
    );
    expect(batches[0]).toMatchObject({ found: 3, oldestOnServer: new Date(SINCE.getTime() - 86_400_000) });
    expect(taro.mailbox.snapshot()).toEqual(before);
  });

  it('keeps bytes as they are, 8-bit ones too', async () => {
    const body = Buffer.from(Array.from({ length: 127 }, (_, n) => 129 + n));
    const source = Buffer.concat([
      Buffer.from('Subject: bytes\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'),
      body,
    ]);
    taro.mailbox.deliver(source, new Date(SINCE));
    const [batch] = await taro.take();
    expect(batch!.mails[0]!.source.includes(body)).toBe(true);
  });

  it('goes on behind the cursor of every batch, in the middle of a second and of a page too', async () => {
    const all = numbered(20);
    for (const [n, subject] of all.entries()) taro.deliver(subject, Math.floor(n / 12));
    const batches = await taro.take(null, { batchMails: 8 });
    expect(batches.length).toBeGreaterThan(2);
    const seen: string[] = [];
    for (const batch of batches) {
      seen.push(...subjects([batch]));
      const again = new GraphMailbox(simulator, taro.name);
      for (const { locator } of batches.slice(0, batches.indexOf(batch) + 1).flatMap(({ mails }) => mails))
        again.known.add(locator);
      const rest = await again.take(JSON.parse(JSON.stringify(batch.cursor)) as GraphCursor);
      expect([...seen, ...subjects(rest)].sort()).toEqual([...all].sort());
    }
  });

  it('does not lose a mail when its owner deletes others while the import runs', async () => {
    const ids = numbered(40).map((subject, n) => taro.deliver(subject, n));
    const reader = taro.reader({ batchMails: 8 });
    const seen: string[] = [];
    for await (const batch of reader.changesSince({
      cursor: null,
      since: SINCE,
      signal: new AbortController().signal,
    })) {
      seen.push(...subjects([batch]));
      if (seen.length === 8) for (const id of ids.slice(0, 8)) taro.mailbox.remove(id);
    }
    expect(seen).toEqual(numbered(40));
  });

  it('yields what arrives during the import, and later what changed, told once however often Graph tells it', async () => {
    simulator.delta.duplicate = true;
    simulator.delta.reorder = true;
    for (const [n, subject] of numbered(5).entries()) taro.deliver(subject, n);
    const first = await taro.take();
    for (const [n, subject] of numbered(30, 'late').entries()) taro.deliver(subject, 1_000 + n);
    const second = await taro.take(lastCursor(first));
    expect(subjects(second)).toEqual(numbered(30, 'late'));
    expect(subjects(await taro.take(lastCursor(second)))).toEqual([]);
  });

  it('fetches nothing again for flags and replays', async () => {
    const ids = numbered(5).map((subject, n) => taro.deliver(subject, n));
    const first = await taro.take();
    for (const id of ids) taro.mailbox.markRead(id);
    simulator.requests.clear();
    const second = await taro.take(lastCursor(first));
    expect(subjects(second)).toEqual([]);
    expect(simulator.requests.of('graph.message.source')).toEqual([]);
  });

  it('takes a mail that is moved into the Inbox, and loses none that leaves it', async () => {
    const filed = taro.deliver('filed first', 10, 'archive');
    const left = taro.deliver('leaves', 11);
    const first = await taro.take();
    taro.mailbox.move(filed, 'inbox');
    taro.mailbox.move(left, 'archive');
    taro.mailbox.remove(taro.deliver('gone at once', 12));
    const second = await taro.take(lastCursor(first));
    expect([subjects(first), subjects(second)]).toEqual([['leaves'], ['filed first']]);
  });

  it('asks for immutable ids on every call', async () => {
    for (const [n, subject] of numbered(3).entries()) taro.deliver(subject, n);
    const first = await taro.take();
    await taro.take(lastCursor(first));
    const asked = simulator.requests.of('graph.*');
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(({ headers }) => !/IdType="ImmutableId"/.test(headers['prefer'] ?? ''))).toEqual([]);
  });

  it('has no more than four requests under way at once, and as many where it can', async () => {
    for (const [n, subject] of numbered(60).entries()) taro.deliver(subject, n);
    simulator.faults.add({ operation: 'graph.message.source', effect: { kind: 'slow', milliseconds: 5 } });
    await taro.take();
    expect(Math.max(...simulator.requests.of('graph.*').map(({ atOnce }) => atOnce))).toBe(4);
    expect(simulator.requests.of('graph.*').filter(({ status }) => status === 429)).toEqual([]);
  });

  it('reads pages of five thousand, and more in one second than a page holds', async () => {
    simulator.delta.pageSize = 5_000;
    for (const subject of numbered(1_200)) taro.deliver(subject, 7);
    for (let n = 0; n < 5_200; n++) taro.deliver(`old ${n}`, -10 - n);
    const [first, ...rest] = await taro.take(null, { batchMails: 500 });
    expect(first!.found).toBe(1_200);
    expect(subjects([first!, ...rest]).sort()).toEqual(numbered(1_200).sort());
  });

  it('waits as long as a 429 says, all lanes together, and goes on', async () => {
    for (const [n, subject] of numbered(30).entries()) taro.deliver(subject, n);
    simulator.faults.add({ operation: 'graph.message.source', effect: graphFaults.throttled(1), after: 10, times: 1 });
    const started = Date.now();
    expect(subjects(await taro.take())).toEqual(numbered(30));
    expect(Date.now() - started).toBeGreaterThanOrEqual(1_000);
  });

  it('ends the pass with RateLimited when it is told to wait for long', async () => {
    taro.deliver('one', 1);
    simulator.faults.add({ operation: 'graph.messages.list', effect: graphFaults.throttled(600) });
    expect(await failureOf(taro.take())).toEqual({ kind: 'RateLimited', retryAfterMs: 600_000 });
  });

  it.each([
    ['500', graphFaults.failing(500)],
    ['503', graphFaults.failing(503, 'serviceNotAvailable')],
    ['a connection cut in the middle', { kind: 'cut' } as const],
    ['half a JSON', { kind: 'malformed' } as const],
  ])('tries again after %s', async (_name, effect) => {
    for (const [n, subject] of numbered(12).entries()) taro.deliver(subject, n);
    simulator.faults.add({ operation: 'graph.messages.*', effect, times: 2 });
    if (effect.kind !== 'malformed')
      simulator.faults.add({ operation: 'graph.message.source', effect, times: 2, after: 3 });
    expect(subjects(await taro.take())).toEqual(numbered(12));
  });

  it('gives up on a server that stays ill, and says so', async () => {
    taro.deliver('one', 1);
    simulator.faults.add({ operation: 'graph.messages.delta', effect: graphFaults.failing(504) });
    expect(await failureOf(taro.take())).toEqual({ kind: 'Unavailable', detail: 'server_error' });
  });

  it('reports a mail that Graph cannot write, and yields all others', async () => {
    for (const [n, subject] of numbered(6).entries()) taro.deliver(subject, n);
    const bad = taro.deliver('bad', 3);
    const path = `/v1.0/me/messages/${encodeURIComponent(bad)}/$value`;
    simulator.faults.add({
      operation: 'graph.message.source',
      path,
      effect: graphFaults.failing(500, 'ErrorInternalServerError'),
    });
    const batches = await taro.take();
    expect(subjects(batches)).toEqual(numbered(6));
    expect(batches.flatMap(({ unreadable }) => unreadable)).toMatchObject([{ locator: bad, reason: 'server_error' }]);
  });

  it('yields what it has before it says that it has to wait', async () => {
    for (const [n, subject] of numbered(30).entries()) taro.deliver(subject, n);
    simulator.faults.add({ operation: 'graph.message.source', effect: graphFaults.throttled(600), after: 20 });
    const batches: MailBatch[] = [];
    const signal = new AbortController().signal;
    const reading = (async () => {
      for await (const batch of taro.reader().changesSince({ cursor: null, since: SINCE, signal })) batches.push(batch);
    })();
    expect(await failureOf(reading)).toEqual({ kind: 'RateLimited', retryAfterMs: 600_000 });
    const before = subjects(batches);
    expect(before.length).toBeGreaterThan(10);
    simulator.faults.clear();
    expect([...before, ...subjects(await taro.take(lastCursor(batches)))]).toEqual(numbered(30));
  });

  it('calls it an ill server, and no mail bad, when none can be had', async () => {
    for (const [n, subject] of numbered(30).entries()) taro.deliver(subject, n);
    simulator.faults.add({ operation: 'graph.message.source', effect: graphFaults.failing(500) });
    expect(await failureOf(taro.take())).toEqual({ kind: 'Unavailable', detail: 'server_error' });
  });

  it('uses a new token when one is refused before its time', async () => {
    for (const [n, subject] of numbered(5).entries()) taro.deliver(subject, n);
    const first = await taro.take();
    taro.deliver('later', 100);
    const reader = taro.reader();
    simulator.desk.expireAccessTokens();
    const seen: string[] = [];
    for await (const batch of reader.changesSince({
      cursor: lastCursor(first),
      since: SINCE,
      signal: new AbortController().signal,
    })) {
      seen.push(...subjects([batch]));
    }
    expect(seen).toEqual(['later']);
  });

  it('says that its cursor is no longer known', async () => {
    taro.deliver('one', 1);
    const cursor = lastCursor(await taro.take());
    taro.mailbox.expireDeltaTokens();
    expect(await failureOf(taro.take(cursor))).toEqual({ kind: 'CursorInvalid', reason: 'sync_state_not_found' });
  });

  it('follows no link to another host, and refuses cursors of other protocols', async () => {
    const foreign: GraphCursor = {
      protocol: 'graph',
      link: 'https://evil.example/v1.0/me/messages/delta?$deltatoken=x',
    };
    expect(await failureOf(taro.take(foreign))).toEqual({ kind: 'CursorInvalid', reason: 'other_protocol' });
    const imap = { protocol: 'imap', uidValidity: '1', lastUid: 1 } as const;
    expect(await failureOf(taro.take(imap))).toMatchObject({ kind: 'CursorInvalid' });
  });

  it('tells a missing permission and a missing mailbox apart', async () => {
    const unpermitted = new GraphMailbox(
      simulator,
      taro.name,
      READING.filter((scope) => scope !== 'Mail.Read'),
    );
    expect(await failureOf(unpermitted.take())).toEqual({ kind: 'PermissionMissing', permission: 'Mail.Read' });
    const withoutPlan = new GraphMailbox(simulator, 'apps@sample.example');
    expect(await failureOf(withoutPlan.take())).toEqual({ kind: 'MailboxNotSupported', detail: 'mailbox_not_enabled' });
  });

  it('ends soon after it is aborted', async () => {
    for (const [n, subject] of numbered(50).entries()) taro.deliver(subject, n);
    simulator.faults.add({
      operation: 'graph.message.source',
      effect: { kind: 'slow', milliseconds: 60_000 },
      // Several are under way at once: more than a batch of eight, so that the first one comes.
      after: 16,
    });
    const ending = new AbortController();
    const work = (async () => {
      for await (const _batch of taro
        .reader({ batchMails: 8 })
        .changesSince({ cursor: null, since: SINCE, signal: ending.signal })) {
        ending.abort();
      }
    })();
    expect(await failureOf(work)).toEqual({ kind: 'Unavailable', detail: 'aborted' });
  });
});
