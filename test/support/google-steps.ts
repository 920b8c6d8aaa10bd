import {
  answerGoogle,
  type GmailMailbox,
  GoogleSimulator,
  type GoogleSeed,
  type GoogleVisit,
  simulatorAuthority,
  TestBrowser,
} from '@libs/provider-simulators';
import { expect } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { type ApiClient } from './api-client.js';
import { TestService } from './service.js';

export const COMPANY_APP = {
  clientId: '1234-company.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-company-secret',
} as const;
export const OTHER_APP = {
  clientId: '5678-other.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-other-secret',
} as const;

/** Of the sample company's own organisation, so that no warning page stands in the way. */
const INTERNAL = { audience: 'internal', domain: 'sample.example' } as const;

export const SAMPLE_GOOGLE: GoogleSeed = {
  clients: [
    { ...COMPANY_APP, ...INTERNAL },
    { ...OTHER_APP, ...INTERNAL },
  ],
  accounts: ['taro', 'misaki', 'jiro', 'saiyo'].map((name) => ({ email: `${name}@sample.example`, name })),
};

/** The service beside a simulated Google that it trusts. */
export interface ServiceWithGoogle {
  readonly service: TestService;
  readonly google: GoogleSimulator;
  mailbox(email: string): GmailMailbox;
  stop(): Promise<void>;
}

export async function startWithGoogle(
  seed: GoogleSeed = SAMPLE_GOOGLE,
  environment: Readonly<Record<string, string>> = {},
  now: () => number = Date.now,
): Promise<ServiceWithGoogle> {
  const authority = await simulatorAuthority();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
  const google = await GoogleSimulator.start({ seed, authority, now });
  const directory = await mkdtemp(join(tmpdir(), 'hrbc-google-'));
  const ca = join(directory, 'ca.pem');
  await writeFile(ca, authority.certificate);
  const { authUrl, tokenUrl, gmailUrl } = google.addresses;
  const service = await TestService.start({
    NODE_EXTRA_CA_CERTS: ca,
    GOOGLE_AUTH_URL: authUrl,
    GOOGLE_TOKEN_URL: tokenUrl,
    GMAIL_URL: gmailUrl,
    ...environment,
  });
  return {
    service,
    google,
    mailbox: (email) => google.mailbox(email),
    stop: async () => {
      await service.remove();
      await google.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Google API設定 and then Gmail, as the manual has it. */
export async function registerGmail(admin: ApiClient, app: object = COMPANY_APP): Promise<string> {
  const saved = await admin.put('/google-api-setting', app);
  expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  const { status, body } = await admin.post('/mail-servers', { service: 'gmail' });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as string;
}

const isAtHrbc = (url: URL): boolean => url.searchParams.has('result');

/** 「Googleにログインする」 up to the page that asked for it; answers `result`. */
export async function signIn(user: ApiClient, mailServerId: string, visit: GoogleVisit): Promise<string | null> {
  const { status, body } = await user.post('/me/mail-setting/authorization', { mailServerId });
  expect(status, JSON.stringify(body)).toBe(201);
  const browser = new TestBrowser();
  const page = await browser.open(body.authorizationUrl as string, isAtHrbc);
  if (isAtHrbc(page.url)) return page.url.searchParams.get('result');
  expect(page.status, page.body).toBe(200);
  const arrival = await answerGoogle(browser, page, visit, isAtHrbc);
  return arrival.url.searchParams.get('result');
}
