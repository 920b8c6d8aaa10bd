/**
 * Runs the embedded event store as a process of its own (for trying, developing and testing; not for production):
 *
 *     node dist/libs/embedded-eventstore/src/serve.js --directory data/events [--port 2113] [--durability full]
 *
 * Prints its connection string as the first line on standard output; SIGINT or SIGTERM closes it.
 */
import { parseArgs } from 'node:util';

import { startEmbeddedEventStore } from './embedded-event-store.js';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '0' },
    durability: { type: 'string', default: 'normal' },
  },
});
if (values.directory === undefined) throw new Error('Say where the data lies: --directory <path>');

const store = await startEmbeddedEventStore({
  directory: values.directory,
  port: Number(values.port),
  durability: values.durability === 'full' ? 'full' : 'normal',
});
console.log(store.url);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void store.close());
