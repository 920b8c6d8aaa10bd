import { type AppConfig } from '../platform/config/index.js';
import { isRealGoogle, type SandboxGoogle, startSandboxGoogle } from './sandbox-google.js';
import { type SandboxMicrosoft, startSandboxMicrosoft } from './sandbox-microsoft.js';
import { SandboxSmtp } from './sandbox-smtp.js';

/** The servers of others that the sandbox brings along, where the configuration names no real ones. */
export interface SandboxServers {
  /** In the place of HRBC's own mail server; null: there is a real one. */
  readonly smtp: SandboxSmtp | null;
  /** In the place of Microsoft; null: a real app is configured. */
  readonly microsoft: SandboxMicrosoft | null;
  /** In the place of Google; null: other addresses than Google's own are configured. */
  readonly google: SandboxGoogle | null;
  close(): Promise<void>;
}

export const SANDBOX_SERVERS = Symbol('SandboxServers');
export const NO_SERVERS: SandboxServers = { smtp: null, microsoft: null, google: null, close: async () => undefined };

/** Starts them, and answers the configuration with their addresses: the service sees addresses and no difference. */
export async function openSandboxServers(
  config: AppConfig,
): Promise<{ readonly config: AppConfig; readonly servers: SandboxServers }> {
  if (!config.sandbox) return { config, servers: NO_SERVERS };
  const smtp = config.mail.smtpUrl === null ? await SandboxSmtp.start() : null;
  const microsoft = config.office365.app === null ? await startSandboxMicrosoft(config) : null;
  const google = isRealGoogle(config.google) ? await startSandboxGoogle(config) : null;
  const mail = smtp ? { ...config.mail, smtpUrl: smtp.url } : config.mail;
  const office365 = microsoft?.office365 ?? config.office365;
  const close = async (): Promise<void> => {
    await Promise.all([smtp?.close(), microsoft?.simulator.close(), google?.simulator.close()]);
  };
  const addresses = { office365, google: google?.google ?? config.google };
  return { config: { ...config, mail, ...addresses }, servers: { smtp, microsoft, google, close } };
}
