import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { canonicalAddress } from './host.js';
import type { VettedHost } from './vet-mail-host.js';

/** The address at the socket's other end is not the one that was checked. */
export class AddressMismatch extends Error {
  override readonly name = 'AddressMismatch';
  readonly code = 'ADDRESS_MISMATCH';
}

/**
 * Throws AddressMismatch unless `remoteAddress`, as the connected socket itself reports it, is one of the checked
 * addresses. To be asked after connecting and before the first byte is sent.
 */
export function assertVettedAddress(vetted: VettedHost, remoteAddress: string | undefined): void {
  if (remoteAddress === undefined || !vetted.addresses.includes(canonicalAddress(remoteAddress))) {
    throw new AddressMismatch('connected to another address than the one that was checked');
  }
}

/**
 * Opens a TCP connection to the first of the checked addresses that answers, and checks the socket's own remote
 * address before handing it over. Nothing is looked up, so no name can have changed in between (DNS rebinding).
 * Rejects with the last address's error (`code` as node:net gives it; ETIMEDOUT after `timeoutMs` per address), and
 * with the signal's reason when that is aborted.
 */
export async function connectVetted(
  vetted: VettedHost,
  port: number,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Socket> {
  let failure: unknown;
  for (const address of vetted.addresses) {
    try {
      return await connectTo(vetted, address, port, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    } catch (error) {
      signal.throwIfAborted();
      failure = isTimeout(error) ? Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }) : error;
    }
  }
  throw failure;
}

async function connectTo(vetted: VettedHost, address: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: address, port });
  try {
    await once(socket, 'connect', { signal });
    if (socket.destroyed) throw Object.assign(new Error('closed at once'), { code: 'ECONNRESET' });
    assertVettedAddress(vetted, socket.remoteAddress);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
