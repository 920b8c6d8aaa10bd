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
import { MailWriting } from './mail-writing.js';
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
    const { company, userId } = caller;
    const { input, attachments } = await this.requests.read(body, files);
    const route = await this.routes.of(company, userId);
    const from = senderFor(caller, input.from).address;
    const limit = await this.senders.limitFor({ company, userId, route, from });
    const mail = await this.writing.write({ id, caller, input, attachments, limit });
    const { messageId, recipients, size } = mail;
    const queued = { userId, mailId: id, route, from, messageId, recipients: recipients.length, size };
    const { state } = await this.runner.run(
      outboxDecider,
      outboxMailStream(company, id),
      new QueueMail(queued, metadata),
    );
    // Asked again under the same key, the answer names the way that was found the first time.
    return { id, state: 'queued', messageId, route: state.status === 'none' ? route : state.route };
  }
}
