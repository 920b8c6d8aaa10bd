import { ImapMailReader } from './imap/imap-mail-reader.js';
import type { MailAccount, MailNetwork } from './mail-account.js';
import type { MailReader } from './mail-reader.port.js';
import { Pop3MailReader } from './pop3/pop3-mail-reader.js';

/** The only switch over mail systems: everybody else holds a MailReader and does not know which. */
export function mailReaderFor(account: MailAccount, network: MailNetwork): MailReader {
  switch (account.protocol) {
    case 'imap':
      return new ImapMailReader(account, network);
    case 'pop3':
      return new Pop3MailReader(account, network);
  }
}
