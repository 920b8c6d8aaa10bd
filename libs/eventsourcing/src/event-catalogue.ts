import { type DomainEvent } from './event.js';

/**
 * What the store has to know about an event type besides its shape.
 * `personal` names the top-level fields that say who somebody is (addresses, names): the codec encrypts them under
 * the key of the person `data.userId`, so that destroying that key forgets the person and keeps the decision.
 */
export interface EventDefinition {
  readonly personal: readonly string[];
}

/** All event types of a module. Written as a record, so that forgetting one does not compile. */
export type EventCatalogue = Readonly<Record<string, EventDefinition>>;

type PersonalFields<Event extends DomainEvent> = Event['data'] extends { readonly userId: string }
  ? readonly (keyof Event['data'] & string)[]
  : readonly [];

/** Declares a module's events; personal fields are possible only where `data.userId` says whose they are. */
export function defineEvents<Event extends DomainEvent>() {
  return <
    const Catalogue extends {
      readonly [Type in Event['type']]: { readonly personal: PersonalFields<Extract<Event, { type: Type }>> };
    },
  >(
    catalogue: Catalogue,
  ): Catalogue => catalogue;
}
