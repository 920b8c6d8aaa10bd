import { type Uuid } from '../wire/uuid.js';

/** An event as a client proposes it: everything but its place, which the store gives it. */
export interface ProposedEvent {
  readonly id: Uuid;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}
