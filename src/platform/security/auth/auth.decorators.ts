import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request } from 'express';
import { callerOf, type Caller, type Role } from './caller.js';
import { commandMetadata } from './command-metadata.js';

export const PUBLIC = 'hrbc:public';
export const REQUIRED_ROLES = 'hrbc:required-roles';

/** Opens a route, or all routes of a controller, to callers without a token. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));

/** Closes a route, or a controller, to callers that lack any of these roles: 403 `role_missing`. */
export const Roles = (...roles: readonly Role[]) =>
  applyDecorators(SetMetadata(REQUIRED_ROLES, roles), ApiExtension('x-roles', roles));

/** `@CurrentCaller() caller: Caller`. Not for public routes: there it throws. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOfRoute(context.switchToHttp().getRequest<Request>()),
);

/** `@Metadata() metadata: CommandMetadata`: what a command of this request carries, stamped with the present time. */
export const Metadata = createParamDecorator((_data: unknown, context: ExecutionContext): CommandMetadata => {
  const request = context.switchToHttp().getRequest<Request>();
  return commandMetadata(callerOfRoute(request), request);
});

function callerOfRoute(request: Request): Caller {
  const caller = callerOf(request);
  if (caller === undefined) throw new Error('A public route has no caller; it must not ask for one.');
  return caller;
}
