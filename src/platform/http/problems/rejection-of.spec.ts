import {
  BadRequestException,
  ForbiddenException,
  HttpException,
  NotFoundException,
  PayloadTooLargeException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { rejectHttp } from './problems.errors.js';
import { rejectionOf } from './rejection-of.js';

const named = (name: string, message = '') => Object.assign(new Error(message), { name });

describe('whatever is thrown', () => {
  it('is told as it is when it is a refusal', () => {
    const refusal = rejectHttp('cursor_invalid');
    expect(rejectionOf(refusal, 'r1')).toBe(refusal);
  });

  it.each<[string, unknown, string]>([
    [
      'a body that is no JSON',
      new BadRequestException('', { cause: parserError('entity.parse.failed') }),
      'malformed_json',
    ],
    [
      'a broken request',
      new BadRequestException('', { cause: parserError('request.size.invalid') }),
      'malformed_request',
    ],
    ['a path that cannot be decoded', new BadRequestException(), 'malformed_request'],
    ['no route', new NotFoundException(), 'route_not_found'],
    ['a large body', new PayloadTooLargeException(), 'body_too_large'],
    ['an unknown charset', new UnsupportedMediaTypeException(), 'media_type_not_supported'],
    ["a refusal in the framework's own words", new ForbiddenException(), 'internal_error'],
    ['a failure of the framework', new HttpException('', 500), 'internal_error'],
    ['no server to be found', named('MongoServerSelectionError'), 'store_unavailable'],
    ['a broken connection', named('MongoNetworkError'), 'store_unavailable'],
    [
      'no connection in time',
      named('MongooseError', 'Operation `x` buffering timed out after 10000ms'),
      'store_unavailable',
    ],
    ['a wrong use of mongoose', named('MongooseError', 'Query was already executed'), 'internal_error'],
    ['an event store that is away', Object.assign(new Error(), { type: 'unavailable' }), 'store_unavailable'],
    ['an event store without a leader', Object.assign(new Error(), { type: 'not-leader' }), 'store_unavailable'],
    ['no event store found', new Error('Failed to discover after 10 attempts.'), 'store_unavailable'],
    ['an event of ours that is missing', Object.assign(new Error(), { type: 'stream-not-found' }), 'internal_error'],
    ['a mistake of ours', new TypeError('x is undefined'), 'internal_error'],
    ['no error at all', 'oops', 'internal_error'],
    ['nothing', undefined, 'internal_error'],
  ])('becomes a refusal: %s', (_name, thrown, code) => {
    expect(rejectionOf(thrown, 'r1').code).toBe(code);
  });

  it('names the limit of a body and the id of the request', () => {
    const large = new PayloadTooLargeException('', { cause: Object.assign(new Error(), { limit: 10 }) });
    expect(rejectionOf(large, 'r1').detail.en).toContain('10 bytes');
    expect(rejectionOf(new Error(), 'r1').detail.ja).toContain('r1');
  });
});

function parserError(type: string): Error {
  return Object.assign(new Error(), { type });
}
