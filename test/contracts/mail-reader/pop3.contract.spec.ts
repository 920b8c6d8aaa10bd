import { Pop3MailReader } from '../../../src/gateways/pop3/pop3-mail-reader.js';
import { defaultReaderLimits } from '../../../src/gateways/reader-limits.js';
import { describeMailReader } from './mail-reader.suite.js';

describeMailReader({
  protocol: 'pop3',
  readerFor: (account, network, limits) => new Pop3MailReader(account, network, { ...defaultReaderLimits, ...limits }),
});
