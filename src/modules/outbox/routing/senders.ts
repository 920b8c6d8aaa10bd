import { Injectable } from '@nestjs/common';
import { type MailSender, MailSenders } from '../../../gateways/index.js';
import { GatewayError } from '../../../gateways/gateway.errors.js';
import { type Route } from '../outbox.events.js';

/** Opens the way by which a mail is to leave. */
@Injectable()
export class Senders {
  constructor(private readonly gateways: MailSenders) {}

  /** Throws GatewayError when there is no such way at present. */
  async senderOf(_company: string, { route }: { readonly route: Route; readonly userId: string }): Promise<MailSender> {
    switch (route) {
      case 'hrbc':
        return this.gateways.senderFor({ route });
      case 'office365':
      case 'gmail':
        throw new GatewayError({ kind: 'MailboxNotSupported', detail: route });
    }
  }
}
