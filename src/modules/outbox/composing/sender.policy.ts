import { type Mailbox } from '@libs/mail-composing';
import { reject } from '../outbox.errors.js';

/** As much of the caller as decides about the sender. */
export interface Author {
  readonly email: string;
  readonly additionalAddress1: string | null;
  readonly name: string;
}

/** The addresses that a user may send from (R42), the own one first; the second only if it is another one. */
export function fromAddressesOf({ email, additionalAddress1 }: Author) {
  const own = { address: email, kind: 'own' } as const;
  if (additionalAddress1 === null || isSame(email, additionalAddress1)) return [own];
  return [own, { address: additionalAddress1, kind: 'additional_1' } as const];
}

/** The address of these that is meant, however it is spelled; undefined: none of them. */
export const addressAmong = (own: readonly string[], meant: string): string | undefined =>
  own.find((address) => isSame(address, meant));

/** Who the mail is from: the own address unless asked otherwise. Refuses any but the own addresses (R42). */
export function senderFor(author: Author, asked: string | undefined): Mailbox {
  const allowed = fromAddressesOf(author).map(({ address }) => address);
  if (asked === undefined) return { name: author.name, address: author.email };
  const wanted = /<([^<>]+)>\s*$/.exec(asked)?.[1] ?? asked;
  const address = addressAmong(allowed, wanted.trim());
  if (address === undefined) throw reject('from_not_allowed', { allowed }, { field: 'from' });
  return { name: author.name, address };
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
