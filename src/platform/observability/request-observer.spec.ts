import { Controller, Get, Module, Param } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigModule, loadConfig } from '../config/index.js';
import { rememberCaller } from '../security/auth/caller.js';
import { Metrics, ObservabilityModule, ReadinessChecks, RequestObserver } from './index.js';

@Controller('mails')
class Mails {
  @Get(':id')
  one(@Param('id') id: string): { id: string } {
    return { id };
  }
}

const alice = {
  company: 'acme',
  userId: 'alice',
  email: 'alice@acme.example',
  additionalAddress1: null,
  name: 'Alice',
  roles: [],
  position: null,
};

describe('what is seen of the service from outside', () => {
  const lines: Record<string, unknown>[] = [];
  const collect = (line: Record<string, unknown>, ...others: unknown[]) => {
    if (['Request', 'Readiness'].includes(others.at(-1) as string)) lines.push(line);
  };
  let app: NestExpressApplication;

  beforeAll(async () => {
    const config = loadConfig({ SANDBOX: 'true', LOG_LEVEL: 'silent' });
    @Module({ imports: [ConfigModule.forRoot(config), ObservabilityModule], controllers: [Mails] })
    class Observed {}
    const module = await Test.createTestingModule({ imports: [Observed] }).compile();
    app = module.createNestApplication<NestExpressApplication>();
    app.useLogger({ log: collect, error: collect, warn: collect });
    app.use(app.get(RequestObserver).middleware);
    app.use((incoming: never, _response: unknown, next: () => void) => {
      rememberCaller(incoming, alice);
      next();
    });
    await app.init();
  });
  afterAll(() => app.close());
  beforeEach(() => {
    lines.length = 0;
  });
  const ask = () => request(app.getHttpServer());

  describe('a request', () => {
    it('is one line, with who asked for what, and how it ended', async () => {
      await ask().get('/mails/m1?q=layoffs&code=secret').set('X-Request-Id', 'console-1234').expect(200);
      await vi.waitFor(() => expect(lines).toHaveLength(1));
      expect(lines).toEqual([
        {
          method: 'GET',
          path: '/mails/m1',
          status: 200,
          milliseconds: expect.any(Number) as number,
          requestId: 'console-1234',
          company: 'acme',
          userId: 'alice',
          clientAddress: expect.stringContaining('127.0.0.1') as string,
        },
      ]);
    });

    it('carries its id back', async () => {
      const given = await ask().get('/mails/m1').set('X-Request-Id', 'console-1234');
      expect(given.headers['x-request-id']).toBe('console-1234');
      expect((await ask().get('/mails/m1')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('is measured under its route and never under its path', async () => {
      await ask().get('/mails/m2');
      await ask().get('/nowhere/m3').expect(404);
      const { text } = await ask().get('/metrics').expect(200);
      expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/mails\/:id",status="200"\} \d/);
      expect(text).toContain('route="unmatched",status="404"');
      expect(text).not.toMatch(/m2|m3/);
    });

    it('for health or metrics is not worth a line', async () => {
      await ask().get('/health/live');
      await ask().get('/metrics');
      expect(lines).toEqual([]);
    });
  });

  describe('/metrics', () => {
    it('shows the process and what modules add, in the format of Prometheus', async () => {
      const metrics = app.get(Metrics);
      metrics.counter({ name: 'tea_cups_total', help: 'Cups', labelNames: ['tea'] }).inc({ tea: 'sencha' }, 2);
      metrics.gauge({ name: 'tea_left', help: 'Left', collect: (gauge) => gauge.set(7) });
      const { text, headers } = await ask().get('/metrics');
      expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(text).toContain('tea_cups_total{tea="sencha"} 2');
      expect(text).toContain('tea_left 7');
      expect(text).toContain('process_cpu_seconds_total');
    });

    it('gives the same metric to who asks for it again', () => {
      const metrics = app.get(Metrics);
      const cups = { name: 'tea_pots_total', help: 'Pots' };
      expect(metrics.counter(cups)).toBe(metrics.counter(cups));
    });
  });

  describe('health', () => {
    it('is alive whatever it depends on', async () => {
      app.get(ReadinessChecks).register('event store', () => Promise.reject(new Error('away')));
      await ask().get('/health/live').expect(200, { status: 'ok' });
      app.get(ReadinessChecks).register('event store', () => Promise.resolve());
    });

    it('is ready when every check passes, and says which does not, but not why', async () => {
      const checks = app.get(ReadinessChecks);
      checks.register('event store', () => Promise.resolve());
      await ask()
        .get('/health/ready')
        .expect(200, { status: 'ok', checks: [{ name: 'event store', ok: true }] });

      checks.register('event store', () => Promise.reject(new Error('esdb://admin:changeit@stores is away')));
      const answer = await ask().get('/health/ready').expect(503);
      expect(answer.body).toEqual({ status: 'unavailable', checks: [{ name: 'event store', ok: false }] });
      await ask().get('/health/ready').expect(503);
      expect(lines).toHaveLength(1);

      checks.register('event store', () => Promise.resolve());
      await ask().get('/health/ready').expect(200);
      expect(lines).toEqual([expect.objectContaining({ check: 'event store' }), 'event store is well again.']);
    });

    it('sends new requests elsewhere from the beginning of the end', async () => {
      app.get(ReadinessChecks).beforeApplicationShutdown();
      const answer = await ask().get('/health/ready').expect(503);
      expect(answer.body.checks).toContainEqual({ name: 'shutting-down', ok: false });
    });
  });
});
