import { type Decider } from '@libs/eventsourcing';
import { type SetSharing } from './message-sharing.commands.js';
import { type MessageSharingEvent } from './message-sharing.events.js';

export type MessageSharingState =
  { readonly status: 'as_received' } | { readonly status: 'decided'; readonly shared: boolean };

export const messageSharingDecider: Decider<MessageSharingState, SetSharing, MessageSharingEvent> = {
  initialState: { status: 'as_received' },
  evolve(_state, event) {
    switch (event.type) {
      case 'MessageShared':
        return { status: 'decided', shared: true };
      case 'MessageUnshared':
        return { status: 'decided', shared: false };
    }
  },
  decide({ data }, state) {
    const { userId, messageId, shared, sharedAtReceipt } = data;
    const present = state.status === 'decided' ? state.shared : sharedAtReceipt;
    if (present === shared) return [];
    return [{ type: shared ? 'MessageShared' : 'MessageUnshared', data: { userId, messageId } }];
  },
};
