import 'reflect-metadata';
import { startEmbeddedEventStore } from '@libs/embedded-eventstore';
import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getConnectionToken } from '@nestjs/mongoose';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection } from 'mongoose';
import { AppModule } from '../../../src/app.module.js';
import { type InboxEvent, inboxStream } from '../../../src/modules/inbox/inbox.events.js';
import { MailParsing } from '../../../src/modules/inbox/mail-parsing.js';
import { type InboxMessage, InboxMessagesView } from '../../../src/modules/inbox/read-model/inbox-messages.view.js';
import { MailboxOpener, type OpenMailbox } from '../../../src/modules/inbox/receiving/open-mailbox.js';
import {
  type CursorHint,
  type Look,
  type PassOptions,
  ReceiveMailbox,
} from '../../../src/modules/inbox/receiving/receive-mailbox.js';
import { loadConfig } from '../../../src/platform/config/index.js';
import { EventStore } from '../../../src/platform/event-store/index.js';
import { Projectors } from '../../../src/platform/read-models/index.js';
import { Scheduler } from '../../../src/platform/scheduling/index.js';
import { eventually } from '../../support/eventually.js';
import { DocumentStore } from '../platform-stores/document-store.js';
import { type FakeInbox } from './fake-inbox.js';
import { FakeParsing } from './fake-parsing.js';

export const COMPANY = 'porters';

/** Ends a pass as a crash would: at this very place, with whatever was stored until then. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Stands in for the settings: one mailbox a user, with what a test decides about it. */
export class FakeOpener {
  readonly mailboxes = new Map<string, FakeInbox>();
  /** Asked once a batch, between storing it and putting it on the record. */
  decideSharing: (userId: string) => boolean | null = () => true;

  open(company: string, userId: string): Promise<{ kind: 'open'; mailbox: OpenMailbox } | { kind: 'not_in_use' }> {
    const inbox = this.mailboxes.get(userId);
    return Promise.resolve(inbox ? { kind: 'open', mailbox: openMailbox(company, userId, inbox) } : NOT_IN_USE);
  }

  shareDecision({ userId }: OpenMailbox): Promise<boolean | null> {
    return Promise.resolve(this.decideSharing(userId));
  }
}
const NOT_IN_USE = { kind: 'not_in_use' } as const;

function openMailbox(company: string, userId: string, inbox: FakeInbox): OpenMailbox {
  return {
    company,
    userId,
    credentialRef: 'c1',
    source: inbox.source,
    endpoint: 'mail.example:993',
    receiveFrom: inbox.since.toISOString(),
    day: '2026-11-01',
    reader: inbox,
    finder: { find: async () => ({ found: [], complete: true, otherFolders: true }) },
  };
}

/**
 * The service put together as it is, over embedded stores, without its schedule, its settings and its parser threads:
 * what is left is what receives, keeps, records and shows.
 */
export class ReceivingService {
  private constructor(
    readonly app: INestApplicationContext,
    readonly opener: FakeOpener,
    readonly parsing: FakeParsing,
    private readonly closeStores: () => Promise<void>,
  ) {}

  static async start(): Promise<ReceivingService> {
    const directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-receiving-'));
    const documents = await DocumentStore.open();
    const events = await startEmbeddedEventStore({ directory: join(directory), log: () => undefined });
    const config = loadConfig({ SANDBOX: 'true', DATA_DIR: directory, LOG_LEVEL: 'silent', PORT: '0' });
    const opener = new FakeOpener();
    const parsing = new FakeParsing();
    const module = await Test.createTestingModule({
      imports: [AppModule.of(config, { eventStoreUrl: events.url, mongoUrl: documents.url })],
    })
      .overrideProvider(MailboxOpener)
      .useValue(opener)
      .overrideProvider(MailParsing)
      .useValue(parsing)
      .overrideProvider(Scheduler)
      .useValue({ every: () => undefined })
      .compile();
    const app = module.createNestApplication({ logger: false });
    await app.init();
    const service = new ReceivingService(app, opener, parsing, async () => {
      await events.close();
      await documents.close();
      await rm(directory, { recursive: true, force: true });
    });
    await service.isLive();
    return service;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.closeStores();
  }

  get connection(): Connection {
    return this.app.get<Connection>(getConnectionToken(), { strict: false });
  }

  /** One look at the user's mailbox, with nothing in its way but what `options` say. */
  async look(
    userId: string,
    options: Partial<PassOptions> & { readonly hint?: CursorHint | null } = {},
  ): Promise<Look> {
    const inbox = this.opener.mailboxes.get(userId);
    if (!inbox) throw new Error(`${userId} has no mailbox.`);
    return this.app.get(ReceiveMailbox, { strict: false }).look(openMailbox(COMPANY, userId, inbox), {
      hint: null,
      signal: new AbortController().signal,
      stillOurs: async () => undefined,
      onBatch: async () => undefined,
      yields: () => false,
      ...options,
    });
  }

  async resetCursor(userId: string, reason: string): Promise<void> {
    const inbox = this.opener.mailboxes.get(userId)!;
    await this.app.get(ReceiveMailbox, { strict: false }).resetCursor(openMailbox(COMPANY, userId, inbox), reason);
  }

  async eventsOf(userId: string) {
    const { events } = await this.app.get(EventStore, { strict: false }).read<InboxEvent>(inboxStream(COMPANY, userId));
    return events;
  }

  /** What the user sees, once the read model shows everything that is on the record. */
  async received(userId: string): Promise<InboxMessage[]> {
    const last = (await this.eventsOf(userId)).at(-1);
    if (last) await this.app.get(Projectors, { strict: false }).whenVisible('inbox', last.position);
    const view = this.app.get(InboxMessagesView, { strict: false });
    return view.list({ company: COMPANY, reader: userId, scope: 'mine', limit: 1_000, after: null });
  }

  /** The ids that events put on the record as received, each as often as it was. */
  async recordedIds(userId: string): Promise<string[]> {
    const events = await this.eventsOf(userId);
    return events.flatMap((event) => (event.type === 'MailsReceived' ? event.data.messages.map(({ id }) => id) : []));
  }

  private async isLive(): Promise<void> {
    const projectors = this.app.get(Projectors, { strict: false });
    await eventually(
      async () => [...projectors.status().values()],
      (loops) => loops.every(({ status }) => status === 'live'),
    );
  }
}
