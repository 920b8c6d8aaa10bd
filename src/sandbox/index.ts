export { SandboxMail } from './sandbox-mail.js';
export { NO_SERVERS, openSandboxServers, type SandboxServers } from './sandbox-servers.js';
export { SandboxModule } from './sandbox.module.js';
export { invitation, welcome } from './welcome.js';
