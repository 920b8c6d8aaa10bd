import { type AppConfig } from '../platform/config/index.js';
import { SandboxSmtp } from './sandbox-smtp.js';

/** The servers of others that the sandbox brings along, where the configuration names no real ones. */
export interface SandboxServers {
  /** In the place of HRBC's own mail server; null: there is a real one. */
  readonly smtp: SandboxSmtp | null;
  close(): Promise<void>;
}

export const SANDBOX_SERVERS = Symbol('SandboxServers');
export const NO_SERVERS: SandboxServers = { smtp: null, close: async () => undefined };

/** Starts them, and answers the configuration with their addresses: the service sees addresses and no difference. */
export async function openSandboxServers(
  config: AppConfig,
): Promise<{ readonly config: AppConfig; readonly servers: SandboxServers }> {
  if (!config.sandbox || config.mail.smtpUrl !== null) return { config, servers: NO_SERVERS };
  const smtp = await SandboxSmtp.start();
  const mail = { ...config.mail, smtpUrl: smtp.url };
  return { config: { ...config, mail }, servers: { smtp, close: async () => smtp.close() } };
}
