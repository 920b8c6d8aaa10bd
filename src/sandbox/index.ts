export { SandboxMail } from './sandbox-mail.js';
export { SandboxModule } from './sandbox.module.js';
export { welcome } from './welcome.js';
