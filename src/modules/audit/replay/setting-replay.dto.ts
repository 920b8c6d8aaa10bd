import { z } from 'zod';
import { AuditEventResponse, instant, toResponse } from '../events/audit-events.dto.js';
import { type Difference, type HistoryEntry, type Replayed } from './setting-replay.js';

/** `?at=`: an instant, by default the present one. */
export const AtQuery = z.strictObject({ at: instant.optional() });
export type AtQuery = z.output<typeof AtQuery>;
/** `?from=&to=`: two instants. */
export const BetweenQuery = z.strictObject({ from: instant, to: instant });
export type BetweenQuery = z.output<typeof BetweenQuery>;

const FieldChangeResponse = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
const HistoryResponse = z.array(z.object({ event: AuditEventResponse, changes: z.array(FieldChangeResponse) }));
const setting = z
  .record(z.string(), z.unknown())
  .nullable()
  .meta({ description: 'As it stood then; secrets as fingerprints. null: there was nothing yet' });

export const SettingAt = z.object({ at: instant, setting, history: HistoryResponse }).meta({ id: 'SettingAt' });
export type SettingAt = z.infer<typeof SettingAt>;

export const SettingDifference = z
  .object({
    from: instant,
    to: instant,
    before: setting,
    after: setting,
    changes: z.array(FieldChangeResponse),
    history: HistoryResponse,
  })
  .meta({ id: 'SettingDifference' });
export type SettingDifference = z.infer<typeof SettingDifference>;

/** An instant as it is stored: UTC, to the millisecond. */
export const utcOf = (at: string | undefined): string => (at === undefined ? new Date() : new Date(at)).toISOString();

export function toSettingAt(at: string, { setting, history }: Replayed): SettingAt {
  return { at, setting: setting as SettingAt['setting'], history: history.map(toEntry) };
}

export function toDifference(from: string, to: string, difference: Difference): SettingDifference {
  const { before, after, changes, history } = difference;
  return {
    from,
    to,
    before: before as SettingAt['setting'],
    after: after as SettingAt['setting'],
    changes: [...changes],
    history: history.map(toEntry),
  };
}

const toEntry = ({ event, changes }: HistoryEntry) => ({ event: toResponse(event), changes: [...changes] });
