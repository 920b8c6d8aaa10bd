import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public, type Role } from '../platform/security/index.js';
import { SAMPLE_COMPANY, SAMPLE_DOMAIN, SAMPLE_PEOPLE } from './sample-people.js';
import { SandboxKeys } from './sandbox-keys.js';
import { SandboxMail, type SandboxMailServer } from './sandbox-mail.js';
import { SANDBOX_SERVERS, type SandboxServers } from './sandbox-servers.js';

const TokenInput = z
  .strictObject({
    userId: z.string().min(1).max(128),
    company: z.string().min(1).max(128).optional(),
    email: z.string().min(3).max(318).optional(),
    name: z.string().min(1).max(200).optional(),
    roles: z.array(z.enum(['admin', 'auditor'])).optional(),
    additional_address_1: z.string().min(3).max(318).optional(),
    position: z.enum(['executive']).optional(),
    lifetimeSeconds: z.int().min(-86_400).max(86_400).optional().meta({ description: 'Negative: already expired' }),
  })
  .meta({ id: 'SandboxTokenInput' });
type TokenInput = z.infer<typeof TokenInput>;

const Token = z.object({ token: z.string() }).meta({ id: 'SandboxToken' });
type Token = z.infer<typeof Token>;

const TWELVE_HOURS = 12 * 60 * 60;

/** What there is to try; null: the configuration names a real one. */
interface Samples {
  readonly company: string;
  readonly people: typeof SAMPLE_PEOPLE;
  readonly mailServer: SandboxMailServer | null;
  /** Where it is, and the app that an admin enters under Google API設定. */
  readonly google: { readonly url: string; readonly clientId: string; readonly clientSecret: string } | null;
  readonly office365: { readonly url: string } | null;
}

/** Tokens for anybody, and what there is to try. Part of the sandbox only; in production there is no such route. */
@ApiTags('サンドボックス')
@Public()
@Controller('sandbox')
export class SandboxController {
  constructor(
    private readonly keys: SandboxKeys,
    private readonly mail: SandboxMail,
    @Inject(SANDBOX_SERVERS) private readonly servers: SandboxServers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'サンプル / the sample people, their mail server, and the simulated providers' })
  async show(): Promise<Samples> {
    const { google, microsoft } = this.servers;
    return {
      company: SAMPLE_COMPANY,
      people: SAMPLE_PEOPLE,
      mailServer: await this.mail.server(),
      google: google && { url: google.simulator.addresses.gmailUrl, ...google.app },
      office365: microsoft && { url: microsoft.simulator.url },
    };
  }

  @Post('tokens')
  @ApiOperation({ summary: 'トークン / a token for anybody' })
  @ApiCreatedResponse({ standardSchema: Token })
  async mint(@Body({ schema: TokenInput }) input: TokenInput): Promise<Token> {
    const { userId, lifetimeSeconds = TWELVE_HOURS, ...given } = input;
    const company = given.company ?? SAMPLE_COMPANY;
    const known = company === SAMPLE_COMPANY ? SAMPLE_PEOPLE.find((person) => person.userId === userId) : undefined;
    const roles: readonly Role[] = [];
    const { userId: _id, ...person } = known ?? { userId, name: userId, email: `${userId}@${SAMPLE_DOMAIN}`, roles };
    return { token: await this.keys.sign({ sub: userId, ...person, ...given, company }, lifetimeSeconds) };
  }

  @Get('jwks.json')
  @ApiOperation({ summary: '公開鍵 / the public key of those tokens' })
  jwks(): object {
    return this.keys.jwks();
  }
}
