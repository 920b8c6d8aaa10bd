import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig } from './index.js';

const firstKey = Buffer.alloc(32, 1).toString('base64');
const secondKey = Buffer.alloc(32, 2).toString('base64');

const ownServer = {
  AUTH_JWKS_URL: 'https://hrbc.example/keys',
  AUTH_ISSUER: 'https://hrbc.example',
  AUTH_AUDIENCE: 'mail',
  CREDENTIAL_KEYS: `k2:${secondKey},k1:${firstKey}`,
  SMTP_URL: 'smtps://relay:relay-password@smtp.hrbc.example:465',
};
const production = {
  ...ownServer,
  NODE_ENV: 'production',
  EVENTSTORE_URL: 'esdb://stores:2113?tls=false',
  MONGO_URL: 'mongodb://stores:27017/hrbc',
};

function faultsOf(env: Record<string, string>): ConfigurationError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}
const variablesAtFault = (env: Record<string, string>) => faultsOf(env).faults.map(({ variable }) => variable);

describe('loadConfig', () => {
  it('gives what the contract names as defaults', () => {
    expect(loadConfig(ownServer)).toEqual({
      production: false,
      sandbox: false,
      logLevel: 'info',
      http: {
        port: 3000,
        host: '127.0.0.1',
        publicUrl: 'http://localhost:3000',
        returnOrigins: ['http://localhost:3000'],
      },
      stores: { dataDirectory: './data' },
      auth: { jwksUrl: 'https://hrbc.example/keys', issuer: 'https://hrbc.example', audience: 'mail' },
      credentialKeys: [
        { id: 'k2', key: Buffer.alloc(32, 2) },
        { id: 'k1', key: Buffer.alloc(32, 1) },
      ],
      auditSealKeys: null,
      mail: {
        egressAddresses: ['52.69.227.39', '3.114.155.87', '3.114.148.79'],
        allowedPrivateHosts: [],
        pollIntervalSeconds: 60,
        legacyCutoff: '2020-08-11',
        basicAuthEnforcedFrom: null,
        smtpUrl: ownServer.SMTP_URL,
        bounceAddress: null,
        bounceMailboxUrl: null,
        dkimKey: null,
      },
      office365: {
        app: null,
        authorityUrl: 'https://login.microsoftonline.com',
        graphUrl: 'https://graph.microsoft.com',
      },
      google: {
        authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
        tokenUrl: 'https://oauth2.googleapis.com/token',
        gmailUrl: 'https://gmail.googleapis.com',
      },
    });
  });

  it('needs nothing in the sandbox, which is its own issuer of tokens', () => {
    const config = loadConfig({ SANDBOX: 'true', PORT: '8080', HOST: '::' });
    expect(config.auth).toEqual({
      jwksUrl: 'http://[::1]:8080/sandbox/jwks.json',
      issuer: 'http://localhost:8080/sandbox',
      audience: 'hrbc-mail',
    });
    expect(config).toMatchObject({ sandbox: true, credentialKeys: null });
    expect(config.mail).toMatchObject({ smtpUrl: null, allowedPrivateHosts: ['127.0.0.1'] });
  });

  it('takes no mailbox for reports without the login to it', () => {
    const bounces = { SMTP_BOUNCE_ADDRESS: 'bounces@hrbc.example', SMTP_BOUNCE_MAILBOX: 'imaps://mail.hrbc.example' };
    expect(variablesAtFault({ ...ownServer, ...bounces })).toEqual(['SMTP_BOUNCE_MAILBOX']);
  });

  it('takes both stores in production', () => {
    expect(loadConfig(production)).toMatchObject({
      production: true,
      stores: { eventStoreUrl: production.EVENTSTORE_URL, mongoUrl: production.MONGO_URL },
    });
  });

  it.each(['EVENTSTORE_URL', 'MONGO_URL'] as const)(
    'refuses production without %s: nothing embedded serves there',
    (url) => {
      expect(variablesAtFault({ ...production, [url]: undefined })).toEqual([url]);
    },
  );

  it('counts an empty value as not set', () => {
    expect(loadConfig({ ...ownServer, PORT: ' ', EVENTSTORE_URL: '' })).toEqual(loadConfig(ownServer));
  });

  it('keeps bases without the slash at their end', () => {
    expect(loadConfig({ ...ownServer, PUBLIC_URL: 'https://mail.hrbc.example/' }).http.publicUrl).toBe(
      'https://mail.hrbc.example',
    );
  });

  it('reports all faults together, those between variables included', () => {
    expect(
      variablesAtFault({ NODE_ENV: 'production', SANDBOX: 'true', PORT: 'http', POLL_INTERVAL_SECONDS: '0' }),
    ).toEqual(['PORT', 'POLL_INTERVAL_SECONDS', 'SANDBOX', 'EVENTSTORE_URL', 'MONGO_URL']);
    expect(variablesAtFault({})).toEqual([
      'AUTH_JWKS_URL',
      'AUTH_ISSUER',
      'AUTH_AUDIENCE',
      'CREDENTIAL_KEYS',
      'SMTP_URL',
    ]);
  });

  it('says in both languages what is expected', () => {
    expect(faultsOf({ SANDBOX: 'true', PORT: '70000' }).message).toContain(
      'PORT: 0〜65535の整数を指定してください / must be a whole number from 0 to 65535',
    );
  });

  it.each([
    ['PORT', '80.5'],
    ['PORT', '-1'],
    ['PUBLIC_URL', 'mail.hrbc.example'],
    ['PUBLIC_URL', 'https://mail.hrbc.example/?a=b'],
    ['EVENTSTORE_URL', 'http://stores:2113'],
    ['MONGO_URL', 'stores:27017'],
    ['SANDBOX', 'yes'],
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'verbose'],
    ['CREDENTIAL_KEYS', 'k1:c2hvcnQ='],
    ['CREDENTIAL_KEYS', firstKey],
    ['CREDENTIAL_KEYS', `k1:${firstKey},k1:${secondKey}`],
    ['OFFICE365_AUTHORITY', 'login.microsoftonline.com'],
    ['SMTP_URL', 'https://smtp.hrbc.example'],
    ['SMTP_BOUNCE_ADDRESS', 'bounces'],
    ['SMTP_BOUNCE_ADDRESS', 'bounces-of-all-mail-of-hrbc@hrbc.example'],
    ['SMTP_DKIM_KEY', 'hrbc.example:mail:c2hvcnQ='],
    ['EGRESS_ADDRESSES', '52.69.227.39 3.114.155.87'],
    ['MAIL_HOSTS_ALLOWED_PRIVATE', '10.0.0.0/8/8'],
    ['POLL_INTERVAL_SECONDS', '1h'],
    ['LEGACY_CUTOFF', '2020-02-30'],
    ['BASIC_AUTH_ENFORCED_FROM', '11.08.2020'],
  ])('refuses %s=%s', (variable, value) => {
    expect(variablesAtFault({ ...ownServer, [variable]: value })).toEqual([variable]);
  });

  it('wants both parts of the Office365 app or none', () => {
    expect(variablesAtFault({ ...ownServer, OFFICE365_CLIENT_ID: 'app' })).toEqual(['OFFICE365_CLIENT_SECRET']);
    const both = { ...ownServer, OFFICE365_CLIENT_ID: 'app', OFFICE365_CLIENT_SECRET: 's' };
    expect(loadConfig(both).office365.app).toEqual({ clientId: 'app', clientSecret: 's' });
  });

  it('never repeats a value, for it may be a secret', () => {
    const { message } = faultsOf({ ...production, CREDENTIAL_KEYS: 'k1:hunter2', SMTP_URL: 'relay:hunter2@smtp' });
    expect(message).not.toContain('hunter2');
  });
});
