import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';
import { type MailService } from './mail-server.events.js';

interface Description {
  readonly mailServerId: string;
  readonly name: string;
  readonly description: MailService;
}

export class RegisterMailServer implements DomainCommand<'RegisterMailServer', Description> {
  readonly type = 'RegisterMailServer';
  constructor(
    readonly data: Description,
    readonly metadata: CommandMetadata,
  ) {}
}

export class ChangeMailServer implements DomainCommand<'ChangeMailServer', Description> {
  readonly type = 'ChangeMailServer';
  constructor(
    readonly data: Description,
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

export class DeleteMailServer implements DomainCommand<
  'DeleteMailServer',
  { readonly mailServerId: string; readonly release: boolean }
> {
  readonly type = 'DeleteMailServer';
  constructor(
    readonly data: { readonly mailServerId: string; readonly release: boolean },
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

export type MailServerCommand = RegisterMailServer | ChangeMailServer | DeleteMailServer;
