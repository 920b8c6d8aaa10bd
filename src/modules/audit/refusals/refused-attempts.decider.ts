import { type CommandMetadata, type Decider, type DomainCommand } from '@libs/eventsourcing';
import { type AccessRefused, type RefusedAttemptsEvent } from './refused-attempts.events.js';

export class RecordRefusal implements DomainCommand<'RecordRefusal', AccessRefused['data']> {
  readonly type = 'RecordRefusal';
  constructor(
    readonly data: AccessRefused['data'],
    readonly metadata: CommandMetadata,
  ) {}
}

export const refusedAttemptsDecider: Decider<null, RecordRefusal, RefusedAttemptsEvent> = {
  initialState: null,
  evolve: (state) => state,
  decide: ({ data }) => [{ type: 'AccessRefused', data }],
};
