import { Injectable } from '@nestjs/common';
import { MailServerRecord } from '../../mail-server/index.js';
import { MailSettingRecord } from '../../user-mail-setting/index.js';
import { reject } from '../outbox.errors.js';
import { type Route } from '../outbox.events.js';
import { type Connection, routeOf } from './route.policy.js';

/** By which way a user's mail leaves, as the record has it this moment. */
@Injectable()
export class OutgoingRoute {
  constructor(
    private readonly settings: MailSettingRecord,
    private readonly servers: MailServerRecord,
  ) {}

  /** Refuses with `action_required` while the connected provider waits for a new login. */
  async of(company: string, userId: string): Promise<Route> {
    const route = routeOf(await this.connectionOf(company, userId));
    if (route === 'action_required') throw reject('action_required');
    return route;
  }

  private async connectionOf(company: string, userId: string): Promise<Connection> {
    const setting = await this.settings.current(company, userId);
    if (!('account' in setting)) return { status: setting.status, service: null };
    const server = await this.servers.current(company, setting.account.mailServerId);
    return { status: setting.status, service: server.status === 'registered' ? server.description.service : null };
  }
}
