import { type Decider } from '@libs/eventsourcing';
import { type DecideRetention } from './retention.commands.js';
import { type RetentionEvent } from './retention.events.js';

/** How many days received mail is kept; null: for ever, which is so until somebody decides otherwise. */
export type RetentionState = number | null;

export const retentionDecider: Decider<RetentionState, DecideRetention, RetentionEvent> = {
  initialState: null,
  evolve: (_state, { data }) => data.mailDays,
  decide: ({ data }, mailDays) => (data.mailDays === mailDays ? [] : [{ type: 'RetentionDecided', data }]),
};
