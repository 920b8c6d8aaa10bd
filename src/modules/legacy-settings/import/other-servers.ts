import { type CommandMetadata, Rejection } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { newId } from '../../../platform/ids.js';
import { type MailService, MailServerRecord, MailServersView, RegisterMailServer } from '../../mail-server/index.js';
import { reject } from '../legacy-settings.errors.js';

export type OtherServer = Extract<MailService, { readonly service: 'other' }>;
const PAGE = 200;

/** Finds a company's other mail servers for its old settings, and registers those that it has not yet (R15). */
@Injectable()
export class OtherServers {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: MailServersView,
    private readonly record: MailServerRecord,
  ) {}

  /** For one upload: it looks up and registers each endpoint once, and refuses it for every line that names it. */
  async forUpload(metadata: CommandMetadata): Promise<(server: OtherServer) => Promise<string>> {
    const known = await this.registered(metadata.company);
    return (server) => {
      const endpoint = endpointOf(server);
      const id = known.get(endpoint) ?? this.register(server, metadata);
      known.set(endpoint, id);
      return id;
    };
  }

  private async registered(company: string): Promise<Map<string, Promise<string>>> {
    const known = new Map<string, Promise<string>>();
    let after: { readonly createdAt: string; readonly id: string } | null = null;
    for (;;) {
      const page = await this.view.list(company, PAGE, after);
      for (const { id, description } of page) {
        if (description.service === 'other') known.set(endpointOf(description), Promise.resolve(id));
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return known;
      after = last;
    }
  }

  private async register(server: OtherServer, metadata: CommandMetadata): Promise<string> {
    const mailServerId = await this.idFor(metadata.company, server);
    try {
      await this.commands.execute(
        new RegisterMailServer({ mailServerId, name: server.host, description: server }, metadata),
      );
      return mailServerId;
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'mail_server_exists') throw error;
      return this.registeredMeanwhile(metadata.company, String(error.extensions['mailServerId']), server);
    }
  }

  /**
   * The same id at every attempt for the same endpoint, so that an upload that is sent again after a crash takes up the
   * registration that was cut off, and its claim. Another one where a server of that id has been and gone.
   */
  private async idFor(company: string, server: OtherServer): Promise<string> {
    const lasting = newId(JSON.stringify(['mail server of old settings', company, endpointOf(server)]));
    return (await this.record.current(company, lasting)).status === 'unknown' ? lasting : newId();
  }

  /** Somebody else registers the same endpoint at this very moment. */
  private async registeredMeanwhile(company: string, id: string, { host }: OtherServer): Promise<string> {
    if ((await this.record.current(company, id)).status === 'registered') return id;
    throw reject('legacy_server_not_ready', { host });
  }
}

const endpointOf = ({ protocol, host, port }: OtherServer): string => `${protocol}:${host}:${port}`;
