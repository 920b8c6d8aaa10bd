import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIL_ERASURE } from '../../../src/modules/inbox/index.js';
import { MailErasure } from '../../../src/modules/inbox/erasing/mail-erasure.js';
import { type MessagePlace, type MessageQuery } from '../../../src/modules/inbox/read-model/inbox-messages.filter.js';
import { type InboxMessage } from '../../../src/modules/inbox/read-model/inbox-messages.view.js';
import { MailboxQueue } from '../../../src/modules/inbox/receiving/mailbox-queue.js';
import { MessageSearch, type SearchPatience } from '../../../src/modules/inbox/search/message-search.js';
import { SearchBlocks } from '../../../src/modules/inbox/search/search-blocks.js';
import { SearchSealing } from '../../../src/modules/inbox/search/search-sealing.js';
import { ShareMessages } from '../../../src/modules/inbox/sharing/message-sharing.commands.js';
import { ShareMessagesHandler } from '../../../src/modules/inbox/sharing/message-sharing.handlers.js';
import { Projectors } from '../../../src/platform/read-models/index.js';
import { eventually } from '../../support/eventually.js';
import { FakeInbox, mailOf, SINCE } from './fake-inbox.js';
import { COMPANY, ReceivingService } from './receiving-service.js';

/** Every third mail is about it, and mails come in threes at the same instant. */
const COUNT = 30;
const isAboutIt = (n: number): boolean => n % 3 === 1;
const wanted = Array.from({ length: COUNT }, (_, n) => n).filter(isAboutIt).map((n) => `mail ${n} 面談`).sort(); // prettier-ignore

let service: ReceivingService;

beforeAll(async () => {
  service = await ReceivingService.start();
  await receive('taro', COUNT, (n) => (isAboutIt(n) ? `mail ${n} 面談` : `mail ${n}`));
  await receive('hanako', 4, (n) => `hers ${n} 面談`);
});
afterAll(async () => service?.close());

async function receive(userId: string, count: number, subject: (n: number) => string): Promise<void> {
  const inbox = new FakeInbox();
  inbox.batchSize = 3;
  for (let n = 0; n < count; n++) {
    inbox.deliver(mailOf(subject(n)), { receivedAt: new Date(SINCE.getTime() + Math.floor(n / 3) * 60_000) });
  }
  service.opener.mailboxes.set(userId, inbox);
  service.opener.decideSharing = () => userId === 'taro';
  await service.app.get(MailboxQueue, { strict: false }).activate(COMPANY, userId);
  await service.look(userId);
  await service.received(userId);
}

const part = <Part>(type: new (...args: never[]) => Part): Part => service.app.get(type, { strict: false });
const sealed = async (): Promise<number> => (await part(SearchBlocks).of(COMPANY)).length;
const seal = async (size: number): Promise<void> => part(SearchSealing).sealDue(new AbortController().signal, size);

const page = (over: Partial<MessageQuery>, patience: SearchPatience = { most: 1_000, milliseconds: 60_000 }) =>
  part(MessageSearch).page(
    { company: COMPANY, reader: 'taro', scope: 'mine', limit: 50, after: null, ...over },
    patience,
  );

async function subjects(over: Partial<MessageQuery>, patience?: SearchPatience): Promise<string[]> {
  const found: string[] = [];
  for (let after: MessagePlace | null = null; ;) {
    const answer = await page({ ...over, after }, patience);
    found.push(...answer.found.map(({ subject }) => subject));
    if (answer.stoppedAt === null) return found;
    after = answer.stoppedAt;
  }
}

function everythingIsFound(): void {
  it('finds everything once, newest first, for whoever may see it', async () => {
    const { found } = await page({ text: '面談' });
    const times = found.map(({ receivedAt }) => receivedAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(found.map(({ subject }) => subject).sort()).toEqual(wanted);
    expect((await subjects({ text: '面談', reader: 'hanako' })).sort()).toEqual([0, 1, 2, 3].map((n) => `hers ${n} 面談`)); // prettier-ignore
    expect((await subjects({ text: '面談', reader: 'jiro', scope: 'shared' })).sort()).toEqual(wanted);
    expect(await subjects({ text: '面談', reader: 'jiro' })).toEqual([]);
    expect(await subjects({ text: '面談', company: 'other' })).toEqual([]);
  });

  it.each([1, 2, 3, 4, 7])('finds everything once where it is ended every %d candidates', async (most) => {
    expect((await subjects({ text: '面談' }, { most, milliseconds: -1 })).sort()).toEqual(wanted);
  });

  it('finds everything once page by page', async () => {
    const found: string[] = [];
    for (let after: MessagePlace | null = null; ;) {
      const [first, second, third]: readonly InboxMessage[] = (await page({ text: '面談', limit: 3, after })).found;
      found.push(...[first, second].flatMap((mail) => mail?.subject ?? []));
      if (!third || !second) break;
      after = { id: second.id, receivedAt: second.receivedAt.toISOString() };
    }
    expect(found.sort()).toEqual(wanted);
  });

  it.each([
    ['one letter', { text: '談' }, wanted.length],
    ['letters in other forms', { text: 'ＭＡＩＬ 面談' }, wanted.length],
    ['a name', { from: 'sender' }, COUNT],
    ['an address', { from: 'Sender@CUSTOMER.example' }, COUNT],
    ['a recipient of that name, who sent nothing', { from: '面談' }, 0],
    ['letters that stand side by side nowhere', { text: '談面' }, 0],
    ['what nobody wrote', { text: '量子' }, 0],
    ['both at once', { text: '面談', from: 'Sender' }, wanted.length],
    ['until an instant', { text: '面談', until: new Date(SINCE.getTime() + 60_000) }, 1],
    ['since an instant', { text: '面談', since: new Date(SINCE.getTime() + 9 * 60_000) }, 1],
    ['a pattern taken by the letter', { text: '.*' }, 0],
  ] as const)('finds by %s', async (_what, query, count) => {
    expect(await subjects(query)).toHaveLength(count);
  });
}

describe('a search without an index', () => {
  everythingIsFound();
  it('for nothing in particular is the list itself', async () => expect((await page({})).found).toHaveLength(COUNT));
});

describe('a search of which part is in the index', () => {
  beforeAll(async () => {
    await seal(20);
    expect(await sealed()).toBe(1);
  });
  everythingIsFound();
});

describe('a search of which all is in the index', () => {
  beforeAll(async () => {
    await seal(1);
    expect(await sealed()).toBeGreaterThan(4);
  });
  everythingIsFound();

  it('follows what its owner decides about a mail', async () => {
    const [newest] = (await page({ text: '面談' })).found;
    const metadata = {
      company: COMPANY,
      actor: { kind: 'user', userId: 'taro', name: 'taro', roles: [] },
      at: '2026-11-22T00:00:00.000Z',
      correlationId: 'c',
      causationId: 'c',
    } as const;
    const decide = async (shared: boolean): Promise<number> => {
      const command = new ShareMessages({ userId: 'taro', messageIds: [newest!.id], shared }, metadata);
      await part(ShareMessagesHandler).execute(command);
      return (await subjects({ text: '面談', reader: 'jiro', scope: 'shared' })).length;
    };
    expect(await decide(false)).toBe(wanted.length - 1);
    expect(await subjects({ text: '面談' })).toHaveLength(wanted.length);
    expect(await decide(true)).toBe(wanted.length);
  });
});

describe('mail that is erased', () => {
  it('is gone from the index, and nobody else’s is', async () => {
    const at = new Date().toISOString();
    const metadata = { company: COMPANY, actor: { kind: 'system', name: 'test' }, at, correlationId: 'c', causationId: 'c' } as const; // prettier-ignore
    await part(MailErasure).erasePerson(COMPANY, 'hanako', metadata);
    const projectors = part(Projectors);
    const last = await eventually(
      async () => projectors.status().get('search_block_voiding')?.position,
      (position) => position !== null && position !== undefined,
    );
    await projectors.whenVisible(MAIL_ERASURE, last!);
    await seal(1_000);
    const blocks = await part(SearchBlocks).of(COMPANY);
    expect(blocks.flatMap(({ owners }) => owners)).not.toContain('hanako');
    expect(blocks.filter(({ staleSince }) => staleSince !== '')).toEqual([]);
    const ids = await Promise.all(blocks.map(async (block) => (await part(SearchBlocks).mailsOf(block))?.ids));
    expect(new Set(ids.flat().filter((id) => id !== '')).size).toBe(COUNT);
    expect((await subjects({ text: '面談' })).sort()).toEqual(wanted);
  });
});
