import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type IncomingMessage } from 'node:http';

const seeds = new WeakMap<IncomingMessage, string>();

export function rememberSeed(request: IncomingMessage, seed: string): void {
  seeds.set(request, seed);
}

/**
 * `@IdempotencySeed() seed: string | null`: the same for every attempt at one keyed POST, so that an attempt after a
 * crash makes things under the same ids (`newId(seed)`). null without an `Idempotency-Key`.
 */
export const IdempotencySeed = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | null =>
    seeds.get(context.switchToHttp().getRequest<IncomingMessage>()) ?? null,
);
