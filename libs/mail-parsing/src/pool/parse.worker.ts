import { move, transferableSymbol, valueSymbol } from 'piscina';
import { attachmentContent } from '../attachment-content.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { readMail } from '../read-mail.js';
import { summarizeWithIdentity } from '../summarize-with-identity.js';
import { type ParseTask, type SummarizedMail, type TaskAnswers, type TaskResult } from './parse-task.js';

/** Entry of the worker threads. */
export default function work(task: ParseTask): unknown {
  switch (task.kind) {
    case 'ready':
      return null;
    case 'summarize':
      return summarizeAll(task);
    case 'read':
      return attempt(() => readMail(task.bytes, task.options));
    case 'attachment':
      return handedOver(attempt(() => attachmentContent(task.bytes, task.index, task.options)));
  }
}

function summarizeAll(task: ParseTask & { kind: 'summarize' }): TaskResult<SummarizedMail>[] {
  let at = 0;
  return task.sizes.map((size) => {
    const source = task.bytes.subarray(at, (at += size));
    return attempt(() => summarizeWithIdentity(source, task.options));
  });
}

function attempt<T>(parse: () => T): TaskResult<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof MailUnreadable) return { ok: false, reason: error.reason };
    throw error;
  }
}

/** The bytes leave for the other thread without being copied once more. */
function handedOver(result: TaskAnswers['attachment']): unknown {
  if (!result.ok) return result;
  const bytes = new Uint8Array(result.value.bytes);
  return move({
    [transferableSymbol]: bytes.buffer,
    [valueSymbol]: { ok: true, value: { ...result.value, bytes } },
  });
}
