import { Injectable } from '@nestjs/common';
import { InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { locatedIdOf } from './message-identity.js';
import { type KeptMail, MessageStore, type Stranger } from './message-store.js';
import { NamelessMails } from './nameless-mails.js';

/**
 * Where bytes are what was sent, whatever brought them (IMAP, POP3, Gmail): content tells mails apart there. Every
 * mailbox that writes its mails anew is a world of its own, in which the place does.
 */
export const ORIGINALS = 'original';

interface Owner {
  readonly company: string;
  readonly userId: string;
}

/**
 * Recognises mails that came from another world before, so that a mailbox which comes back by another protocol imports
 * nothing twice. Headers have to do: Message-ID, Date and From. But two different mails may have equal ones (a mailing
 * list's copy beside the direct one), so a mail is the partner of at most one of each other world: what is left over when
 * all are paired is another mail, and is kept. Mails without a Message-ID have to say the same besides (nameless-mails).
 */
@Injectable()
export class KnownElsewhere {
  constructor(
    private readonly messages: MessageStore,
    private readonly view: InboxMessagesView,
    private readonly nameless: NamelessMails,
  ) {}

  /** Notes at kept mails which of these, met in `world`, they are. */
  async recognise({ company, userId }: Owner, world: string, mails: readonly KeptMail[]): Promise<void> {
    const comparable = mails.filter(({ unreadable }) => unreadable === null);
    if (comparable.length === 0) return;
    const identities = comparable.flatMap((mail) => mail.identities);
    const here = await this.messages.idsByIdentity(company, userId, identities);
    const unknown = comparable.filter((mail) => !mail.identities.some((identity) => here.has(identity)));
    const headerIdentities = [...new Set(unknown.map(({ headerIdentity }) => headerIdentity))];
    const strangers = await this.messages.strangersTo(world, { company, userId, headerIdentities });
    if (strangers.length === 0) return;
    const onRecord = await this.view.quarantineOf(company, strangers.map(({ id }) => id)); // prettier-ignore
    const partners = strangers.filter(({ id }) => onRecord.has(id));
    const [named, nameless] = [unknown.filter(hasName), unknown.filter((mail) => !hasName(mail))];
    for (const [mail, stranger] of [
      ...pairs(named, partners),
      ...(await this.nameless.pairs(company, nameless, partners)),
    ]) {
      await this.messages.meet(company, stranger.id, world, mail.identities);
    }
  }

  /** Of these places in a world, those of mails that are on the record: they need not be fetched again. */
  async knownLocators({ company, userId }: Owner, world: string, locators: readonly string[]): Promise<Set<string>> {
    const ids = new Map(locators.map((locator) => [locator, locatedIdOf(company, userId, world, locator)]));
    const kept = await this.messages.idsByIdentity(company, userId, [...ids.values()]);
    const onRecord = await this.view.quarantineOf(company, [...new Set(kept.values())]);
    return new Set(locators.filter((locator) => onRecord.has(kept.get(ids.get(locator) ?? '') ?? '')));
  }
}

const hasName = ({ messageIdHeader }: KeptMail): boolean => messageIdHeader !== null;

/** The most alike first, each mail at most once (greedy; with equal headers there are two or three of them). */
export function pairs(mails: readonly KeptMail[], strangers: readonly Stranger[]): (readonly [KeptMail, Stranger])[] {
  const possible = mails
    .flatMap((mail) => strangers.map((stranger) => ({ mail, stranger })))
    .filter(({ mail, stranger }) => mail.headerIdentity === stranger.headerIdentity)
    .map(({ mail, stranger }) => ({ mail, stranger, unlikeness: unlikeness(mail, stranger) }))
    .sort((a, b) => a.unlikeness - b.unlikeness);
  const [taken, result] = [new Set<KeptMail | Stranger>(), [] as (readonly [KeptMail, Stranger])[]];
  for (const { mail, stranger } of possible) {
    if (taken.has(mail) || taken.has(stranger)) continue;
    taken.add(mail).add(stranger);
    result.push([mail, stranger]);
  }
  return result;
}

const DAY_MS = 86_400_000;

/** Equal texts outweigh any difference in time; between equals the nearer one. */
function unlikeness(mail: KeptMail, { summary, receivedAt }: Stranger): number {
  const differing = [
    mail.summary.subject !== summary.subject,
    mail.summary.preview !== summary.preview,
    mail.summary.hasAttachments !== summary.hasAttachments,
  ].filter(Boolean).length;
  const apart = Math.abs(mail.receivedAt.getTime() - receivedAt.getTime());
  return differing + Math.min(apart, DAY_MS) / (2 * DAY_MS);
}
