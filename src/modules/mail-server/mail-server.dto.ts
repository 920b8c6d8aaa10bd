import { domainToUnicode } from 'node:url';
import { z } from 'zod';
import { parseHost } from '../../platform/security/public-address/index.js';
import { type MailService } from './mail-server.events.js';
import { type MailServer } from './read-model/mail-servers.view.js';

/** As a person types it, a name or an address in any spelling; kept in one spelling, so that one host is one host. */
export const hostName = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[\p{L}\p{N}._:[\]-]+$/u)
  .transform(inOneSpelling)
  .pipe(z.string());
export const port = z.int().min(1).max(65535);

/** What is no host at all stays as it is, for the refusal to name. */
function inOneSpelling(typed: string): string {
  const host = parseHost(typed);
  if (host === null) return typed.toLowerCase();
  return host.kind === 'name' ? host.name : host.address;
}
const name = z.string().trim().min(1).max(100);

const otherServer = z.strictObject({
  service: z.literal('other'),
  name: name.optional(),
  protocol: z.enum(['imap', 'pop3']),
  security: z.enum(['none', 'ssl']),
  host: hostName,
  port,
});
const oauthService = (service: 'office365' | 'gmail') => z.strictObject({ service: z.literal(service) });

/** `POST /mail-servers` and `PUT /mail-servers/{id}` (R15, R18). */
export const MailServerInput = z
  .discriminatedUnion('service', [otherServer, oauthService('office365'), oauthService('gmail')])
  .meta({ id: 'MailServerInput' });
export type MailServerInput = z.infer<typeof MailServerInput>;

export const DeleteMailServerQuery = z.strictObject({ release: z.enum(['true', 'false']).default('false') });
export type DeleteMailServerQuery = z.infer<typeof DeleteMailServerQuery>;

export const MailServerResponse = z
  .object({
    id: z.string(),
    service: z.enum(['office365', 'gmail', 'other']),
    name: z.string(),
    protocol: z.enum(['imap', 'pop3']).optional(),
    security: z.enum(['none', 'ssl']).optional(),
    host: z.string().optional(),
    port: z.number().optional(),
    inUseBy: z.number().meta({ description: 'How many user mail settings use it' }),
    createdAt: z.iso.datetime({ offset: true }),
  })
  .meta({ id: 'MailServer' });
export type MailServerResponse = z.infer<typeof MailServerResponse>;

export const MailServerList = z
  .object({ items: z.array(MailServerResponse), next: z.string().nullable() })
  .meta({ id: 'MailServerList' });
export type MailServerList = z.infer<typeof MailServerList>;

/** A place in the list, as a cursor names it. */
export const MailServerPlace = z.object({ createdAt: z.string(), id: z.string() });

export function toResponse({ id, name, description, createdAt }: MailServer, inUseBy: number): MailServerResponse {
  return { id, name, ...asTyped(description), inUseBy, createdAt };
}

/** A name in a script of its own (IDNA) is kept in ASCII, for computers, and shown as people write it. */
function asTyped(description: MailService): MailService {
  return description.service === 'other' ? { ...description, host: readable(description.host) } : description;
}

/** Addresses, and what is no name at all, have no other form. */
const readable = (host: string): string => domainToUnicode(host) || host;

const SERVICE_NAMES = { office365: 'Office365', gmail: 'Gmail' } as const;

/** What an input describes: its name when it gives none, and what is to be stored. */
export function toDescription(input: MailServerInput) {
  if (input.service !== 'other') {
    return { name: SERVICE_NAMES[input.service], description: { service: input.service } };
  }
  const { name: given, ...description } = input;
  return { name: given ?? readable(description.host), description };
}
