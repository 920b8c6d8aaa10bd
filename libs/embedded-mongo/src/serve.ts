/**
 * Runs the embedded document store as a process of its own (for trying, developing and testing; not for production):
 *
 *     node dist/libs/embedded-mongo/src/serve.js --directory data/documents [--port 27017] [--durability full]
 *
 * Prints its connection string as the first line on standard output; SIGINT or SIGTERM closes it.
 */
import { parseArgs } from 'node:util';
import { startEmbeddedMongo } from './embedded-mongo.js';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '0' },
    durability: { type: 'string', default: 'normal' },
  },
});
if (values.directory === undefined) throw new Error('Say where the data lies: --directory <path>');

const store = await startEmbeddedMongo({
  directory: values.directory,
  port: Number(values.port),
  durability: values.durability === 'full' ? 'full' : 'normal',
});
console.log(store.url);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void store.close());
