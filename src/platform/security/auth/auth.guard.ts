import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { rejectAuth } from './auth.errors.js';
import { PUBLIC, REQUIRED_ROLES } from './auth.decorators.js';
import { type Caller, rememberCaller, type Role } from './caller.js';
import { TokenVerifier } from './token-verifier.js';

/** Global: a route is closed unless it says `@Public()`. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await this.verifier.verify(bearerToken(request.headers.authorization));
    rememberCaller(request, caller);
    requireRoles(caller, this.reflector.getAllAndOverride<readonly Role[] | undefined>(REQUIRED_ROLES, targets) ?? []);
    return true;
  }
}

/** RFC 6750, 2.1; the scheme's name is case-insensitive (RFC 9110, 11.1). */
function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw rejectAuth('token_missing');
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
  if (token === undefined) throw rejectAuth('token_invalid');
  return token;
}

function requireRoles(caller: Caller, required: readonly Role[]): void {
  const missing = required.find((role) => !caller.roles.includes(role));
  if (missing !== undefined) throw rejectAuth('role_missing', { role: missing });
}
