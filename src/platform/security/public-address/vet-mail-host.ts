import { canonicalAddress, parseHost } from './host.js';
import { type HostResolver, systemResolver } from './host-resolver.js';
import { isMailPort } from './mail-port.js';
import { isPublicAddress } from './is-public-address.js';
import { PrivateExemptions } from './private-exemptions.js';

export interface PublicAddressPolicy {
  /** MAIL_HOSTS_ALLOWED_PRIVATE: host names, addresses or CIDR networks exempt from the refusal. */
  readonly allowedPrivate: readonly string[];
  /** Default: the operating system's. */
  readonly resolver?: HostResolver;
}

/** Why a host is not to be connected to. `lookup_failed` may pass by itself, the others will not. */
export type HostRefusal = 'private_address' | 'unknown_host' | 'lookup_failed' | 'port_not_allowed';

/** A host whose addresses were checked. Connect to these addresses and to nothing that is looked up again. */
export interface VettedHost {
  readonly ok: true;
  /** As it is to stand in TLS's server name and certificate check: a name, or an address where one was typed. */
  readonly host: string;
  readonly isName: boolean;
  /** At least one, canonical, in the order in which to try them. */
  readonly addresses: readonly [string, ...string[]];
  /** All addresses are exempt from the refusal of private ones, and so the port is free as well. */
  readonly exempt: boolean;
}

export interface RefusedHost {
  readonly ok: false;
  readonly refusal: HostRefusal;
}

/**
 * Looks a host up and checks every address it has: one that is not public refuses the whole host, for a name that
 * points both outside and inside is somebody's trick. Never rejects; takes as long as the resolver does.
 */
export async function resolvePublic(input: string, policy: PublicAddressPolicy): Promise<VettedHost | RefusedHost> {
  const host = parseHost(input);
  if (!host) return refused('unknown_host');
  const found = await addressesOf(host, policy.resolver ?? systemResolver);
  if (typeof found === 'string') return refused(found);
  const exemptions = new PrivateExemptions(policy.allowedPrivate);
  const addresses = found.map(canonicalAddress);
  const exempt = addresses.map((address) => exemptions.covers(host, address));
  const [first, ...others] = addresses;
  if (first === undefined) return refused('unknown_host');
  if (!addresses.every((address, index) => exempt[index] || isPublicAddress(address)))
    return refused('private_address');
  return {
    ok: true,
    host: host.kind === 'name' ? host.name : host.address,
    isName: host.kind === 'name',
    addresses: [first, ...others],
    exempt: exempt.every(Boolean),
  };
}

/** As resolvePublic, and the port must be one of mail's (see isMailPort), exempt hosts excepted. */
export async function vetMailHost(
  server: { readonly host: string; readonly port: number },
  policy: PublicAddressPolicy,
): Promise<VettedHost | RefusedHost> {
  const verdict = await resolvePublic(server.host, policy);
  if (verdict.ok && !verdict.exempt && !isMailPort(server.port)) return refused('port_not_allowed');
  return verdict;
}

async function addressesOf(
  host: NonNullable<ReturnType<typeof parseHost>>,
  resolver: HostResolver,
): Promise<readonly string[] | HostRefusal> {
  if (host.kind === 'address') return [host.address];
  // RFC 6761, 6.4: never exists, whatever a resolver that is away or wants to be helpful may say
  if (host.name === 'invalid' || host.name.endsWith('.invalid')) return 'unknown_host';
  try {
    return await resolver.addresses(host.name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOTFOUND' || code === 'ENODATA' ? 'unknown_host' : 'lookup_failed';
  }
}

function refused(refusal: HostRefusal): RefusedHost {
  return { ok: false, refusal };
}
