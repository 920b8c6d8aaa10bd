import { ImapMailReader } from '../../../src/gateways/imap/imap-mail-reader.js';
import { defaultReaderLimits } from '../../../src/gateways/reader-limits.js';
import { describeMailReader } from './mail-reader.suite.js';

describeMailReader({
  protocol: 'imap',
  readerFor: (account, network, limits) => new ImapMailReader(account, network, { ...defaultReaderLimits, ...limits }),
});
