import mongoose from 'mongoose';
import { expect } from 'vitest';

const { MongoServerError } = mongoose.mongo;

/** The error with which the server refuses something. Fails the test when it does not refuse. */
export async function failureOf(attempt: Promise<unknown>): Promise<mongoose.mongo.MongoServerError> {
  const outcome = await attempt.then(
    () => 'no error',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(MongoServerError);
  return outcome as mongoose.mongo.MongoServerError;
}

/** The code of that error. */
export async function codeOf(attempt: Promise<unknown>): Promise<number | string | undefined> {
  return (await failureOf(attempt)).code;
}
