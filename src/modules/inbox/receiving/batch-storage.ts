import { Injectable } from '@nestjs/common';
import { type FetchedMail, type MailBatch, type UnreadableMail } from '../../../gateways/mail-reader.port.js';
import { type StoredCursor } from '../inbox.events.js';
import { MailParsing, type ParsedForImport } from '../mail-parsing.js';
import { ErasedSources } from '../erasing/erased-sources.js';
import { InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { KnownElsewhere, ORIGINALS } from './known-elsewhere.js';
import { headerIdentityOf, locatedIdOf, messageIdOf, sourceIdentityOf, unreadIdOf } from './message-identity.js';
import { type KeptMail, MessageStore } from './message-store.js';
import { type UnreadMail, UnreadMails } from './unread-mails.js';

/** Whose mail it is, and where it comes from. */
export interface BatchOrigin {
  readonly company: string;
  readonly userId: string;
  /** Server and protocol: locators mean something only there. */
  readonly source: string;
  /** The cursor that the batch lies behind. */
  readonly before: StoredCursor | null;
}

/** A batch that is safe on disk, and of which an event may speak. */
export interface StoredBatch {
  readonly fresh: readonly { readonly id: string; readonly quarantined: boolean }[];
  /** Readable mails that were here already. */
  readonly known: number;
  /** Mails that were here already and could not be read. */
  readonly knownQuarantined: number;
}

/** A mail of a batch: kept if it is new under every identity by which it may be here already. */
interface Candidate {
  readonly id: string;
  readonly identities: readonly string[];
  readonly quarantined: boolean;
  readonly keep: KeptMail | null;
  readonly note: UnreadMail | null;
}

/** Parses the mails of a batch, tells new ones from known ones, and keeps the new ones. */
@Injectable()
export class BatchStorage {
  constructor(
    private readonly parsing: MailParsing,
    private readonly messages: MessageStore,
    private readonly unread: UnreadMails,
    private readonly view: InboxMessagesView,
    private readonly elsewhere: KnownElsewhere,
    private readonly erased: ErasedSources,
  ) {}

  /** The caller has seen to it that the view shows everything of this mailbox that is on the record. */
  async store(origin: BatchOrigin, batch: MailBatch): Promise<StoredBatch> {
    const parsed = await this.parsing.forImport(batch.mails.map(({ source }) => source));
    const world = batch.regeneratedBy ?? ORIGINALS;
    const candidates = [
      ...batch.mails.map((mail, index) =>
        toCandidate({ ...origin, world, locatedIn: batch.locatedIn }, mail, parsed[index]!),
      ),
      ...batch.unreadable.map((mail) => toUnreadCandidate(origin, mail)),
    ];
    await this.elsewhere.recognise(origin, world, candidates.flatMap(({ keep }) => keep ?? [])); // prettier-ignore
    const here = await this.quarantineByIdentity(origin, candidates);
    const fresh = new Map<string, Candidate>();
    const known = { readable: 0, quarantined: 0 };
    for (const candidate of candidates) {
      const quarantined = candidate.identities
        .map((identity) => here.get(identity))
        .find((found) => found !== undefined);
      if (quarantined === undefined && !fresh.has(candidate.id)) fresh.set(candidate.id, candidate);
      else known[(quarantined ?? candidate.quarantined) ? 'quarantined' : 'readable'] += 1;
    }
    const all = [...fresh.values()];
    await this.messages.keep(all.flatMap(({ keep }) => keep ?? []));
    await this.unread.keep(all.flatMap(({ note }) => note ?? []));
    return {
      fresh: all.map(({ id, quarantined }) => ({ id, quarantined })),
      known: known.readable + (batch.alreadyKnown ?? 0),
      knownQuarantined: known.quarantined,
    };
  }

  /** Of the identities that a mail on the record has: whether that mail is in quarantine. */
  private async quarantineByIdentity(
    { company, userId }: BatchOrigin,
    candidates: readonly Candidate[],
  ): Promise<ReadonlyMap<string, boolean>> {
    const identities = candidates.flatMap((candidate) => candidate.identities);
    const kept = await this.messages.idsByIdentity(company, userId, identities);
    const onRecord = await this.view.quarantineOf(company, [...new Set([...identities, ...kept.values()])]);
    // An erased mail stands in no list any more, and is not to come back.
    const erased = await this.erased.erasedAmong([...kept.values()]);
    const found = identities.map((identity) => {
      const id = kept.get(identity) ?? identity;
      return [identity, erased.has(id) ? false : onRecord.get(id)] as const;
    });
    return new Map(found.filter((entry): entry is [string, boolean] => entry[1] !== undefined));
  }
}

function toCandidate(origin: MailOrigin, mail: FetchedMail, parsed: ParsedForImport): Candidate {
  const keep = toKeptMail(origin, mail, parsed);
  const { id, identities, unreadable } = keep;
  return { id, identities, quarantined: unreadable !== null, keep, note: null };
}

/** Whose mail it is, and in which world it was met (known-elsewhere.ts). */
export type MailOrigin = Pick<BatchOrigin, 'company' | 'userId'> & {
  readonly world: string;
  /** See MailBatch.locatedIn. */
  readonly locatedIn?: string | undefined;
};

/** A mail as it is to be kept. */
export function toKeptMail(origin: MailOrigin, mail: FetchedMail, parsed: ParsedForImport): KeptMail {
  const { company, userId, world } = origin;
  const { identity, summary, unreadable } = parsed;
  const identities = identitiesOf(origin, mail, parsed);
  return {
    id: identities[0],
    company,
    userId,
    identities,
    knownIn: [world],
    headerIdentity: headerIdentityOf(company, userId, identity),
    messageIdHeader: identity.messageId,
    receivedAt: mail.receivedAt,
    locator: mail.locator,
    summary: { ...summary, size: mail.source.length },
    unreadable,
    source: mail.source,
  };
}

/** The first one is the mail's id. Bytes that are made anew at every reading identify nothing. */
function identitiesOf(
  { company, userId, world, locatedIn }: MailOrigin,
  mail: FetchedMail,
  { identity }: ParsedForImport,
): [string, ...string[]] {
  if (world !== ORIGINALS) return [locatedIdOf(company, userId, world, mail.locator)];
  const id = messageIdOf(company, userId, identity);
  const byBytes = messageIdOf(company, userId, sourceIdentityOf(mail.source));
  const byPlace = locatedIn === undefined ? [] : [locatedIdOf(company, userId, locatedIn, mail.locator)];
  return id === byBytes ? [id, ...byPlace] : [id, byBytes, ...byPlace];
}

function toUnreadCandidate(
  { company, userId, source, before }: BatchOrigin,
  { locator, receivedAt, reason }: UnreadableMail,
): Candidate {
  const id = unreadIdOf(company, userId, source, locator);
  const note = { id, company, userId, source, locator, receivedAt: receivedAt ?? new Date(), reason, before };
  return { id, identities: [id], quarantined: true, keep: null, note };
}
