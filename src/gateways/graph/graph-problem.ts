import { GraphError } from '@microsoft/microsoft-graph-client';
import { retryAfter } from '../retry-after.js';
import type { GraphProblem } from './graph-failure.js';

const MOST_ERROR_BYTES = 64 * 1024;

/**
 * The problem in an answer that is none of 2xx. Of its body only `error.code` is read: the rest may repeat addresses and
 * subjects.
 */
export async function problemOfAnswer(answer: Response): Promise<GraphProblem> {
  return {
    status: answer.status,
    code: codeIn(await beginningOf(answer.body)),
    retryAfterMs: retryAfter(answer.headers.get('retry-after')),
  };
}

/** The problem where there was no answer, or none that could be read to its end. */
export function problemOfError(error: unknown): GraphProblem {
  const code = error instanceof GraphError ? error.code : error instanceof Error ? error.name : null;
  return { status: 0, code, retryAfterMs: null };
}

function codeIn(text: string): string | null {
  try {
    const body = JSON.parse(text) as { readonly error?: { readonly code?: unknown } } | null;
    return typeof body?.error?.code === 'string' ? body.error.code : null;
  } catch {
    return null; // a proxy's page: then the status has to say everything
  }
}

async function beginningOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of body ?? []) {
      parts.push(part);
      bytes += part.length;
      if (bytes > MOST_ERROR_BYTES) break;
    }
  } catch {
    // cut off: what has come is looked at
  }
  return Buffer.concat(parts).toString('utf8');
}
