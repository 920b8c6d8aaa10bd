import { type IncomingMessage } from 'node:http';
import { type Params } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import { type AppConfig } from '../config/index.js';
import { correlationIdOf } from './correlation-id.js';
import { redacted, redactedMembers } from './redaction.js';
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
      bindings: redactedMembers,
      // `err` is left to its serializer, which gets what this returns.
      log: ({ err, ...members }: Record<string, unknown>) => ({
        ...redactedMembers(members),
        ...(err !== undefined && { err }),
      }),
    },
    hooks: {
      logMethod(args, method) {
        const [first, ...others] = args.map((arg: unknown) => (typeof arg === 'string' ? scrubbed(arg) : arg));
        method.apply(this, [first, ...others.map((arg) => redacted(arg))] as typeof args);
      },
    },
  } satisfies PinoHttpOptions;
}
