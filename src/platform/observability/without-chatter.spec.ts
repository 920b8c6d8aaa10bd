import { type LoggerService } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { withoutChatter } from './without-chatter.js';

const LEVELS = ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'] as const;

function listening() {
  const heard: unknown[][] = [];
  const hears =
    (level: string) =>
    (...said: unknown[]) =>
      void heard.push([level, ...said]);
  const logger = Object.fromEntries(LEVELS.map((level) => [level, hears(level)])) as unknown as Required<LoggerService>;
  return { heard, logger: withoutChatter(logger) as Required<LoggerService> };
}

describe('the log of a start', () => {
  it('keeps to level debug what Nest tells of its parts and routes', () => {
    const { heard, logger } = listening();
    logger.log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(heard).toEqual([['debug', 'Mapped {/x, GET} route', 'RouterExplorer']]);
  });

  it.each(LEVELS)('passes everything else on as it is: %s', (level) => {
    const { heard, logger } = listening();
    logger[level]({ loop: 'mailboxes' }, 'It tries again.', 'Projectors');
    expect(heard).toEqual([[level, { loop: 'mailboxes' }, 'It tries again.', 'Projectors']]);
  });

  it('does not turn an error into chatter, whoever tells it', () => {
    const { heard, logger } = listening();
    logger.error('No such route', 'RouterExplorer');
    expect(heard).toEqual([['error', 'No such route', 'RouterExplorer']]);
  });
});
