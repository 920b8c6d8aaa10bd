import type { GmailAccount, GmailEndpoint } from './gmail/gmail-account.js';
import { GmailMailFinder } from './gmail/gmail-mail-finder.js';
import { GmailMailReader } from './gmail/gmail-mail-reader.js';
import { type GraphEndpoint } from './graph/graph-connection.js';
import { GraphMailFinder } from './graph/graph-mail-finder.js';
import { GraphMailReader } from './graph/graph-mail-reader.js';
import type { ImapConnections } from './imap/imap-connections.js';
import { ImapMailFinder } from './imap/imap-mail-finder.js';
import { ImapMailReader } from './imap/imap-mail-reader.js';
import type { MailAccount, MailNetwork } from './mail-account.js';
import type { MailFinder } from './mail-finder.port.js';
import type { MailReader } from './mail-reader.port.js';
import type { GraphAccount } from './oauth-account.js';
import { Pop3MailFinder } from './pop3/pop3-mail-finder.js';
import { Pop3MailReader } from './pop3/pop3-mail-reader.js';
import { defaultReaderLimits } from './reader-limits.js';

/** Whose INBOX is to be read, and with what. */
export type ReadableAccount = MailAccount | GraphAccount | GmailAccount;

/** How the mail systems are reached. */
export interface Reaches {
  readonly network: MailNetwork;
  /** Absent: a connection for every pass. */
  readonly imapConnections?: ImapConnections;
  readonly graph: GraphEndpoint;
  readonly gmail: GmailEndpoint;
}

/** The only switch over mail systems: everybody else holds a MailReader and does not know which. */
export function mailReaderFor(account: ReadableAccount, reaches: Reaches): MailReader {
  const { network, graph, gmail } = reaches;
  switch (account.protocol) {
    case 'imap':
      return new ImapMailReader(account, network, defaultReaderLimits, reaches.imapConnections);
    case 'pop3':
      return new Pop3MailReader(account, network);
    case 'graph':
      return new GraphMailReader(account, graph);
    case 'gmail':
      return new GmailMailReader(account, gmail);
  }
}

/** The same switch for who only asks whether a mail is there. */
export function mailFinderFor(account: ReadableAccount, { network, graph, gmail }: Reaches): MailFinder {
  switch (account.protocol) {
    case 'imap':
      return new ImapMailFinder(account, network);
    case 'pop3':
      return new Pop3MailFinder(account, network);
    case 'graph':
      return new GraphMailFinder(account, graph);
    case 'gmail':
      return new GmailMailFinder(account, gmail);
  }
}
