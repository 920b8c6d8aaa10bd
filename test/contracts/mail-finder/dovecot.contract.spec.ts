import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe } from 'vitest';
import { ImapMailFinder } from '../../../src/gateways/imap/imap-mail-finder.js';
import type { MailAccount } from '../../../src/gateways/mail-account.js';
import { Pop3MailFinder } from '../../../src/gateways/pop3/pop3-mail-finder.js';
import { describeMailFinder, type SearchedMailbox } from './mail-finder.suite.js';

const users = Array.from({ length: 20 }, (_, n) => ({ name: `user${n}@example.co.jp`, password: 'secret' }));
const FOLDERS = { inbox: undefined, junk: 'Junk', trash: 'Trash', other: 'Work/Old', sent: 'Sent' } as const;

describe.skipIf(findDovecot() === null)('with Dovecot (skipped where it is not installed)', () => {
  let dovecot: LocalDovecot;
  let used = 0;
  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users });
  });
  afterAll(async () => dovecot?.stop());

  const mailboxBy = (protocol: 'imap' | 'pop3') => (): SearchedMailbox => {
    const { name, password } = users[used++]!;
    const account: MailAccount = {
      protocol,
      security: 'none',
      host: dovecot.host,
      port: dovecot.ports[protocol],
      accountName: name,
      password,
    };
    const network = { allowedPrivate: [dovecot.host] };
    const finderFor = (of: MailAccount) =>
      protocol === 'imap' ? new ImapMailFinder(of, network) : new Pop3MailFinder(of, network);
    return {
      deliver: ({ source, receivedAt, place }) => {
        const folder = FOLDERS[place];
        dovecot.deliver(name, source, { internalDate: receivedAt, ...(folder && { folder }) });
      },
      finder: finderFor(account),
      refused: finderFor({ ...account, password: 'wrong' }),
      snapshot: () => dovecot.snapshot(name).map(({ recent: _seenByNobody, ...entry }) => entry),
    };
  };

  describeMailFinder({ title: 'MailFinder by imap', hasFolders: true, mailbox: mailboxBy('imap') });
  describeMailFinder({ title: 'MailFinder by pop3', hasFolders: false, mailbox: mailboxBy('pop3') });
});
