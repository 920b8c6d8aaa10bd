import { describe, expect, it } from 'vitest';
import { identityAnswer, returnedError } from './identity-answer.js';

describe('an error of the token endpoint', () => {
  it('is reduced to what decides; its description, which repeats addresses, is not kept', () => {
    const body = {
      error: 'invalid_grant',
      suberror: 'bad_token',
      error_codes: [50173],
      error_description: 'AADSTS50173: taro@…',
    };
    const answer = identityAnswer(400, body, '12');
    expect(answer).toEqual({
      status: 400,
      error: 'invalid_grant',
      suberror: 'bad_token',
      numbers: [50173],
      retryAfterMs: 12_000,
    });
  });
  it.each([[null], ['<html>'], [[]], [{ error: 1, error_codes: 'x' }]])('%j says nothing, and breaks nothing', (body) =>
    expect(identityAnswer(502, body, null)).toEqual({
      status: 502,
      error: null,
      suberror: null,
      numbers: [],
      retryAfterMs: null,
    }),
  );
});

describe('what the browser brings back', () => {
  it('names the number where Microsoft does', () =>
    expect(
      returnedError({ error: 'access_denied', error_description: 'AADSTS65004: User declined. Trace ID: 1' }),
    ).toMatchObject({
      error: 'access_denied',
      numbers: [65004],
    }));
  it('may name none', () => expect(returnedError({ error: 'access_denied' })).toMatchObject({ numbers: [] }));
  it('is no error without one', () => {
    expect(returnedError({})).toBeNull();
    expect(returnedError({ error: ['a', 'b'] })).toBeNull();
  });
});
