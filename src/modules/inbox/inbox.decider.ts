import { type Decider } from '@libs/eventsourcing';
import {
  type CompletePass,
  type InboxCommand,
  type RecordBatch,
  type RecordReread,
  type ResetCursor,
  type StartReceiving,
} from './inbox.commands.js';
import { type ImportStanding, type InboxEvent, type Standing } from './inbox.events.js';

/** null: receiving never began. */
export type InboxState = Standing | null;

function startReceiving({ data, metadata }: StartReceiving, state: InboxState): readonly InboxEvent[] {
  const { userId, source, since, day } = data;
  if (state !== null && state.source === source && since >= state.since) {
    if (since === state.since) return [];
    // An import that has ended stays what it was; one that still runs is now for the later day.
    const progress = state.import.completed ? state.import : { ...state.import, day };
    return [{ type: 'ReceivingNarrowed', data: { userId, standing: { ...state, since, import: progress } } }];
  }
  const reason = state === null ? 'first' : state.source === source ? 'earlier_day' : 'other_source';
  const standing: Standing = {
    source,
    since,
    cursor: null,
    phase: 'importing',
    import: { ...NOTHING_IMPORTED, day, startedAt: metadata.at },
  };
  return [{ type: 'ImportStarted', data: { userId, reason, standing } }];
}

function recordBatch({ data }: RecordBatch, state: InboxState): readonly InboxEvent[] {
  const { userId, messages, known, knownQuarantined, cursor } = data;
  if (state === null) return [];
  const nothingNew = messages.length === 0 && (known + knownQuarantined === 0 || state.phase === 'receiving');
  if (nothingNew) return [];
  const progress = state.phase === 'importing' ? advance(state.import, data) : state.import;
  const standing: Standing = { ...state, cursor, import: progress };
  return [{ type: 'MailsReceived', data: { userId, messages, standing } }];
}

function advance(progress: ImportStanding, data: RecordBatch['data']): ImportStanding {
  const { messages, known, knownQuarantined, found, oldestOnServer } = data;
  const quarantined = messages.filter((message) => message.quarantined).length;
  return {
    ...progress,
    found,
    oldestOnServer: oldestOnServer ?? progress.oldestOnServer,
    imported: progress.imported + messages.length - quarantined,
    quarantined: progress.quarantined + quarantined + knownQuarantined,
    known: progress.known + known,
  };
}

function completePass({ data }: CompletePass, state: InboxState): readonly InboxEvent[] {
  if (state === null || state.phase === 'receiving') return [];
  const { userId } = data;
  const standing: Standing = { ...state, cursor: data.cursor ?? state.cursor, phase: 'receiving' };
  if (state.phase === 'reconciling') return [{ type: 'InboxReconciled', data: { userId, standing } }];
  const { imported, quarantined, known } = state.import;
  const found = imported + quarantined + known;
  const oldestOnServer = data.oldestOnServer ?? state.import.oldestOnServer;
  const completed = { ...state.import, completed: true, found, oldestOnServer };
  return [{ type: 'ImportCompleted', data: { userId, standing: { ...standing, import: completed } } }];
}

function resetCursor({ data }: ResetCursor, state: InboxState): readonly InboxEvent[] {
  if (state === null || state.cursor === null) return [];
  const phase = state.phase === 'importing' ? 'importing' : 'reconciling';
  const restarted = { ...state.import, imported: 0, quarantined: 0, known: 0, found: 0 };
  const standing: Standing = {
    ...state,
    cursor: null,
    phase,
    import: phase === 'importing' ? restarted : state.import,
  };
  return [{ type: 'CursorReset', data: { userId: data.userId, reason: data.reason, standing } }];
}

function recordReread({ data }: RecordReread, state: InboxState): readonly InboxEvent[] {
  const { userId, messages, cause } = data;
  if (state === null || messages.length === 0) return [];
  return [{ type: 'MailsReread', data: { userId, messages, cause, standing: state } }];
}

const NOTHING_IMPORTED = {
  completed: false,
  found: 0,
  imported: 0,
  quarantined: 0,
  known: 0,
  oldestOnServer: null,
} as const;

export const inboxDecider: Decider<InboxState, InboxCommand, InboxEvent> = {
  initialState: null,
  evolve: (_state, event) => event.data.standing,
  decide(command, state) {
    switch (command.type) {
      case 'StartReceiving':
        return startReceiving(command, state);
      case 'RecordBatch':
        return recordBatch(command, state);
      case 'CompletePass':
        return completePass(command, state);
      case 'ResetCursor':
        return resetCursor(command, state);
      case 'RecordReread':
        return recordReread(command, state);
    }
  },
};
