import { type Decider } from '@libs/eventsourcing';
import { type PersonCommand } from './person.commands.js';
import { type PersonEvent } from './person.events.js';

/** `known` is everybody of whom nothing else was decided. */
export type PersonState = { readonly status: 'known' } | { readonly status: 'erasing' } | { readonly status: 'erased' };

export const personDecider: Decider<PersonState, PersonCommand, PersonEvent> = {
  initialState: { status: 'known' },
  evolve(_state, event) {
    switch (event.type) {
      case 'PersonErasureDecided':
        return { status: 'erasing' };
      case 'PersonErased':
        return { status: 'erased' };
    }
  },
  decide({ type, data }, { status }) {
    switch (type) {
      case 'ErasePerson':
        return status === 'known' ? [{ type: 'PersonErasureDecided', data: { userId: data.userId } }] : [];
      case 'ConfirmErasure': {
        if (status === 'known') return [];
        // Done again, it is worth an event only when something had come in late.
        const anything = Object.values(data.erased).some((count) => count > 0);
        return status === 'erasing' || anything ? [{ type: 'PersonErased', data }] : [];
      }
    }
  },
};
