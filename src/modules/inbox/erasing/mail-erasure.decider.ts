import { type CommandMetadata, type Decider, type DomainCommand } from '@libs/eventsourcing';
import { type MailErasureEvent, type MailsErased } from './mail-erasure.events.js';

export class EraseMails implements DomainCommand<'EraseMails', MailsErased['data']> {
  readonly type = 'EraseMails';
  constructor(
    readonly data: MailsErased['data'],
    readonly metadata: CommandMetadata,
  ) {}
}

/** Which mails there still are to erase is for the keeper of the sources to know. */
export const mailErasureDecider: Decider<null, EraseMails, MailErasureEvent> = {
  initialState: null,
  evolve: (state) => state,
  decide: ({ data }) => (data.messageIds.length === 0 ? [] : [{ type: 'MailsErased', data }]),
};
