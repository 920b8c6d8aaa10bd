import { type Projection, streamParts } from '@libs/eventsourcing';
import { RETENTION, type RetentionEvent } from './retention.events.js';

export interface RetentionDocument {
  readonly company: string;
  readonly mailDays: number | null;
  readonly decidedAt: string;
  readonly reason: string | null;
  /** Of the stream; the ETag of the resource. */
  readonly revision: number;
}

export const retentionProjection: Projection<RetentionDocument, RetentionEvent> = {
  name: 'retention',
  version: 1,
  categories: [RETENTION],
  project({ stream, revision, data: { mailDays }, metadata: { at, reason = null } }) {
    const [company = ''] = streamParts(stream);
    return [{ id: company, set: { company, mailDays, decidedAt: at, reason, revision } }];
  },
};
