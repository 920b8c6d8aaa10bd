import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { COMPANY_APP, OTHER_APP } from '../support/google-steps.js';
import { TestService } from '../support/service.js';

describe('Google API設定', () => {
  let service: TestService;
  let admin: ApiClient;
  let user: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = await service.as({ userId: 'hanako', roles: ['admin', 'auditor'] });
    user = await service.as({ userId: 'taro' });
  });
  afterAll(async () => service?.remove());

  const shown = (app: { readonly clientId: string }) => ({
    clientId: app.clientId,
    hasSecret: true,
    redirectUri: expect.stringMatching(/^http:\/\/.*\/oauth\/google\/callback$/) as string,
  });

  it('comes before Gmail: the order is enforced (R16)', async () => {
    expect((await admin.get('/google-api-setting')).body).toMatchObject({
      status: 404,
      code: 'google_api_setting_not_found',
    });
    expect((await admin.post('/mail-servers', { service: 'gmail' })).body).toMatchObject({
      status: 409,
      code: 'google_api_setting_missing',
    });
  });

  it('is saved by an admin, and shows the redirect URI and never the secret', async () => {
    expect((await user.put('/google-api-setting', COMPANY_APP)).status).toBe(403);
    const saved = await admin.put('/google-api-setting', COMPANY_APP);
    expect(saved.status).toBe(200);
    expect(saved.body).toEqual(shown(COMPANY_APP));
    expect((await user.get('/google-api-setting')).body).toEqual(shown(COMPANY_APP));
  });

  it('says which field is wrong', async () => {
    const { body } = await admin.put('/google-api-setting', { clientId: 'a b', clientSecret: '' });
    expect(body.status).toBe(422);
    const fields = new Set(body.errors.map(({ field }: { field: string }) => field));
    expect(fields).toEqual(new Set(['clientId', 'clientSecret']));
    const misspelt = await admin.put('/google-api-setting', { ...COMPANY_APP, clientSecrets: 'x' });
    expect(misspelt.status).toBe(422);
  });

  it('lets Gmail be registered, once', async () => {
    expect((await admin.post('/mail-servers', { service: 'gmail' })).body).toMatchObject({
      service: 'gmail',
      name: 'Gmail',
    });
    expect((await admin.post('/mail-servers', { service: 'gmail' })).body.code).toBe('mail_server_exists');
  });

  it('changes nothing when the same is saved again, and only what the caller has seen', async () => {
    const before = (await admin.get('/google-api-setting')).headers.get('etag')!;
    const again = await admin.put('/google-api-setting', COMPANY_APP);
    expect(again.headers.get('etag')).toBe(before);
    const changed = await admin.put('/google-api-setting', { ...COMPANY_APP, clientSecret: 'GOCSPX-new' });
    expect(changed.headers.get('etag')).not.toBe(before);
    const late = await admin.put('/google-api-setting', OTHER_APP, { headers: { 'if-match': before } });
    expect(late.body).toMatchObject({ status: 412, code: 'precondition_failed' });
  });

  it('keeps the quota that a company enters for its project', async () => {
    const saved = await admin.put('/google-api-setting', { ...COMPANY_APP, quotaUnitsPerMinute: 15_000 });
    expect(saved.body).toEqual({ ...shown(COMPANY_APP), quotaUnitsPerMinute: 15_000 });
  });

  it('cannot be deleted while Gmail is registered, and can afterwards', async () => {
    expect((await admin.delete('/google-api-setting')).body).toMatchObject({
      status: 409,
      code: 'google_api_setting_in_use',
    });
    const { body } = await admin.get('/mail-servers');
    expect((await admin.delete(`/mail-servers/${body.items[0].id as string}`)).status).toBe(204);
    expect((await admin.delete('/google-api-setting')).status).toBe(204);
    expect((await admin.get('/google-api-setting')).status).toBe(404);
    expect((await admin.delete('/google-api-setting')).status).toBe(404);
    expect((await admin.post('/mail-servers', { service: 'gmail' })).body.code).toBe('google_api_setting_missing');
  });

  it('is one for each company', async () => {
    const rival = await service.as({ userId: 'eve', company: 'rival', roles: ['admin'] });
    await admin.put('/google-api-setting', COMPANY_APP);
    expect((await rival.get('/google-api-setting')).status).toBe(404);
    await rival.put('/google-api-setting', OTHER_APP);
    expect((await admin.get('/google-api-setting')).body.clientId).toBe(COMPANY_APP.clientId);
  });

  it('stands on the record, step by step, without a secret', async () => {
    const { body } = await admin.get('/audit/events?limit=200');
    const own = (body.items as { type: string; data: object }[]).filter(({ type }) => type.startsWith('GoogleApi'));
    expect(own.map(({ type }) => type)).toEqual([
      'GoogleApiSettingSaved',
      'GoogleApiSettingSaved',
      'GoogleApiSettingSaved',
      'GoogleApiSettingDeleted',
      'GoogleApiSettingSaved',
    ]);
    expect(JSON.stringify(body)).not.toContain('GOCSPX');
    const replay = await admin.get('/audit/google-api-setting');
    expect(replay.body).toMatchObject({ setting: { state: 'saved', clientId: COMPANY_APP.clientId } });
    expect(JSON.stringify(replay.body)).not.toContain('GOCSPX');
    expect(service.log).not.toContain('GOCSPX');
  });
});
