// `npm start`: from a fresh checkout to a running service with nothing but Node and npm. Installs what is missing,
// builds what is stale, then starts the service with embedded stores and the sandbox, on the Node version that the
// project pins. Plain JavaScript, because nothing is installed or built when it runs first.
import { spawn } from 'node:child_process';
import { build } from './steps/build.mjs';
import { install } from './steps/install.mjs';
import { nodeBinary } from './steps/node-binary.mjs';

await install();
await build();

const service = spawn(nodeBinary(), ['dist/src/main.js'], {
  stdio: 'inherit',
  env: { SANDBOX: 'true', LOG_LEVEL: 'warn', NODE_COMPILE_CACHE: 'node_modules/.cache/node-compiled', ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => service.kill(signal));
service.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
