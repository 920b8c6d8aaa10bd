import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { checkIfMatch } from '../../platform/http/index.js';
import { ChangeMailServer, DeleteMailServer, RegisterMailServer } from './mail-server.commands.js';
import { mailServerDecider } from './mail-server.decider.js';
import { reject } from './mail-server.errors.js';
import { mailServerStream } from './mail-server.events.js';
import { EndpointClaims } from './endpoint-claims.js';
import { MailHostCheck } from './mail-host-check.js';
import { MailServerUsage } from './mail-server-usage.js';

@CommandHandler(RegisterMailServer)
export class RegisterMailServerHandler implements ICommandHandler<RegisterMailServer> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly endpoints: EndpointClaims,
    private readonly hosts: MailHostCheck,
  ) {}

  async execute(command: RegisterMailServer): Promise<void> {
    const { data, metadata } = command;
    await this.hosts.check(data.description);
    await this.endpoints.whileClaimed(metadata.company, data, async () => {
      await this.hosts.checkOrder(metadata.company, data.description);
      await this.runner.run(mailServerDecider, mailServerStream(metadata.company, data.mailServerId), command);
    });
  }
}

@CommandHandler(ChangeMailServer)
export class ChangeMailServerHandler implements ICommandHandler<ChangeMailServer> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly endpoints: EndpointClaims,
    private readonly hosts: MailHostCheck,
  ) {}

  async execute(command: ChangeMailServer): Promise<void> {
    const { data, metadata, ifMatch } = command;
    const stream = mailServerStream(metadata.company, data.mailServerId);
    const { state: before, head } = await this.runner.load(mailServerDecider, stream);
    if (before.status !== 'registered') throw reject('mail_server_not_found');
    checkIfMatch(ifMatch, head?.revision ?? null);
    mailServerDecider.decide(command, before); // what is refused anyway claims no endpoint
    await this.hosts.check(data.description);
    await this.endpoints.whileClaimed(metadata.company, data, async () => {
      await this.runner.run(mailServerDecider, stream, command, {
        guard: (_state, revision) => checkIfMatch(ifMatch, revision),
      });
    });
    await this.endpoints.giveBackUnless(metadata.company, data.mailServerId, before.description, data.description);
  }
}

@CommandHandler(DeleteMailServer)
export class DeleteMailServerHandler implements ICommandHandler<DeleteMailServer> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly endpoints: EndpointClaims,
    private readonly usage: MailServerUsage,
  ) {}

  async execute(command: DeleteMailServer): Promise<void> {
    const { data, metadata, ifMatch } = command;
    const stream = mailServerStream(metadata.company, data.mailServerId);
    const { state: before } = await this.runner.load(mailServerDecider, stream);
    if (before.status !== 'registered') throw reject('mail_server_not_found');
    if (!data.release) await this.refuseInUse(metadata.company, data.mailServerId);
    await this.runner.run(mailServerDecider, stream, command, {
      guard: (_state, revision) => checkIfMatch(ifMatch, revision),
    });
    await this.endpoints.giveBack(metadata.company, data.mailServerId, before.description);
  }

  private async refuseInUse(company: string, id: string): Promise<void> {
    const inUseBy = (await this.usage.countOf(company, [id])).get(id) ?? 0;
    if (inUseBy > 0) throw reject('mail_server_in_use', { inUseBy }, { extensions: { inUseBy } });
  }
}

export const mailServerHandlers = [RegisterMailServerHandler, ChangeMailServerHandler, DeleteMailServerHandler];
