import { type LoggerService } from '@nestjs/common';

/** Under these names Nest tells of every part and every route while it starts, a hundred lines that hide all others. */
const CHATTERERS: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** A logger that says what Nest's start-up tells of itself at level `debug` only. */
export function withoutChatter(logger: Required<Pick<LoggerService, 'debug'>> & LoggerService): LoggerService {
  return {
    log: (message: unknown, ...details: unknown[]) => {
      if (CHATTERERS.has(details.at(-1))) logger.debug(message, ...details);
      else logger.log(message, ...details);
    },
    error: (message: unknown, ...details: unknown[]) => void logger.error(message, ...details),
    warn: (message: unknown, ...details: unknown[]) => void logger.warn(message, ...details),
    debug: (message: unknown, ...details: unknown[]) => void logger.debug(message, ...details),
    verbose: (message: unknown, ...details: unknown[]) => void logger.verbose?.(message, ...details),
    fatal: (message: unknown, ...details: unknown[]) => void logger.fatal?.(message, ...details),
  };
}
