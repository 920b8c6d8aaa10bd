import { headerFacts, isWanted } from '../found-mail.js';
import type { MailAccount, MailNetwork } from '../mail-account.js';
import type { Findings, FoundMail, MailFinder, WantedMail } from '../mail-finder.port.js';
import { defaultReaderLimits, type ReaderLimits } from '../reader-limits.js';
import { receivedDate } from '../received-date.js';
import { Pop3Maildrop } from './pop3-maildrop.js';

/** Mails of which the header is asked for, the newest. */
const MOST_MAILS = 500;
const HEADER_BYTES = 1024 * 1024;

/** Looks for a mail by its header (RFC 1939, 7: TOP n 0), which is all that POP3 has; it knows no folder but the INBOX. */
export class Pop3MailFinder implements MailFinder {
  constructor(
    private readonly account: MailAccount,
    private readonly network: MailNetwork,
    private readonly limits: ReaderLimits = defaultReaderLimits,
  ) {}

  async find(wanted: WantedMail, signal: AbortSignal): Promise<Findings> {
    const { account, network, limits } = this;
    const maildrop = new Pop3Maildrop({ account, network, limits, signal });
    try {
      const entries = await maildrop.entries();
      const looked = entries.slice(-MOST_MAILS);
      const found: FoundMail[] = [];
      let refused = 0;
      await maildrop.texts(
        looked,
        (session, number) => session.requestTop(number, 0),
        HEADER_BYTES,
        (_, header) => {
          if (!(header instanceof Buffer)) refused++;
          else found.push({ place: 'inbox', folder: null, receivedAt: receivedDate(header), ...headerFacts(header) });
        },
      );
      const complete = looked.length === entries.length && refused === 0;
      return { found: found.filter((mail) => isWanted(wanted, mail)), complete, otherFolders: false };
    } finally {
      await maildrop.disconnect();
    }
  }
}
