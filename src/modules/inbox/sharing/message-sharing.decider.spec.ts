import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { SetSharing } from './message-sharing.commands.js';
import { messageSharingDecider } from './message-sharing.decider.js';
import { type MessageShared, type MessageUnshared } from './message-sharing.events.js';

const { given } = specificationOf(messageSharingDecider);

const byAlice: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'alice', name: '青木 アリス', roles: [] },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const offer = { userId: 'alice', messageId: 'offer' };
const shared: MessageShared = { type: 'MessageShared', data: offer };
const unshared: MessageUnshared = { type: 'MessageUnshared', data: offer };
const set = (share: boolean, sharedAtReceipt: boolean) =>
  new SetSharing({ ...offer, shared: share, sharedAtReceipt }, byAlice);

describe('sharing one mail', () => {
  it('shares what was received unshared (R33)', () => given().when(set(true, false)).then(shared));
  it('takes back what was shared at receipt', () => given().when(set(false, true)).then(unshared));
  it('writes nothing for what holds already', () => {
    given().when(set(true, true)).thenNothing();
    given().when(set(false, false)).thenNothing();
    given(shared).when(set(true, false)).thenNothing();
    given(shared, unshared).when(set(false, true)).thenNothing();
  });
  it('may be decided again and again', () => given(shared, unshared).when(set(true, false)).then(shared));
});
