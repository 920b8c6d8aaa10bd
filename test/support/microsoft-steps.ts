import {
  type Arrival,
  CONSUMER_TENANT,
  type MicrosoftSeed,
  MicrosoftSimulator,
  type SimulatedMailbox,
  simulatorAuthority,
  TestBrowser,
} from '@libs/provider-simulators';
import { afterAll, beforeAll, expect } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { type ApiClient } from './api-client.js';
import { TestService } from './service.js';

export const HRBC_APP = {
  clientId: '11111111-1111-4111-8111-111111111111',
  clientSecret: 'hrbc~app~secret~with+signs',
} as const;

export const SAMPLE_TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
export const STRICT_TENANT = 'aaaaaaaa-0000-4000-8000-000000000002';
const id = (n: number): string => `bbbbbbbb-0000-4000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number, userPrincipalName: string) => ({
  id: id(n),
  userPrincipalName,
  displayName: userPrincipalName,
});

/** Every kind of account that the consent has to tell apart. */
export const SAMPLE_MICROSOFT: MicrosoftSeed = {
  apps: [HRBC_APP],
  tenants: [
    {
      id: SAMPLE_TENANT,
      name: 'Sample',
      users: [
        person(1, 'taro@sample.example'),
        person(2, 'jiro@sample.example'),
        { ...person(3, 'misaki@sample.onmicrosoft.example'), mail: 'Misaki@Sample.example' },
        { ...person(4, 'apps@sample.example'), mailbox: 'none' },
      ],
    },
    {
      id: STRICT_TENANT,
      name: 'Strict',
      consent: 'admins',
      users: [
        { ...person(11, 'boss@strict.example'), administrator: true },
        person(12, 'kenji@strict.example'),
        person(13, 'yuki@strict.example'),
      ],
    },
    { id: CONSUMER_TENANT, name: 'Personal', users: [person(21, 'taro@outlook.example')] },
  ],
};

/** The service beside a simulated Microsoft that it trusts. */
export interface ServiceWithMicrosoft {
  readonly service: TestService;
  readonly microsoft: MicrosoftSimulator;
  mailbox(address: string): SimulatedMailbox;
  stop(): Promise<void>;
}

export async function startWithMicrosoft(
  environment: Readonly<Record<string, string>> = {},
  randomSeed = 1,
  seed = SAMPLE_MICROSOFT,
): Promise<ServiceWithMicrosoft> {
  const authority = await simulatorAuthority();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
  const microsoft = await MicrosoftSimulator.start({ seed, authority, randomSeed });
  const directory = await mkdtemp(join(tmpdir(), 'hrbc-microsoft-'));
  const ca = join(directory, 'ca.pem');
  await writeFile(ca, authority.certificate);
  const service = await TestService.start({
    NODE_EXTRA_CA_CERTS: ca,
    OFFICE365_CLIENT_ID: HRBC_APP.clientId,
    OFFICE365_CLIENT_SECRET: HRBC_APP.clientSecret,
    OFFICE365_AUTHORITY: microsoft.url,
    GRAPH_URL: microsoft.url,
    ...environment,
  });
  return {
    service,
    microsoft,
    mailbox: (address) => microsoft.mailbox(address),
    stop: async () => {
      await service.remove();
      await microsoft.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function registerOffice365(admin: ApiClient): Promise<string> {
  const { status, body } = await admin.post('/mail-servers', { service: 'office365' });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as string;
}

/** The page to which HRBC wants the browser back; nobody listens there. */
export const RETURN_URL = 'http://localhost:9/settings?tab=mail';
const isBack = (url: URL): boolean => url.searchParams.has('result');

/** Who is signed in at Microsoft, and what he presses. */
export interface Visit {
  readonly as: string;
  readonly press?: 'accept' | 'deny' | 'return';
}

/** `POST …/authorization`, as HRBC's web tier does for the user. */
export async function beginSignIn(user: ApiClient, mailServerId: string): Promise<string> {
  const { status, body } = await user.post('/me/mail-setting/authorization', { mailServerId, returnUrl: RETURN_URL });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.authorizationUrl as string;
}

/** From the address to the page that asked for it, in this browser; answers where that ends. */
export async function visit(
  microsoft: MicrosoftSimulator,
  browser: TestBrowser,
  authorizationUrl: string,
  { as, press = 'accept' }: Visit,
): Promise<Arrival> {
  const page = await browser.open(authorizationUrl, isBack);
  if (isBack(page.url)) return page;
  expect(page.status, page.body).toBe(200);
  const account = microsoft.account(as);
  const next = await browser.decide(page, { account, decision: press }, isBack);
  // "Need admin approval": all that is left is to go back.
  return isBack(next.url) ? next : browser.decide(next, { account, decision: 'return' }, isBack);
}

/** 「Office365にログインする」 up to the page that asked for it; answers `result`. */
export async function signIn(
  { microsoft }: Pick<ServiceWithMicrosoft, 'microsoft'>,
  user: ApiClient,
  mailServerId: string,
  how: Visit,
): Promise<string | null> {
  const arrival = await visit(microsoft, new TestBrowser(), await beginSignIn(user, mailServerId), how);
  expect(`${arrival.url.origin}${arrival.url.pathname}`).toBe('http://localhost:9/settings');
  expect(arrival.url.searchParams.get('tab')).toBe('mail');
  return arrival.url.searchParams.get('result');
}

/** A service that knows Microsoft, with Office365 registered; 太郎, who signs in; and somebody who may see everything. */
export interface SignInStory {
  world: ServiceWithMicrosoft;
  mailServerId: string;
  user: ApiClient;
  auditor: ApiClient;
}

/** Begins with the stories of this `describe` and ends with them; the log of its service tells everything. */
export function signInStory(): SignInStory {
  const story = {} as SignInStory;
  beforeAll(async () => {
    const world = await startWithMicrosoft({ LOG_LEVEL: 'trace' });
    const auditor = await world.service.as({ userId: 'hanako', roles: ['admin', 'auditor'] });
    const user = await world.service.as({ userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' });
    Object.assign(story, { world, auditor, user, mailServerId: await registerOffice365(auditor) });
  });
  afterAll(() => story.world?.stop());
  return story;
}
