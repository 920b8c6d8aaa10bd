import { type RecordedEvent } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { mailDecisionsProjection } from './mail-decisions.projection.js';

const at = '2026-11-22T01:00:00.000Z';
const event = (type: string, stream: string, data: object) =>
  ({
    id: 'e1',
    type,
    stream,
    revision: 4,
    position: 'p1',
    metadata: { at },
    data: { userId: 'taro', ...data },
  }) as unknown as RecordedEvent<never>;
const decisions = (type: string, stream: string, data: object) =>
  mailDecisionsProjection
    .project(event(type, stream, data))
    .map(({ id, set }) => [id, set?.basis, set?.shared, set?.by]);

describe('decisions about received mail', () => {
  it('are made for each mail at its receipt, by the setting of its owner', () => {
    const messages = [{ id: 'm1', shared: true }, { id: 'm2', shared: false, quarantined: true }]; // prettier-ignore
    expect(decisions('MailsReceived', 'inbox-porters_taro', { messages })).toEqual([
      ['m1|e1', 'default', true, 'taro'],
      ['m2|e1', 'default', false, 'taro'],
    ]);
  });

  it('are made by the owner for one mail, and say where they stand on the record', () => {
    expect(decisions('MessageUnshared', 'message-porters_m1', { messageId: 'm1' })).toEqual([
      ['m1|e1', 'individual', false, 'taro'],
    ]);
    const [change] = mailDecisionsProjection.project(event('MessageShared', 'message-porters_m1', { messageId: 'm1' }));
    expect(change!.set).toEqual({
      company: 'porters',
      owner: 'taro',
      messageId: 'm1',
      basis: 'individual',
      shared: true,
      by: 'taro',
      at,
      event: { id: 'e1', type: 'MessageShared', stream: 'message-porters_m1', revision: 4 },
    });
  });

  it('end when the mail is erased', () => {
    expect(
      decisions('MailsErased', 'mailErasure-porters_taro', { messageIds: ['m1', 'm2'], cause: 'retention' }),
    ).toEqual([
      ['m1|e1', 'erased', false, null],
      ['m2|e1', 'erased', false, null],
    ]);
  });

  it('pass to the mail that takes the place of one that could not be had; reading anew alone decides nothing', () => {
    const messages = [{ id: 'm3' }, { id: 'm4', replaces: 'u1', shared: true }];
    expect(decisions('MailsReread', 'inbox-porters_taro', { messages, cause: 'asked' })).toEqual([
      ['m4|e1', 'default', true, 'taro'],
      ['u1|e1', 'erased', false, null],
    ]);
  });

  it('are not made by anything else', () => {
    for (const type of ['ImportStarted', 'ReceivingNarrowed', 'ImportCompleted', 'CursorReset', 'InboxReconciled']) {
      expect(decisions(type, 'inbox-porters_taro', {})).toEqual([]);
    }
  });
});
