import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Connection } from 'mongoose';
import { setTimeout as delay } from 'node:timers/promises';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdempotencyRecords } from '../../../src/platform/http/idempotency/idempotency-records.js';
import { DocumentStore } from './document-store.js';
import { brewed, kettle, teaKitchen, times } from './tea-kitchen.js';

interface Asking {
  readonly key?: string;
  readonly caller?: string;
  readonly path?: string;
  readonly on?: NestExpressApplication;
}

describe('a POST with an Idempotency-Key', () => {
  let store: DocumentStore;
  let connection: Connection;
  let app: NestExpressApplication;
  let other: NestExpressApplication;

  beforeAll(async () => {
    store = await DocumentStore.open();
    connection = await store.connect();
    [app, other] = [await teaKitchen(store), await teaKitchen(store)];
  });
  afterAll(async () => {
    await app.close();
    await other.close();
    await store.close();
  });
  beforeEach(async () => {
    brewed.length = 0;
    Object.assign(times, { leaseMs: 60_000, patienceMs: 10_000 });
    await connection.collection('idempotency_keys').deleteMany({});
  });

  const sencha = { tea: 'sencha', password: 'hunter2-hunter2' };
  function brew(body: object, { key = 'k-1', caller = 'acme/alice', path = 'north/teas', on = app }: Asking = {}) {
    const asked = request(on.getHttpServer()).post(`/api/v1/kitchens/${path}`).set('X-Test-Caller', caller);
    return asked.set('Idempotency-Key', key).send(body);
  }
  /** Puts the kettle on; teas with the outcome `held` wait until the answered function is called. */
  function heat(): () => void {
    let boil: () => void = () => undefined;
    kettle.boils = new Promise((resolve) => (boil = resolve));
    return boil;
  }
  const records = () => connection.collection('idempotency_keys').find().toArray();

  it('happens once, and a repeat gets the same answer, from every instance', async () => {
    const first = await brew(sencha).expect(201);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    for (const on of [app, other]) {
      const repeat = await brew(sencha, { on }).expect(201);
      expect(repeat.body).toEqual(first.body);
      expect(repeat.headers).toMatchObject({ etag: '"1"', location: '/teas/1', 'idempotency-replayed': 'true' });
    }
    expect(brewed).toHaveLength(1);
  });

  it('without a body is one as well', async () => {
    const ask = (on: NestExpressApplication) =>
      request(on.getHttpServer())
        .post('/api/v1/kitchens/north/teas/throw-away')
        .set({ 'X-Test-Caller': 'acme/alice', 'Idempotency-Key': 'k-1' });
    await ask(app).expect(204, '');
    await ask(other).expect(204, '').expect('Idempotency-Replayed', 'true');
    expect(brewed).toHaveLength(1);
  });

  it('nested a hundred thousand deep is refused like any other', async () => {
    const deep = `{"tea":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const ask = request(app.getHttpServer()).post('/api/v1/kitchens/north/teas');
    const keyed = ask.set({
      'X-Test-Caller': 'acme/alice',
      'Idempotency-Key': 'k-1',
      'Content-Type': 'application/json',
    });
    await keyed.send(deep).expect(422);
  });

  it('is refused when its key belongs to another content', async () => {
    await brew(sencha).expect(201);
    expect((await brew({ tea: 'gyokuro' }).expect(422)).body.code).toBe('idempotency_key_reused');
    expect((await brew(sencha, { path: 'north/teas?strong=true' }).expect(422)).body.code).toBe(
      'idempotency_key_reused',
    );
    expect(brewed).toHaveLength(1);
  });

  it('has its key for itself: other people, companies and paths have theirs', async () => {
    await brew(sencha).expect(201);
    await brew(sencha, { caller: 'acme/bob' }).expect(201);
    await brew(sencha, { caller: 'rival/alice' }).expect(201);
    await brew(sencha, { path: 'south/teas' }).expect(201);
    await brew(sencha, { key: 'k-2' }).expect(201);
    expect(brewed).toHaveLength(5);
  });

  it.each(['north/teas/', 'n%6Frth/teas', 'north/TEAS'])(
    'is the same key at another spelling of the path: %s',
    async (path) => {
      await brew(sencha).expect(201);
      await brew(sencha, { path }).expect(201).expect('Idempotency-Replayed', 'true');
      expect(brewed).toHaveLength(1);
    },
  );

  it.each([
    ['a decision', { tea: 'sencha', outcome: 'broken' }, 409],
    ['a fault of its input', { tea: 7 }, 422],
  ])('that was refused by %s is refused again, without being tried again', async (_name, body, status) => {
    const first = await brew(body).expect(status);
    const tried = brewed.length;
    const { requestId: _first, ...told } = first.body as Record<string, unknown>;
    const repeat = await brew(body, { on: other }).expect(status).expect('Idempotency-Replayed', 'true');
    expect(repeat.body).toMatchObject(told);
    expect(brewed).toHaveLength(tried);
  });

  it('is refused again in the language of who asks now', async () => {
    await brew({ tea: 'sencha', outcome: 'broken' }).expect(409);
    const repeat = await brew({ tea: 'sencha', outcome: 'broken' }).set('Accept-Language', 'en');
    expect(repeat.body).toMatchObject({
      title: 'Broken',
      detail: 'Broken since 2020.',
      inUseBy: 3,
      fixableBy: 'admin',
    });
  });

  it.each([
    ['missing', 404],
    ['busy', 429],
  ])('that was turned away (%s) is a first one when it comes again', async (outcome, status) => {
    await brew({ tea: 'sencha', outcome }).expect(status);
    expect(await records()).toEqual([]);
    await brew({ tea: 'sencha', outcome: 'x' }).expect(201);
  });

  it.each([
    ['away', 503],
    ['spilled', 500],
  ])('that failed (%s) is tried again, under the same seed, for it may have had an effect', async (outcome, status) => {
    await brew({ tea: 'sencha', outcome }).expect(status);
    await brew({ tea: 'sencha', outcome }, { on: other }).expect(status);
    const [first, second] = brewed;
    expect(first!.seed).toMatch(/^[0-9a-f-]{36}$/);
    expect(second!.seed).toBe(first!.seed);
  });

  it('happens once also when ten come at once, at two instances', async () => {
    const boil = heat();
    const asked = Array.from({ length: 10 }, (_, n) =>
      brew({ tea: 'sencha', outcome: 'held' }, { on: n % 2 ? app : other }).then((answer) => answer),
    );
    await vi.waitFor(() => expect(brewed).toHaveLength(1));
    boil();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(brewed).toHaveLength(1);
  });

  it('is told to come back while the first attempt lives, longer than its first lease too', async () => {
    Object.assign(times, { leaseMs: 2_000, patienceMs: 50 });
    const held = { tea: 'sencha', outcome: 'held' };
    const boil = heat();
    const first = brew(held).then((answer) => answer);
    await vi.waitFor(() => expect(brewed).toHaveLength(1));
    await delay(3_000);
    const repeat = await brew(held, { on: other }).expect(409);
    expect(repeat.body.code).toBe('idempotency_key_in_progress');
    expect(repeat.headers['retry-after']).toBe('5');
    boil();
    expect((await first).status).toBe(201);
    await brew(held, { on: other }).expect(201).expect('Idempotency-Replayed', 'true');
    expect(brewed).toHaveLength(1);
  });

  describe('whose first attempt crashed', () => {
    beforeEach(() => {
      times.patienceMs = 0;
    });
    /** An instance that begins and is never heard of again. */
    async function crashed() {
      const outcome = await app.get(IdempotencyRecords).begin({ company: 'acme', id: 'request-1', content: 'x' });
      if (outcome.kind !== 'run') throw new Error(`expected to run, but: ${outcome.kind}`);
      return outcome.attempt;
    }
    const begin = () => other.get(IdempotencyRecords).begin({ company: 'acme', id: 'request-1', content: 'x' });
    const answer = (body: string) => ({ kind: 'result', status: 201, headers: {}, body }) as const;
    const leaseIsOver = () =>
      connection.collection('idempotency_keys').updateMany({}, { $set: { leaseUntil: new Date(Date.now() - 1) } });

    it('is carried out by the next one once the lease is over, under the same seed', async () => {
      const first = await crashed();
      expect(await begin()).toEqual({ kind: 'in_progress' });
      await leaseIsOver();
      expect(await begin()).toMatchObject({ kind: 'run', attempt: { seed: first.seed } });
    });

    it('is carried out by one only, however many come then', async () => {
      await crashed();
      await leaseIsOver();
      const outcomes = await Promise.all(Array.from({ length: 5 }, begin));
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
        ...Array.from({ length: 4 }, () => 'in_progress'),
        'run',
      ]);
    });

    it('keeps the answer of the attempt that took over, should the first one come to life again', async () => {
      const first = await crashed();
      await leaseIsOver();
      const outcome = await begin();
      expect(await first.renew()).toBe(false);
      expect(await first.complete(answer('late'))).toBe(false);
      if (outcome.kind === 'run') await outcome.attempt.complete(answer('right'));
      await first.giveUp();
      await first.forget();
      expect(await begin()).toEqual({ kind: 'replay', answer: answer('right') });
    });
  });

  it('is a new one when its key is older than a day, also with another content', async () => {
    await brew(sencha).expect(201);
    await connection.collection('idempotency_keys').updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
    await brew({ tea: 'gyokuro' }).expect(201);
    const [first, second] = brewed;
    expect(second!.seed).not.toBe(first!.seed);
  });

  it('leaves neither the request nor the answer readable in the store', async () => {
    await brew({ tea: 'sencha', password: 'hunter2-hunter2', outcome: 'broken' }).expect(409);
    const [record] = await records();
    const stored = JSON.stringify(record);
    for (const text of ['hunter2', 'sencha', 'kettle_broken', 'alice', 'acme']) expect(stored).not.toContain(text);
  });

  it.each(['', 'x'.repeat(201), 'caf\u00e9', 'tab\there'])('is refused when the key is %j', async (key) => {
    const answer = await brew(sencha, { key }).expect(422);
    expect(answer.body.code).toBe('idempotency_key_invalid');
    expect(brewed).toHaveLength(0);
  });

  it('is what it always was without the key, on public routes, and as a PUT', async () => {
    const ask = request(app.getHttpServer());
    const path = '/api/v1/kitchens/north/teas';
    for (let n = 0; n < 2; n++) {
      await ask.post(path).set('X-Test-Caller', 'acme/alice').send(sencha).expect(201);
      await ask.post(path).set('Idempotency-Key', 'k-1').send(sencha).expect(201);
      await ask.put(path).set('X-Test-Caller', 'acme/alice').set('Idempotency-Key', 'k-1').send({}).expect(200);
    }
    expect(brewed).toHaveLength(6);
    expect(brewed.every(({ seed }) => seed === null)).toBe(true);
    expect(await records()).toEqual([]);
  });
});
