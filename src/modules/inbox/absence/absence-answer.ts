import { type RejectionDefinition } from '@libs/eventsourcing';
import { z } from 'zod';
import { type Language } from '../../../platform/http/index.js';
import { mailboxProblems } from '../../user-mail-setting/index.js';
import { absenceTexts, inFolder, onlyInboxAsked, pausedSince, serverNotAsked } from './absence-texts.js';
import { type Absence } from './absence.js';
import { ABSENCE_REASONS } from './absence.policy.js';
import { type ServerAnswer } from './server-search.js';

/** `GET /inbox/absence`. */
export const AbsenceAnswer = z
  .object({
    reason: z.enum(ABSENCE_REASONS),
    detail: z.string(),
    messageIds: z.array(z.string()).meta({ description: 'Mails like it: here, or in quarantine' }),
    server: z
      .enum(['asked', 'asked_in_part', 'not_asked'])
      .meta({ description: 'Whether the mail server was asked; in part: it holds more than was looked through' }),
    folder: z.string().nullable().meta({ description: 'Where it is on the mail server, if not in the INBOX' }),
    problem: z.string().nullable().meta({ description: 'Why the mailbox cannot be read, or its server asked' }),
  })
  .meta({ id: 'Absence' });
export type AbsenceAnswer = z.infer<typeof AbsenceAnswer>;

/** What the person is told. */
export function answerOf(absence: Absence, language: Language): AbsenceAnswer {
  const { reason, messageIds, server } = absence;
  return {
    reason,
    detail: detailOf(absence, language),
    messageIds: [...messageIds],
    server: scopeOf(server),
    folder: folderOf(server),
    problem: pauseOf(absence)?.code ?? troubleOf(server),
  };
}

function detailOf(absence: Absence, language: Language): string {
  const { reason, server } = absence;
  const [paused, folder, trouble] = [pauseOf(absence), folderOf(server), troubleOf(server)];
  const isNarrow = reason === 'not_on_server' && server?.kind === 'asked' && !server.otherFolders;
  const more = [
    paused && pausedSince(paused.since)[language] + problemText(paused.code, language),
    folder === null ? null : inFolder(folder)[language],
    trouble && serverNotAsked[language] + problemText(trouble, language),
    isNarrow ? onlyInboxAsked[language] : null,
  ];
  return [absenceTexts[reason][language], ...more.filter((part) => part !== null)].join(language === 'ja' ? '' : ' ');
}

const pauseOf = ({ reason, problem }: Absence) => (reason === 'mailbox_paused' ? problem : null);
const troubleOf = (server: ServerAnswer | null) => (server?.kind === 'not_asked' ? server.problem : null);

function scopeOf(server: ServerAnswer | null): AbsenceAnswer['server'] {
  if (server?.kind !== 'asked') return 'not_asked';
  return server.complete ? 'asked' : 'asked_in_part';
}

function folderOf(server: ServerAnswer | null): string | null {
  if (server?.kind !== 'asked' || server.mail === null || server.mail.place === 'inbox') return null;
  return server.mail.folder;
}

function problemText(code: string, language: Language): string {
  const texts: Readonly<Record<string, RejectionDefinition>> = mailboxProblems;
  return (texts[code] ?? mailboxProblems.mailbox_read_failed).detail({})[language];
}
