import { type IncomingMessage } from 'node:http';
import { type Params } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import { type AppConfig } from '../config/index.js';
import { correlationIdOf } from './correlation-id.js';
import { REDACTED, redacted, redactedMembers, SECRET_NAMES } from './redaction.js';
import { safeError, scrubbed } from './safe-error.js';

type PinoHttpOptions = Extract<Params['pinoHttp'], { level?: unknown }>;

/**
 * One JSON object a line. Everything that is written passes the redaction, whoever writes it; inside a request every
 * line carries its `requestId`. Requests themselves are logged by the RequestObserver.
 */
export function loggerOptions({ logLevel }: Pick<AppConfig, 'logLevel'>) {
  return {
    level: logLevel,
    timestamp: stdTimeFunctions.isoTime,
    autoLogging: false,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    genReqId: (request: IncomingMessage) => correlationIdOf(request),
    wrapSerializers: false,
    serializers: { err: safeError, req: () => undefined, res: () => undefined },
    formatters: {
      level: (label: string) => ({ level: label }),
      // `err` is left to its serializer, which gets what this returns.
      log: ({ err, ...members }: Record<string, unknown>) => ({
        ...redactedMembers(members),
        ...(err !== undefined && { err }),
      }),
    },
    // Pino's own redaction is for what child loggers are bound to: the formatters above never see that.
    redact: { paths: [...SECRET_NAMES], censor: REDACTED },
    hooks: {
      logMethod(args, method) {
        method.apply(this, safeArguments(args) as typeof args);
      },
    },
  } satisfies PinoHttpOptions;
}

/** What a log method was called with: the object is left to the formatters, texts and what goes into them is not. */
function safeArguments([first, message = messageOf(first), ...values]: readonly unknown[]): unknown[] {
  const texts = [message, ...values].map((value) => (typeof value === 'string' ? scrubbed(value) : redacted(value)));
  const [object, ...rest] = [typeof first === 'string' ? scrubbed(first) : first, ...texts];
  return message === undefined ? [object] : [object, ...rest];
}

/** Pino takes an error's message for the line's when nobody gives another one. */
function messageOf(first: unknown): string | undefined {
  const error = typeof first === 'object' && first !== null && 'err' in first ? first.err : first;
  return error instanceof Error ? error.message : undefined;
}
