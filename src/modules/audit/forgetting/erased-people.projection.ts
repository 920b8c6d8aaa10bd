import { type Projection, streamParts } from '@libs/eventsourcing';
import { PERSON, type PersonEvent } from './person.events.js';

export interface ErasedPersonDocument {
  readonly company: string;
  readonly userId: string;
  readonly decidedAt: string;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  /** null: the work is under way. */
  readonly erasedAt: string | null;
}

export const erasedPeopleProjection: Projection<ErasedPersonDocument, PersonEvent> = {
  name: 'erased_people',
  version: 1,
  categories: [PERSON],
  project(event) {
    const [company = '', userId = ''] = streamParts(event.stream);
    const { at, actor, reason = null } = event.metadata;
    switch (event.type) {
      case 'PersonErasureDecided': {
        const decidedBy = actor.kind === 'user' ? actor.userId : null;
        return [{ id: event.stream, set: { company, userId, decidedAt: at, decidedBy, reason, erasedAt: null } }];
      }
      case 'PersonErased':
        return [{ id: event.stream, set: { erasedAt: at } }];
    }
  },
};
