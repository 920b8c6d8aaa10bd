import { type NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { teaHouse } from './tea-house.js';

describe('HTTP, whichever module a request goes to', () => {
  let app: NestExpressApplication;
  beforeAll(async () => {
    app = await teaHouse({ '/api/v1/teas/import': 50, '/api/v1/teas': 2_000_000 });
  });
  afterAll(() => app.close());

  const ask = () => request(app.getHttpServer());
  const order = (body: object) => ask().post('/api/v1/teas').send(body);
  const sencha = { tea: '煎茶', cups: 2 };

  describe('a refusal', () => {
    it('is a problem of RFC 9457, in Japanese, with what the contract adds', async () => {
      const answer = await ask().get('/api/v1/teas/sold-out').expect(409);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'content-language': 'ja',
        'cache-control': 'no-store',
        'x-request-id': answer.body.requestId as string,
      });
      expect(answer.body).toEqual({
        type: 'urn:hrbc-mail:problem:tea_sold_out',
        title: '売り切れです',
        status: 409,
        detail: '玉露は売り切れです。',
        code: 'tea_sold_out',
        fixableBy: 'admin',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        errors: [{ field: 'tea', code: 'tea_sold_out', detail: '玉露は売り切れです。' }],
        restockedAt: '2030-01-01',
      });
    });

    it('is told in English to who asks for it', async () => {
      const answer = await ask().get('/api/v1/teas/sold-out').set('Accept-Language', 'de, en;q=0.8, ja;q=0.5');
      expect(answer.body).toMatchObject({ title: 'Sold out', detail: '玉露 is sold out.' });
      expect(answer.headers).toMatchObject({ 'content-language': 'en', vary: 'Accept-Language' });
    });

    it('does not carry what the handler had prepared for its own answer', async () => {
      const { headers } = await ask().get('/api/v1/teas/sold-out');
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('location');
    });

    it('says after how many seconds to try again', async () => {
      expect((await ask().get('/api/v1/teas/too-hot').expect(429)).headers['retry-after']).toBe('13');
      expect((await ask().get('/api/v1/teas/store-away').expect(503)).headers['retry-after']).toBe('5');
    });

    it('tells of a store that is away, and not why', async () => {
      const { body, text } = await ask().get('/api/v1/teas/store-away');
      expect(body).toMatchObject({ code: 'store_unavailable', fixableBy: 'service' });
      expect(text).not.toContain('ECONNREFUSED');
    });

    it('tells of something unforeseen no more than the id under which it was logged', async () => {
      const { body, text } = await ask().get('/api/v1/teas/spilled').expect(500);
      expect(body).toMatchObject({ code: 'internal_error', fixableBy: 'service' });
      expect(body.detail).toContain(body.requestId);
      expect(text).not.toMatch(/hunter2|mongodb|stack/);
    });

    it('after half an answer breaks the connection, so that the half is not taken for the whole', async () => {
      await expect(ask().get('/api/v1/teas/broken-off').retry(0)).rejects.toThrow(/aborted|hang up/);
    });
  });

  describe('a request that cannot be read', () => {
    const json = () => ask().post('/api/v1/teas').set('Content-Type', 'application/json');

    it.each(['{"tea":', '{tea:1}', "{'tea':'x'}", '{}{}', 'undefined'])('is malformed JSON: %s', async (text) => {
      expect((await json().send(text).expect(400)).body.code).toBe('malformed_json');
    });

    it.each(['[]', '"tea"', '7', 'null', 'true', '[{"tea":"x"}]'])('is no JSON object: %s', async (text) => {
      expect((await json().send(text).expect(400)).body.code).toBe('body_not_object');
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
      'is of another type: %s',
      async (type) => {
        const answer = await ask().post('/api/v1/teas').set('Content-Type', type).send('tea=x').expect(415);
        expect(answer.body).toMatchObject({ code: 'media_type_not_supported' });
        expect(answer.body.detail).toContain('application/json');
      },
    );

    it('is in a character set or coding that nobody reads', async () => {
      expect((await json().set('Content-Type', 'application/json; charset=shift_jis').send('{}')).status).toBe(415);
      expect((await json().set('Content-Encoding', 'compress').send('{}')).status).toBe(415);
    });

    it('has a path that is no UTF-8', async () => {
      expect((await ask().get('/api/v1/teas/%ff').expect(400)).body.code).toBe('malformed_request');
    });

    it('is JSON where CSV is wanted', async () => {
      expect((await ask().post('/api/v1/teas/import').send({}).expect(415)).body.detail).toContain('text/csv');
      await ask().post('/api/v1/teas/import').set('Content-Type', 'text/csv').send('a,b').expect(201, 'taken');
    });
  });

  describe('the size of a body', () => {
    it('is one mebibyte at most', async () => {
      const answer = await ask()
        .post('/api/v1/nowhere')
        .send({ tea: 'x'.repeat(1_048_577) })
        .expect(413);
      expect(answer.body).toMatchObject({ code: 'body_too_large' });
      expect(answer.body.detail).toContain('1048576');
    });

    it('is what a route says it is', async () => {
      await order({ tea: 'x'.repeat(1_100_000), cups: 1 }).expect(422);
      await order({ tea: 'x'.repeat(2_000_000), cups: 1 }).expect(413);
      await ask()
        .post('/api/v1/teas/import')
        .send({ padding: 'x'.repeat(60) })
        .expect(413);
    });
  });

  it.each([
    ['GET', '/'],
    ['GET', '/nowhere'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/nowhere'],
    ['PATCH', '/api/v1/teas/1'],
    ['DELETE', '/api/v1/teas'],
    ['POST', '/health/live'],
    ['GET', '/sandbox/nowhere'],
  ] as const)('answers %s %s, where nothing is, with a problem', async (method, path) => {
    const answer = await ask()[method.toLowerCase() as 'get'](path).expect(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.code).toBe('route_not_found');
  });

  describe('input', () => {
    it('reaches the handler as the schema made it', async () => {
      await order(sencha).expect(201, sencha);
    });

    it.each<[string, object, readonly [string, string][]]>([
      [
        'nothing',
        {},
        [
          ['tea', 'required'],
          ['cups', 'required'],
        ],
      ],
      [
        'wrong types',
        { tea: 1, cups: '2' },
        [
          ['tea', 'wrong_type'],
          ['cups', 'wrong_type'],
        ],
      ],
      [
        'null',
        { tea: null, cups: null },
        [
          ['tea', 'wrong_type'],
          ['cups', 'wrong_type'],
        ],
      ],
      ['a fraction', { ...sencha, cups: 1.5 }, [['cups', 'wrong_type']]],
      ['an empty text', { ...sencha, tea: '' }, [['tea', 'too_short']]],
      ['a long text', { ...sencha, tea: 'x'.repeat(21) }, [['tea', 'too_long']]],
      ['too little', { ...sencha, cups: 0 }, [['cups', 'too_small']]],
      ['too much', { ...sencha, cups: 11 }, [['cups', 'too_large']]],
      ['too few', { ...sencha, notes: [] }, [['notes', 'too_few']]],
      ['too many', { ...sencha, notes: ['a', 'b', 'c'] }, [['notes', 'too_many']]],
      ['a fault inside', { ...sencha, notes: ['a', 'longer'] }, [['notes.1', 'too_long']]],
      ['no choice of ours', { ...sencha, size: 'huge' }, [['size', 'not_allowed']]],
      ['another format', { ...sencha, email: 'alice' }, [['email', 'invalid_format']]],
      [
        'unknown fields',
        { ...sencha, milk: 1, lemon: 2 },
        [
          ['milk', 'unknown_field'],
          ['lemon', 'unknown_field'],
        ],
      ],
      ['an unknown field inside', { ...sencha, pot: { kind: 'clay', age: 1, lid: 1 } }, [['pot.lid', 'unknown_field']]],
      ['no kind', { ...sencha, pot: {} }, [['pot.kind', 'required']]],
      ['a kind that is none', { ...sencha, pot: { kind: 'glass' } }, [['pot.kind', 'not_allowed']]],
      ['a fault of a kind', { ...sencha, pot: { kind: 'iron', grams: 5_001 } }, [['pot.grams', 'too_large']]],
      ['none of two types', { ...sencha, to: 7 }, [['to', 'wrong_type']]],
      ['the nearer of two types', { ...sencha, to: { name: 7 } }, [['to.name', 'wrong_type']]],
      ['a check of a module', { ...sencha, sugar: 'salt' }, [['sugar', 'salt_is_no_sugar']]],
      ['NUL', { ...sencha, tea: 'a\0b' }, [['tea', 'invalid_characters']]],
      ['half a surrogate pair', { ...sencha, notes: ['\ud83c'] }, [['notes.0', 'invalid_characters']]],
    ])('with %s is refused, field by field', async (_name, body, faults) => {
      const answer = await order(body).expect(422);
      expect(answer.body.code).toBe('validation_failed');
      const told = answer.body.errors as { field: string; code: string; detail: string }[];
      expect(told.map(({ field, code }) => [field, code]).sort()).toEqual([...faults].sort());
      expect(told.every(({ detail }) => detail.length > 0)).toBe(true);
    });

    it.each(['__proto__', 'constructor', 'prototype'])('with a field called %s is refused', async (name) => {
      const text = `{"tea":"x","cups":1,"${name}":{"polluted":true}}`;
      const answer = await ask().post('/api/v1/teas').set('Content-Type', 'application/json').send(text).expect(422);
      expect(answer.body.errors).toMatchObject([{ field: name, code: 'unknown_field' }]);
      expect({}).not.toHaveProperty('polluted');
    });

    it('nested a hundred thousand deep is refused like any other', async () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      const text = `{"tea":"x","cups":1,"deep":${deep}}`;
      await ask().post('/api/v1/teas').set('Content-Type', 'application/json').send(text).expect(422);
    });

    it('with more faults than anybody reads is told the first hundred, under names of bearable length', async () => {
      const body = { ...sencha, notes: Array.from({ length: 1_000 }, () => '\0'), ['x'.repeat(1_000)]: '\0' };
      const answer = await order(body).expect(422);
      expect(answer.body.detail).toContain('1001件');
      const told = answer.body.errors as { field: string }[];
      expect(told).toHaveLength(100);
      expect(Math.max(...told.map(({ field }) => field.length))).toBe(200);
    });

    it('says the same without a body as with an empty one', async () => {
      const answer = await ask().post('/api/v1/teas').expect(422);
      expect(answer.body.errors).toMatchObject([{ field: 'tea' }, { field: 'cups' }]);
    });

    it('in the path is checked too', async () => {
      const answer = await ask().get('/api/v1/teas/123456').expect(422);
      expect(answer.body.errors).toMatchObject([{ field: 'id', code: 'too_long' }]);
      const nul = await ask().get('/api/v1/teas/%00').expect(422);
      expect(nul.body.errors).toMatchObject([{ field: 'id', code: 'invalid_characters' }]);
    });
  });

  describe('a list', () => {
    const list = (query: string) => ask().get(`/api/v1/teas${query}`);
    const idsOf = (answer: { body: { items: { id: number }[] } }) => answer.body.items.map(({ id }) => id);

    it('is read page by page, to the end', async () => {
      const first = await list('?limit=2').expect(200);
      expect(idsOf(first)).toEqual([1, 2]);
      const second = await list(`?limit=57&after=${first.body.next as string}`).expect(200);
      expect(idsOf(second)).toEqual(Array.from({ length: 57 }, (_, index) => index + 3));
      const last = await list(`?limit=1&after=${second.body.next as string}`).expect(200);
      expect(idsOf(last)).toEqual([60]);
      expect(last.body.next).toBeNull();
    });

    it('has fifty items a page when nobody says', async () => {
      expect(idsOf(await list('').expect(200))).toHaveLength(50);
    });

    it.each([
      ['limit=0', 'too_small'],
      ['limit=201', 'too_large'],
      ['limit=', 'invalid_format'],
      ['limit=ten', 'invalid_format'],
      ['limit=1.5', 'invalid_format'],
      ['limit=1&limit=2', 'wrong_type'],
      ['after=', 'too_short'],
      ['sort=name', 'unknown_field'],
    ])('refuses %s', async (query, code) => {
      const answer = await list(`?${query}`).expect(422);
      expect(answer.body.errors).toMatchObject([{ field: query.split('=')[0], code }]);
    });

    it.each(['nonsense', 'bnVsbA', '%00', 'e30', 'IjEi'])('refuses the cursor %s', async (cursor) => {
      expect((await list(`?after=${cursor}`).expect(422)).body.errors).toMatchObject([{ field: 'after' }]);
    });
  });

  describe('a revision', () => {
    const change = (ifMatch?: string) => {
      const asked = ask().put('/api/v1/teas/1');
      return ifMatch === undefined ? asked : asked.set('If-Match', ifMatch);
    };

    it('is told as an entity tag, and not told again to who knows it', async () => {
      const { headers } = await ask().get('/api/v1/teas/1').expect(200);
      expect(headers['etag']).toBe('"3"');
      await ask().get('/api/v1/teas/1').set('If-None-Match', '"3"').expect(304);
    });

    it.each([undefined, '"3"', '*', '"1", "3"'])('is the one that %s names', async (ifMatch) => {
      await change(ifMatch).expect(200);
    });

    it.each(['"2"', 'W/"3"', '3', '""', '"1", "2"'])('is not the one that %s names', async (ifMatch) => {
      expect((await change(ifMatch).expect(412)).body.code).toBe('precondition_failed');
    });
  });

  it('is guarded by headers, and by no such that want TLS where there is none', async () => {
    const { headers } = await ask().get('/api/v1/teas').expect('Cache-Control', 'private, no-cache');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('is described by an OpenAPI 3.1 document, with a page for people', async () => {
    const { body } = await ask().get('/api/openapi.json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    const { post, get } = body.paths['/api/v1/teas'];
    expect(post.requestBody.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Order' });
    expect(post.responses.default).toEqual({ $ref: '#/components/responses/Problem' });
    expect(post.security).toEqual([]);
    expect(body.security).toEqual([{ bearer: [] }]);
    expect(body.components.schemas.Order).toMatchObject({
      properties: { cups: { type: 'integer', minimum: 1 }, email: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      required: ['tea', 'cups'],
      additionalProperties: false,
    });
    expect(get.responses['200'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/TeaPage' });
    expect(body.components.schemas.TeaPage.properties.items.items).toEqual({ $ref: '#/components/schemas/Tea' });
    expect(get.parameters[0]).toMatchObject({ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 200 } });
    const change = body.paths['/api/v1/teas/{id}'].put;
    expect(change.parameters).toContainEqual({ $ref: '#/components/parameters/IfMatch' });
    const guarded = body.paths['/api/v1/teas/import'].post;
    expect(guarded.parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(guarded).not.toHaveProperty('security');
    expect(body.components.parameters.IdempotencyKey).toMatchObject({ name: 'Idempotency-Key', in: 'header' });
    expect((await ask().get('/api/docs').expect(200)).text).toContain('HRBC Mail API');
  });
});
