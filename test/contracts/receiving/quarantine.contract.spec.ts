import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MessageReparse } from '../../../src/modules/inbox/rereading/message-reparse.js';
import { MessageRereading } from '../../../src/modules/inbox/rereading/message-rereading.js';
import { Rebuilding } from '../../../src/platform/read-models/index.js';
import { RebuildRequests } from '../../../src/platform/read-models/rebuild-requests.js';
import { type Caller } from '../../../src/platform/security/index.js';
import { FakeInbox, mailOf } from './fake-inbox.js';
import { COMPANY, ReceivingService } from './receiving-service.js';

let service: ReceivingService;
let inbox: FakeInbox;
let user: string;
let users = 0;
const forever = new AbortController().signal;

beforeAll(async () => {
  service = await ReceivingService.start();
});
afterAll(async () => service?.close());

beforeEach(() => {
  user = `user${(users += 1)}`;
  inbox = new FakeInbox();
  service.opener.mailboxes.set(user, inbox);
  service.parsing.cannotRead = null;
  service.parsing.subjectOf = (subject) => subject;
  service.parsing.fromOf = (address) => address;
});

const standing = async () => (await service.eventsOf(user)).at(-1)!.data.standing;
const inQuarantine = async () => (await service.received(user)).filter(({ quarantined }) => quarantined);
const reread = (id: string) => {
  const caller = { company: COMPANY, userId: user, roles: [] } as unknown as Caller;
  const actor = { kind: 'user', userId: user, name: user, roles: [] } as const;
  const metadata = { company: COMPANY, actor, at: new Date().toISOString(), correlationId: 'c', causationId: 'c' };
  return service.app.get(MessageRereading, { strict: false }).reread(caller, id, metadata);
};
const reparse = async () => {
  const work = service.app.get(MessageReparse, { strict: false });
  await work.request();
  await work.runIfRequested(forever);
  return work.progress();
};
/** Rebuilds the list of received mail from the record, and answers in what the new one differs. */
const rebuiltDifference = async (): Promise<unknown> => {
  const requests = new RebuildRequests(service.connection);
  await requests.ask('inbox_messages_v2');
  await service.app.get(Rebuilding, { strict: false }).rebuildRequested(forever);
  const request = await requests.find('inbox_messages_v2');
  expect(request).toMatchObject({ state: 'done' });
  return (request as { different?: unknown }).different;
};

describe('a mail that the parser cannot read', () => {
  it('is kept with its source, counted, and stops nothing', async () => {
    service.parsing.cannotRead = 'poison';
    inbox.deliver(mailOf('good'));
    inbox.deliver(mailOf('poison'));
    await service.look(user);
    expect((await standing()).import).toMatchObject({ found: 2, imported: 1, quarantined: 1 });
    expect(await inQuarantine()).toHaveLength(1);
  });

  it('is read by a better parser where it lies, and is the same mail ever after', async () => {
    service.parsing.cannotRead = 'poison';
    inbox.deliver(mailOf('poison'));
    await service.look(user);
    const [before] = await inQuarantine();
    expect(await reread(before!.id)).toEqual({ id: before!.id, reason: 'parser-failed' });

    service.parsing.cannotRead = null;
    expect(await reread(before!.id)).toEqual({ id: before!.id, reason: null });
    expect(await service.received(user)).toMatchObject([{ id: before!.id, subject: 'poison', quarantined: false }]);

    inbox.changeProtocol();
    await service.look(user);
    expect(await service.received(user), 'coming again by another way').toHaveLength(1);
    expect((await standing()).import).toMatchObject({ imported: 0, known: 1, quarantined: 0 });
  });

  it('that comes again stays one mail in quarantine', async () => {
    service.parsing.cannotRead = 'poison';
    inbox.deliver(mailOf('poison'));
    await service.look(user);
    inbox.changeProtocol();
    await service.look(user);
    expect(await inQuarantine()).toHaveLength(1);
    expect((await standing()).import).toMatchObject({ found: 1, imported: 0, known: 0, quarantined: 1 });
  });
});

describe('a mail that the server does not hand over', () => {
  it('is counted, and stops nothing', async () => {
    inbox.deliver(mailOf('good'));
    inbox.deliver(mailOf('locked'), { locked: true });
    inbox.deliver(mailOf('better'));
    await service.look(user);
    expect((await standing()).import).toMatchObject({ found: 3, imported: 2, quarantined: 1 });
    expect(await service.received(user)).toHaveLength(3);
  });

  it('is fetched when somebody asks and it can be had by then', async () => {
    for (let n = 1; n <= 7; n++) inbox.deliver(mailOf(`mail ${n}`), { locked: n === 5 });
    await service.look(user);
    const [placeholder] = await inQuarantine();
    expect(await reread(placeholder!.id)).toEqual({ id: placeholder!.id, reason: 'command_refused' });

    inbox.mails = inbox.mails.map((mail) => ({ ...mail, locked: false }));
    const { id, reason } = await reread(placeholder!.id);
    expect(reason).toBeNull();
    const received = await service.received(user);
    expect(received).toHaveLength(7);
    expect(received.find((mail) => mail.id === id)).toMatchObject({ subject: 'mail 5', quarantined: false });
  });

  it('is not on the server any more where it was deleted meanwhile', async () => {
    inbox.deliver(mailOf('locked'), { locked: true });
    await service.look(user);
    inbox.mails = [];
    const [placeholder] = await inQuarantine();
    await expect(reread(placeholder!.id)).rejects.toMatchObject({ code: 'mail_not_on_server' });
  });

  it('is found anew after a reset: once if it is still locked, as a mail if it is not', async () => {
    inbox.deliver(mailOf('one'), { locked: true });
    inbox.deliver(mailOf('two'), { locked: true });
    await service.look(user);
    inbox.resetUidValidity();
    inbox.mails = inbox.mails.map((mail, index) => ({ ...mail, locked: index === 0 }));
    await service.resetCursor(user, 'uid_validity_changed');
    await service.look(user);
    const received = await service.received(user);
    expect(received.map(({ subject, quarantined }) => [subject, quarantined]).sort()).toEqual([
      ['', true],
      ['two', false],
    ]);
  });
});

describe('reading everything anew', () => {
  it('changes what lists show, and a rebuild gives the same', async () => {
    service.parsing.cannotRead = 'poison';
    inbox.deliver(mailOf('plain'));
    inbox.deliver(mailOf('poison'));
    await service.look(user);
    service.parsing.cannotRead = null;
    service.parsing.subjectOf = (subject) => `${subject} (read well)`;
    const { changed, done, total } = await reparse();
    expect([changed >= 2, done === total]).toEqual([true, true]);
    const shown = (await service.received(user)).map(({ subject, quarantined }) => [subject, quarantined]).sort();
    expect(shown).toEqual([
      ['plain (read well)', false],
      ['poison (read well)', false],
    ]);
    expect((await service.eventsOf(user)).at(-1)).toMatchObject({
      type: 'MailsReread',
      data: { cause: 'parser_changed' },
    });
    expect(await rebuiltDifference()).toEqual([]);
  });

  it('changes nothing where nothing is read differently', async () => {
    inbox.deliver(mailOf('plain'));
    await service.look(user);
    await reparse();
    const before = await service.eventsOf(user);
    expect((await reparse()).changed).toBe(0);
    expect(await service.eventsOf(user)).toEqual(before);
  });

  it('knows its mails again even if the parser now calls them something else', async () => {
    inbox.deliver(mailOf('plain'));
    await service.look(user);
    service.parsing.fromOf = (address) => (address === null ? null : `better-${address}`);
    inbox.changeProtocol();
    await service.look(user);
    expect(await service.received(user), 'by its bytes').toHaveLength(1);
    await reparse();
    inbox.changeProtocol();
    await service.look(user);
    expect(await service.received(user)).toHaveLength(1);
  });

  it('goes on where it was cut off', async () => {
    for (let n = 0; n < 45; n++) inbox.deliver(mailOf(`mail ${n}`));
    await service.look(user);
    await reparse();
    service.parsing.subjectOf = (subject) => `${subject}!`;
    const work = service.app.get(MessageReparse, { strict: false });
    await work.request();
    const cut = new AbortController();
    const parse = service.parsing.forImport.bind(service.parsing);
    service.parsing.forImport = (sources) => {
      cut.abort();
      return parse(sources);
    };
    await work.runIfRequested(cut.signal);
    service.parsing.forImport = parse;
    const half = await work.progress();
    expect(half).toMatchObject({ state: 'running', done: 20 });
    await work.runIfRequested(forever);
    const whole = await work.progress();
    expect([whole.state, whole.done]).toEqual(['done', whole.total]);
    expect((await service.received(user)).every(({ subject }) => subject.endsWith('!'))).toBe(true);
    expect(await rebuiltDifference()).toEqual([]);
  });
});
