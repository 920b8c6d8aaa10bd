import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { CompletePass, RecordBatch, RecordReread, ResetCursor, StartReceiving } from './inbox.commands.js';
import { inboxDecider } from './inbox.decider.js';
import { type ImportStarted, type MailsReceived, type Standing } from './inbox.events.js';

const { given } = specificationOf(inboxDecider);

const bySystem: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'system', name: 'receiving' },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const userId = 'alice';
const source = 's1 imap mail.example.co.jp:993';
const november = { userId, source, since: '2026-10-31T15:00:00.000Z', day: '2026-11-01' };
const october = { userId, source, since: '2026-09-30T15:00:00.000Z', day: '2026-10-01' };
const afterTwo = { protocol: 'imap', uidValidity: '1', lastUid: 2 };
const afterThree = { protocol: 'imap', uidValidity: '1', lastUid: 3 };

const atStart: Standing = {
  source,
  since: november.since,
  cursor: null,
  phase: 'importing',
  import: {
    day: november.day,
    startedAt: bySystem.at,
    completed: false,
    found: 0,
    imported: 0,
    quarantined: 0,
    known: 0,
    oldestOnServer: null,
  },
};
const started: ImportStarted = { type: 'ImportStarted', data: { userId, reason: 'first', standing: atStart } };
const twoMails = [
  { id: 'a', shared: true },
  { id: 'b', shared: true, quarantined: true as const },
];
const oldestOnServer = '2020-01-01T00:00:00.000Z';
const twoIn: MailsReceived = {
  type: 'MailsReceived',
  data: {
    userId,
    messages: twoMails,
    standing: {
      ...atStart,
      cursor: afterTwo,
      import: { ...atStart.import, found: 3, imported: 1, quarantined: 1, known: 1, oldestOnServer },
    },
  },
};
const completed = {
  type: 'ImportCompleted' as const,
  data: {
    userId,
    standing: {
      ...twoIn.data.standing,
      phase: 'receiving' as const,
      import: { ...twoIn.data.standing.import, completed: true },
    },
  },
};
const batch = (over: Partial<RecordBatch['data']>) =>
  new RecordBatch(
    { userId, messages: twoMails, known: 1, knownQuarantined: 0, cursor: afterTwo, found: 3, oldestOnServer, ...over },
    bySystem,
  );
const complete = new CompletePass({ userId, cursor: null, oldestOnServer }, bySystem);

describe('receiving', () => {
  it('starts with an import', () => given().when(new StartReceiving(november, bySystem)).then(started));
  it('starts once', () => given(started).when(new StartReceiving(november, bySystem)).thenNothing());

  it('starts again for an earlier day', () =>
    given(completed)
      .when(new StartReceiving(october, bySystem))
      .then({
        type: 'ImportStarted',
        data: {
          userId,
          reason: 'earlier_day',
          standing: { ...atStart, since: october.since, import: { ...atStart.import, day: october.day } },
        },
      }));

  it('starts again from another server, whose cursors mean something else', () =>
    given(completed)
      .when(new StartReceiving({ ...november, source: 's2 imap other:993' }, bySystem))
      .then({
        type: 'ImportStarted',
        data: { userId, reason: 'other_source', standing: { ...atStart, source: 's2 imap other:993' } },
      }));

  it('goes on for a later day, when one is chosen before it has ended', () => {
    const tenth = { ...november, since: '2026-11-09T15:00:00.000Z', day: '2026-11-10' };
    const standing = { ...atStart, since: tenth.since, import: { ...atStart.import, day: tenth.day } };
    given(started)
      .when(new StartReceiving(tenth, bySystem))
      .then({ type: 'ReceivingNarrowed', data: { userId, standing } });
  });

  it('remembers a later day, so that going back to the earlier one imports again', () => {
    const narrowed = {
      type: 'ReceivingNarrowed' as const,
      data: { userId, standing: { ...completed.data.standing, since: '2026-11-09T15:00:00.000Z' } },
    };
    const tenth = { ...november, since: '2026-11-09T15:00:00.000Z', day: '2026-11-10' };
    given(completed).when(new StartReceiving(tenth, bySystem)).then(narrowed);
    given(completed, narrowed)
      .when(new StartReceiving(november, bySystem))
      .then({ type: 'ImportStarted', data: { userId, reason: 'earlier_day', standing: atStart } });
  });
});

describe('a batch', () => {
  it('is one event with ids, share decisions and cursor (R41)', () => given(started).when(batch({})).then(twoIn));

  it('of known mails still moves an import on', () =>
    given(started)
      .when(batch({ messages: [] }))
      .then({
        type: 'MailsReceived',
        data: {
          userId,
          messages: [],
          standing: {
            ...atStart,
            cursor: afterTwo,
            import: { ...atStart.import, found: 3, known: 1, oldestOnServer },
          },
        },
      }));

  it('without new mail appends nothing once the import is done', () =>
    given(completed)
      .when(batch({ messages: [], known: 5 }))
      .thenNothing());

  it('counts a mail that was here and cannot be read as what it is', () =>
    given(started)
      .when(batch({ messages: [], known: 2, knownQuarantined: 1 }))
      .then({
        type: 'MailsReceived',
        data: {
          userId,
          messages: [],
          standing: {
            ...atStart,
            cursor: afterTwo,
            import: { ...atStart.import, found: 3, known: 2, quarantined: 1, oldestOnServer },
          },
        },
      }));

  it('keeps the oldest date that an earlier pass of the import has seen (R30)', () =>
    given(started, twoIn)
      .when(batch({ messages: [{ id: 'c', shared: true }], known: 0, cursor: afterThree, oldestOnServer: null }))
      .then({
        type: 'MailsReceived',
        data: {
          userId,
          messages: [{ id: 'c', shared: true }],
          standing: {
            ...twoIn.data.standing,
            cursor: afterThree,
            import: { ...twoIn.data.standing.import, imported: 2 },
          },
        },
      }));

  it('after the import leaves the import as it was', () =>
    given(completed)
      .when(batch({ messages: [{ id: 'c', shared: false }], cursor: afterThree }))
      .then({
        type: 'MailsReceived',
        data: {
          userId,
          messages: [{ id: 'c', shared: false }],
          standing: { ...completed.data.standing, cursor: afterThree },
        },
      }));
});

describe('the end of a pass', () => {
  it('completes the import, and says what was found (R30)', () => given(started, twoIn).when(complete).then(completed));
  it('keeps the oldest date when the last pass did not look (R30)', () =>
    given(started, twoIn)
      .when(new CompletePass({ userId, cursor: null, oldestOnServer: null }, bySystem))
      .then(completed));
  it('completes it once', () => given(completed).when(complete).thenNothing());
  it('completes an import of nothing with the cursor that it ended at', () =>
    given(started)
      .when(new CompletePass({ userId, cursor: afterTwo, oldestOnServer: null }, bySystem))
      .then({
        type: 'ImportCompleted',
        data: {
          userId,
          standing: {
            ...atStart,
            cursor: afterTwo,
            phase: 'receiving',
            import: { ...atStart.import, completed: true },
          },
        },
      }));
});

describe('a cursor that the server no longer knows', () => {
  const reset = new ResetCursor({ userId, reason: 'UIDVALIDITY changed' }, bySystem);
  const wasReset = {
    type: 'CursorReset' as const,
    data: {
      userId,
      reason: 'UIDVALIDITY changed',
      standing: { ...completed.data.standing, cursor: null, phase: 'reconciling' as const },
    },
  };

  it('is reset, and everything is compared anew', () => given(completed).when(reset).then(wasReset));
  it('is reset once', () => given(completed, wasReset).when(reset).thenNothing());
  it('in mid-import counts the import from the start again', () =>
    given(started, twoIn)
      .when(reset)
      .then({
        type: 'CursorReset',
        data: {
          userId,
          reason: 'UIDVALIDITY changed',
          standing: { ...atStart, import: { ...atStart.import, oldestOnServer } },
        },
      }));
  it('is reconciled when the pass ends', () =>
    given(completed, wasReset)
      .when(new CompletePass({ userId, cursor: afterThree, oldestOnServer }, bySystem))
      .then({
        type: 'InboxReconciled',
        data: { userId, standing: { ...completed.data.standing, cursor: afterThree } },
      }));
});

describe('reading once more', () => {
  const reread = { userId, messages: [{ id: 'b' }], cause: 'asked' as const };

  it('is on the record, and moves nothing', () =>
    given(completed)
      .when(new RecordReread(reread, bySystem))
      .then({ type: 'MailsReread', data: { ...reread, standing: completed.data.standing } }));
  it('of nothing is nothing', () =>
    given(completed)
      .when(new RecordReread({ ...reread, messages: [] }, bySystem))
      .thenNothing());
  it('needs a mailbox that has received', () => given().when(new RecordReread(reread, bySystem)).thenNothing());
});
