import { Injectable, Logger } from '@nestjs/common';
import { GatewayError } from '../../../gateways/gateway.errors.js';
import { type Findings, type FoundMail, type MailPlace, type WantedMail } from '../../../gateways/mail-finder.port.js';
import { type MailboxProblemCode } from '../../user-mail-setting/index.js';
import { consequenceOf } from '../receiving/failure.policy.js';
import { MailboxOpener } from '../receiving/open-mailbox.js';
import { wordsOf } from '../read-model/inbox-messages.filter.js';
import { searchTextOf } from '../search/search-text.js';

/** How long somebody waits for the answer. */
const PATIENCE_MS = 15_000;
/** Where a mail is most to the point, if it is at several places. */
const TELLING: readonly MailPlace[] = ['inbox', 'junk', 'other', 'trash'];

export type ServerAnswer =
  | (Pick<Findings, 'complete' | 'otherFolders'> & { readonly kind: 'asked'; readonly mail: FoundMail | null })
  /** null: the mailbox cannot be opened, for a reason that the setting shows. */
  | { readonly kind: 'not_asked'; readonly problem: MailboxProblemCode | null };

/** Asks the mail server of a mailbox for one mail, the way the mailbox is read: nothing there changes. */
@Injectable()
export class ServerSearch {
  private readonly logger = new Logger(ServerSearch.name);

  constructor(private readonly opener: MailboxOpener) {}

  async find(company: string, userId: string, wanted: WantedMail): Promise<ServerAnswer> {
    const opening = await this.opener.open(company, userId);
    if (opening.kind !== 'open') return { kind: 'not_asked', problem: null };
    try {
      const { found, ...scope } = await opening.mailbox.finder.find(wanted, AbortSignal.timeout(PATIENCE_MS));
      return { kind: 'asked', ...scope, mail: mostTelling(wanted, found) };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      // Only tells: what is done about a mailbox that cannot be read is for the looks into it to decide.
      this.logger.warn(
        { company, userId, failure: error.failure.kind },
        'A mail server could not be asked for a mail.',
      );
      return { kind: 'not_asked', problem: consequenceOf(error.failure, 0).problem };
    }
  }
}

function mostTelling(wanted: WantedMail, found: readonly FoundMail[]): FoundMail | null {
  const mails = 'messageId' in wanted ? found : found.filter(isFrom(wanted.from));
  return [...mails].sort((one, other) => TELLING.indexOf(one.place) - TELLING.indexOf(other.place))[0] ?? null;
}

/** Compared as `from=` of the list is. */
function isFrom(sender: string): (mail: FoundMail) => boolean {
  const words = wordsOf(sender);
  return ({ from }) => {
    const text = from === null ? '' : searchTextOf(`${from.name} ${from.address}`);
    return words.every((word) => text.includes(word));
  };
}
