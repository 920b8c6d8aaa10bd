import { Injectable } from '@nestjs/common';
import { MailSettingRecord } from '../../user-mail-setting/index.js';
import { reject } from '../outbox.errors.js';
import { type Route } from '../outbox.events.js';
import { routeOf } from './route.policy.js';

/** By which way a user's mail leaves, as the record has it this moment. */
@Injectable()
export class OutgoingRoute {
  constructor(private readonly settings: MailSettingRecord) {}

  /** Refuses with `action_required` while the connected provider waits for a new login. */
  async of(company: string, userId: string): Promise<Route> {
    const setting = await this.settings.current(company, userId);
    const service = 'account' in setting ? setting.account.service : null;
    const route = routeOf({ status: setting.status, service });
    if (route === 'action_required') throw reject('action_required');
    return route;
  }
}
