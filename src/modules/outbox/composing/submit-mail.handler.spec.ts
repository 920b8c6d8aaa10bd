import { type CommandMetadata, fold } from '@libs/eventsourcing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type DeciderRunner } from '../../../platform/event-store/index.js';
import { type Caller } from '../../../platform/security/index.js';
import { type MailTags } from '../bounces/mail-tags.js';
import { type OutboxCommand } from '../outbox.commands.js';
import { outboxDecider } from '../outbox.decider.js';
import { reject } from '../outbox.errors.js';
import { type OutboxEvent } from '../outbox.events.js';
import { type OutgoingRoute } from '../routing/outgoing-route.js';
import { type SenderCheck } from '../routing/sender-check.js';
import { type KeptMail, type KeptMails, type MailFacts } from './kept-mails.js';
import { type MailThread } from './mail-thread.js';
import { MailWriting } from './mail-writing.js';
import { OutgoingRequests } from './outgoing-request.js';
import { type PartStorage } from './part-storage.js';
import { SubmitMail, SubmitMailHandler } from './submit-mail.handler.js';

const metadata: CommandMetadata = {
  company: 'acme',
  actor: { kind: 'user', userId: 'taro', name: '太郎', roles: [] },
  at: '2026-11-01T09:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const taro: Caller = {
  company: 'acme',
  userId: 'taro',
  email: 'taro@acme.example',
  additionalAddress1: 'saiyo@acme.example',
  name: '太郎',
  roles: [],
  position: null,
};
const mail = { from: 'saiyo@acme.example', to: ['sato@customer.example'], subject: 's', text: '同じ' };

/** Sending as far as the record, by a mailbox that may come to be refused. */
class Scene {
  readonly events: OutboxEvent[] = [];
  readonly kept = new Map<string, KeptMail>();
  isConnected = true;

  submit(body: object, files: [] | undefined, caller = taro) {
    const state = () => fold(outboxDecider, this.events);
    const runner = {
      load: async () => ({ state: state(), head: null }),
      run: async (_decider: unknown, _stream: string, command: OutboxCommand) => {
        this.events.push(...outboxDecider.decide(command, state()));
        return { state: state() };
      },
    } as unknown as DeciderRunner;
    const keptMails = {
      askFor: async (_company: string, id: string) => this.kept.get(id) ?? null,
      keep: async (_company: string, id: string, facts: MailFacts) => {
        const one = { id, ...facts, size: 100 };
        this.kept.set(id, one);
        return one;
      },
    } as unknown as KeptMails;
    const parts = { remove: async () => undefined } as unknown as PartStorage;
    const threads = { of: async () => ({ inReplyTo: null, references: [] }) } as unknown as MailThread;
    const tags = { of: () => 'tag' } as unknown as MailTags;
    const routes = { of: async () => this.route() } as unknown as OutgoingRoute;
    const senders = { limitFor: async () => 1_000_000 } as unknown as SenderCheck;
    const writing = new MailWriting(keptMails, threads, tags);
    const handler = new SubmitMailHandler(runner, new OutgoingRequests(parts), parts, routes, senders, writing);
    return handler.execute(new SubmitMail({ id: 'mail-1', caller, body, files }, metadata));
  }

  private route() {
    if (!this.isConnected) throw reject('action_required');
    return 'gmail';
  }
}

describe.each<[string, [] | undefined]>([
  ['JSON', undefined],
  ['a form', []],
])('a mail that is asked for again, as %s', (_how, files) => {
  const withoutAddress = { ...taro, additionalAddress1: null };
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });

  it('is answered from the record, whatever has changed since', async () => {
    const first = await scene.submit(mail, files);
    expect(first).toEqual({ id: 'mail-1', state: 'queued', messageId: '<tag@acme.example>', route: 'gmail' });
    scene.isConnected = false;
    expect(await scene.submit(mail, files, withoutAddress)).toEqual(first);
    expect(scene.events).toHaveLength(1);
  });

  it('is refused with another content', async () => {
    await scene.submit(mail, files);
    scene.isConnected = false;
    await expect(scene.submit({ ...mail, text: '別' }, files)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('is checked like a new one when it was kept and did not get onto the record', async () => {
    await scene.submit(mail, files);
    scene.events.length = 0;
    await expect(scene.submit(mail, files, withoutAddress)).rejects.toMatchObject({ code: 'from_not_allowed' });
    expect(scene.events).toEqual([]);
    expect(await scene.submit(mail, files)).toMatchObject({ id: 'mail-1', messageId: '<tag@acme.example>' });
  });

  it('leaves from the address that it was written with, as long as that is its author’s', async () => {
    const { from: _own, ...fromOwn } = mail;
    await scene.submit(fromOwn, files);
    scene.events.length = 0;
    const renamed = { ...taro, email: 'new@acme.example' };
    await expect(scene.submit(fromOwn, files, renamed)).rejects.toMatchObject({ code: 'from_not_allowed' });
    await scene.submit(fromOwn, files, { ...renamed, additionalAddress1: 'taro@acme.example' });
    expect(scene.events).toMatchObject([{ data: { from: 'taro@acme.example' } }]);
  });
});
