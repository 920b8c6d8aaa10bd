export { AddressMismatch, assertVettedAddress, connectVetted } from './connect-vetted.js';
export { type Host, parseHost } from './host.js';
export { type HostResolver, systemResolver } from './host-resolver.js';
export { isMailPort } from './mail-port.js';
export { isPublicAddress } from './is-public-address.js';
export {
  type HostRefusal,
  type PublicAddressPolicy,
  type RefusedHost,
  resolvePublic,
  type VettedHost,
  vetMailHost,
} from './vet-mail-host.js';
