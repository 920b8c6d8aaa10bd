import { replayableOf } from '../../platform/audit-trail/index.js';
import { mailServerDecider } from './mail-server.decider.js';
import { mailServerStream } from './mail-server.events.js';

/** A mail server as auditors see it at any instant; null before it was registered. */
export const replayableMailServer = replayableOf({
  kind: 'mail_server',
  decider: mailServerDecider,
  streamOf: mailServerStream,
  show: ({ status, ...server }) => (status === 'unknown' ? null : { state: status, ...server }),
});
