import { Injectable } from '@nestjs/common';
import { type FromCheck, GatewayError } from '../../../gateways/index.js';
import { reject } from '../outbox.errors.js';
import { type Route } from '../outbox.events.js';
import { Senders } from './senders.js';

interface Sending {
  readonly company: string;
  readonly userId: string;
  readonly route: Route;
  readonly from: string;
}

/** How long a page or a request waits for a provider. */
const PATIENCE_MS = 10_000;

/** Whether a sender address works, before anybody tries (R42–R44), and what the way of sending takes. */
@Injectable()
export class SenderCheck {
  constructor(private readonly senders: Senders) {}

  /**
   * The largest mail that this way takes. Refuses with `from_not_registered_at_provider`. A provider that is away
   * refuses nothing: the mail waits, and the address is checked again when it is sent.
   */
  async limitFor(sending: Sending): Promise<number> {
    const sender = await this.senders.senderOf(sending.company, sending);
    const check = await this.check(sending);
    if (check.sendable === 'no') {
      throw reject('from_not_registered_at_provider', { address: sending.from }, { field: 'from' });
    }
    return sender.maxMessageBytes();
  }

  /** `unknown` while the provider cannot be asked. */
  async check(sending: Sending): Promise<FromCheck> {
    try {
      const sender = await this.senders.senderOf(sending.company, sending);
      return await sender.checkFrom(sending.from, AbortSignal.timeout(PATIENCE_MS));
    } catch (error) {
      if (error instanceof GatewayError) return { sendable: 'unknown' };
      throw error;
    }
  }
}
