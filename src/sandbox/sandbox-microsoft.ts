import { type MicrosoftSeed, MicrosoftSimulator, simulatorAuthority } from '@libs/provider-simulators';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type AppConfig } from '../platform/config/index.js';
import { onKeptPort } from './kept-port.js';
import { sampleMails } from './sample-mails.js';
import sample from './sample-microsoft.json' with { type: 'json' };
import { SAMPLE_PEOPLE } from './sample-people.js';

const SEED: MicrosoftSeed = sample as MicrosoftSeed;
const DIRECTORY = 'simulators';
const SINCE_FILE = 'since';

/** Microsoft's part in the sandbox: the address of both its hosts, and HRBC's app there. */
export interface SandboxMicrosoft {
  readonly office365: AppConfig['office365'];
  readonly simulator: MicrosoftSimulator;
}

/**
 * Starts the Microsoft simulator with the sample people's mailboxes, and has this process trust it: its certificates are
 * of an authority of its own, kept in the data directory, which a browser can be told to trust as well.
 */
export async function startSandboxMicrosoft({ stores }: Pick<AppConfig, 'stores'>): Promise<SandboxMicrosoft> {
  const directory = join(stores.dataDirectory, DIRECTORY);
  const authority = await simulatorAuthority(directory);
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  const simulator = await onKeptPort(
    join(directory, 'microsoft-port'),
    async (port) => MicrosoftSimulator.start({ seed: SEED, authority, ...(port !== undefined && { port }) }),
    ({ url }) => url,
  );
  const since = await keptInstant(directory);
  for (const { email } of SAMPLE_PEOPLE) {
    for (const { source, receivedAt } of sampleMails(email, since))
      simulator.mailbox(email).deliver(source, receivedAt);
  }
  const [app = null] = SEED.apps;
  return { simulator, office365: { app, authorityUrl: simulator.url, graphUrl: simulator.url } };
}

/** When the sandbox was first started: its sample mails stay the same from start to start. */
async function keptInstant(directory: string): Promise<Date> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, SINCE_FILE);
  await writeFile(file, new Date().toISOString(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return new Date(await readFile(file, 'utf8'));
}
