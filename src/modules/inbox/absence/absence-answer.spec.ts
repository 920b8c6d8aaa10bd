import { describe, expect, it } from 'vitest';
import { answerOf } from './absence-answer.js';
import { type Absence } from './absence.js';

const nothing: Absence = { reason: 'not_on_server', messageIds: [], server: null, problem: null };
const asked = { kind: 'asked', complete: true, otherFolders: true, mail: null } as const;
const filed = { place: 'other', folder: '請求書', receivedAt: null, messageId: null, from: null } as const;

describe('what a person is told who misses a mail', () => {
  it('names the folder it lies in', () => {
    const answer = answerOf({ ...nothing, reason: 'in_other_folder', server: { ...asked, mail: filed } }, 'ja');
    expect([answer.folder, answer.server]).toEqual(['請求書', 'asked']);
    expect(answer.detail).toMatch(/受信トレイに戻すと受信されます。フォルダ: 「請求書」$/);
  });

  it('says since when the mailbox cannot be read, in Japan time, and why', () => {
    const problem = { code: 'mailbox_login_failed', since: '2026-11-22T15:04:00.000Z' };
    const ja = answerOf({ ...nothing, reason: 'mailbox_paused', problem }, 'ja');
    expect(ja.detail).toContain('2026-11-23 00:04から: メールサーバーがログインを受け付けません。');
    const en = answerOf({ ...nothing, reason: 'mailbox_paused', problem }, 'en');
    expect(en.detail).toContain('Since 2026-11-23 00:04 (Japan time): The mail server no longer accepts the login');
    expect([en.problem, en.server]).toEqual(['mailbox_login_failed', 'not_asked']);
  });

  it('says why the server could not be asked, and answers by the record', () => {
    const server = { kind: 'not_asked', problem: 'mailbox_server_unreachable' } as const;
    const answer = answerOf({ ...nothing, reason: 'not_in_inbox', server }, 'en');
    expect([answer.problem, answer.server]).toEqual(['mailbox_server_unreachable', 'not_asked']);
    expect(answer.detail).toContain('The mail server could not be asked: The mail server cannot be reached');
  });

  it('admits that only the INBOX was looked into', () => {
    const detail = (otherFolders: boolean): string =>
      answerOf({ ...nothing, server: { ...asked, otherFolders } }, 'en').detail;
    expect(detail(false)).toContain('Other folders, spam among them, could not be looked into.');
    expect(detail(true)).not.toContain('Other folders');
  });

  it('keeps a problem to itself that explains nothing', () => {
    const problem = { code: 'mailbox_busy', since: '2026-11-22T15:04:00.000Z' };
    expect(answerOf({ ...nothing, reason: 'here', problem }, 'ja').problem).toBeNull();
  });
});
