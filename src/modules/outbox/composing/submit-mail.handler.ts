import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandMetadata } from '@libs/eventsourcing';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { type Caller } from '../../../platform/security/index.js';
import { QueueMail } from '../outbox.commands.js';
import { outboxDecider } from '../outbox.decider.js';
import { type QueuedMessage } from '../outbox.dto.js';
import { outboxMailStream } from '../outbox.events.js';
import { OutgoingRoute } from '../routing/outgoing-route.js';
import { SenderCheck } from '../routing/sender-check.js';
import { type KeptMail } from './kept-mails.js';
import { type AskedMail, MailWriting } from './mail-writing.js';
import { OutgoingRequests, type UploadedFile } from './outgoing-request.js';
import { PartStorage } from './part-storage.js';
import { senderFor } from './sender.policy.js';

/** `POST /outbox/messages`: find the way, check the sender, make the mail, keep it, queue it. */
export class SubmitMail {
  constructor(
    readonly data: {
      readonly id: string;
      readonly caller: Caller;
      readonly body: unknown;
      /** undefined: it came as JSON. */
      readonly files: readonly UploadedFile[] | undefined;
    },
    readonly metadata: CommandMetadata,
  ) {}
}

@CommandHandler(SubmitMail)
export class SubmitMailHandler implements ICommandHandler<SubmitMail> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly requests: OutgoingRequests,
    private readonly parts: PartStorage,
    private readonly routes: OutgoingRoute,
    private readonly senders: SenderCheck,
    private readonly writing: MailWriting,
  ) {}

  async execute(command: SubmitMail): Promise<QueuedMessage> {
    try {
      return await this.submit(command);
    } finally {
      await this.parts.remove(command.data.files ?? []);
    }
  }

  private async submit({ data, metadata }: SubmitMail): Promise<QueuedMessage> {
    const { id, caller, body, files } = data;
    const asked = { id, caller, ...(await this.requests.read(body, files)) };
    const before = await this.writing.writtenBefore(asked);
    const queued = before && (await this.queuedBefore(caller.company, before));
    return queued ?? this.queue(asked, before, metadata);
  }

  /**
   * Asked for again under its key, a mail that is on the record is answered from there, whatever has changed since: who
   * is refused writes it anew, and it goes out twice.
   */
  private async queuedBefore(company: string, { id, messageId }: KeptMail): Promise<QueuedMessage | null> {
    const { state } = await this.runner.load(outboxDecider, outboxMailStream(company, id));
    return state.status === 'none' ? null : { id, state: 'queued', messageId, route: state.route };
  }

  private async queue(asked: AskedMail, before: KeptMail | null, metadata: CommandMetadata): Promise<QueuedMessage> {
    const { id, caller, input } = asked;
    const { company, userId } = caller;
    const route = await this.routes.of(company, userId);
    // What is written already leaves from where it says, as long as that is its author's.
    const from = senderFor(caller, before?.from.address ?? input.from).address;
    const limit = await this.senders.limitFor({ company, userId, route, from });
    const { messageId, recipients, size } = before ?? (await this.writing.write({ ...asked, limit }));
    const mail = { userId, mailId: id, route, from, messageId, recipients: recipients.length, size };
    const { state } = await this.runner.run(
      outboxDecider,
      outboxMailStream(company, id),
      new QueueMail(mail, metadata),
    );
    // Of two that ask at once the first has named the way.
    return { id, state: 'queued', messageId, route: state.status === 'none' ? route : state.route };
  }
}
