import { type GoogleSeed, GoogleSimulator, simulatorAuthority } from '@libs/provider-simulators';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type AppConfig } from '../platform/config/index.js';
import { onKeptPort } from './kept-port.js';
import sample from './sample-google.json' with { type: 'json' };
import { sampleMails } from './sample-mails.js';
import { SAMPLE_PEOPLE } from './sample-people.js';

const SEED: GoogleSeed = sample as GoogleSeed;
const DIRECTORY = 'simulators';
/** Fixed, so that a mailbox that was imported is the same after the next start. */
const SAMPLES_UNTIL = new Date('2026-11-01T00:00:00Z');

/** Google's part in the sandbox: where it is, and the app that the sample company's admin enters (R16). */
export interface SandboxGoogle {
  readonly google: AppConfig['google'];
  readonly app: { readonly clientId: string; readonly clientSecret: string };
  readonly simulator: GoogleSimulator;
}

/** Starts the Google simulator with the sample people's mailboxes, and has this process trust its authority. */
export async function startSandboxGoogle({ stores }: Pick<AppConfig, 'stores'>): Promise<SandboxGoogle> {
  const directory = join(stores.dataDirectory, DIRECTORY);
  const authority = await simulatorAuthority(directory);
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  const simulator = await onKeptPort(
    join(directory, 'google-port'),
    async (port) => GoogleSimulator.start({ seed: SEED, authority, ...(port !== undefined && { port }) }),
    ({ addresses }) => addresses.gmailUrl,
  );
  for (const { email } of SAMPLE_PEOPLE) {
    for (const { source, receivedAt } of sampleMails(email, SAMPLES_UNTIL)) {
      simulator.mailbox(email).deliver(source, { internalDate: receivedAt });
    }
  }
  const [app] = SEED.clients;
  if (!app) throw new Error('The sample Google has no client.');
  const { clientId, clientSecret } = app;
  return { simulator, google: simulator.addresses, app: { clientId, clientSecret } };
}

/** Whether the configuration names Google itself, which the sandbox never talks to. */
export const isRealGoogle = ({ authUrl }: AppConfig['google']): boolean =>
  new URL(authUrl).hostname.endsWith('.google.com');
