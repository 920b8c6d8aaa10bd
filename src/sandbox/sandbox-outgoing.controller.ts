import { Controller, Get, Inject, type OnModuleInit } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../platform/security/index.js';
import { SandboxMail } from './sandbox-mail.js';
import { SANDBOX_SERVERS, type SandboxServers } from './sandbox-servers.js';

const OutgoingMails = z
  .object({
    items: z.array(
      z.object({
        at: z.iso.datetime(),
        envelopeFrom: z.string(),
        recipients: z.array(z.string()),
        source: z.string().meta({ description: 'The mail as it arrived, in base64' }),
      }),
    ),
  })
  .meta({ id: 'SandboxOutgoingMails' });
type OutgoingMails = z.infer<typeof OutgoingMails>;

/**
 * What left the service by the sandbox's SMTP server. Mail to the sample people lands in their sample mailboxes; all
 * other mail goes nowhere and can be looked at here.
 */
@ApiTags('サンドボックス')
@Public()
@Controller('sandbox/outgoing-mails')
export class SandboxOutgoingController implements OnModuleInit {
  constructor(
    @Inject(SANDBOX_SERVERS) private readonly servers: SandboxServers,
    private readonly mailboxes: SandboxMail,
  ) {}

  onModuleInit(): void {
    this.servers.smtp?.onMail(async ({ recipients, source }) => {
      await Promise.all(recipients.map(async (recipient) => this.mailboxes.deliver(recipient, source)));
    });
  }

  @Get()
  @ApiOperation({ summary: '送信されたメール / the last mails that were sent, newest first' })
  @ApiOkResponse({ standardSchema: OutgoingMails })
  list(): OutgoingMails {
    const items = (this.servers.smtp?.mails ?? []).toReversed().map(({ at, source, recipients, envelopeFrom }) => ({
      at: at.toISOString(),
      envelopeFrom,
      recipients: [...recipients],
      source: source.toString('base64'),
    }));
    return { items };
  }
}
