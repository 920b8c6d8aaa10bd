import { z } from 'zod';
import { type Caller, type Role, ROLES } from './caller.js';

/** Ids become parts of keys and stream names: no separators of ours, no blanks, no control characters. */
const id = z.string().regex(/^[^\s|\p{C}]{1,128}$/u);
const address = z.string().regex(/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,253}$/u);

/**
 * The claims of HRBC's tokens that say who somebody is. Registered claims (`iss`, `aud`, `exp`, `nbf`) are checked
 * before by the JWT library. Roles this service does not know are HRBC's own business and give nothing here.
 */
const claimsSchema = z.object({
  sub: id,
  company: id,
  email: address,
  additional_address_1: address.nullish(),
  name: z.string().trim().min(1).max(200),
  roles: z.array(z.string()).max(100).default([]),
  position: z.string().nullish(),
});

/** The caller these claims describe; null when they do not describe one. */
export function callerFrom(claims: unknown): Caller | null {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) return null;
  const { sub, company, email, name, roles, position, additional_address_1: additional } = parsed.data;
  return {
    company,
    userId: sub,
    email,
    additionalAddress1: additional ?? null,
    name,
    roles: ROLES.filter((role: Role) => roles.includes(role)),
    position: position === 'executive' ? 'executive' : null,
  };
}
