import { describe, expect, it } from 'vitest';
import { pairs } from './known-elsewhere.js';
import { type KeptMail, type Stranger } from './message-store.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 22, 0, 0, seconds));
const summary = (subject: string, preview = '') => ({
  from: null,
  to: [],
  subject,
  preview,
  hasAttachments: false,
  size: 1,
});
const mail = (id: string, seconds: number, subject = 'same', headerIdentity = 'h'): KeptMail => ({
  id,
  company: 'c',
  userId: 'u',
  identities: [id],
  headerIdentity,
  knownIn: ['graph t/u'],
  messageIdHeader: '<1@example.com>',
  receivedAt: at(seconds),
  locator: id,
  summary: summary(subject),
  unreadable: null,
  source: Buffer.alloc(0),
});
const stranger = (id: string, seconds: number, subject = 'same', headerIdentity = 'h'): Stranger => ({
  id,
  headerIdentity,
  receivedAt: at(seconds),
  summary: summary(subject),
});
const idsOf = (found: ReturnType<typeof pairs>) => found.map(([a, b]) => `${a.id}=${b.id}`).sort();

describe('mails with equal headers, met in two worlds', () => {
  it('are the same mail where there is one in each', () =>
    expect(idsOf(pairs([mail('g1', 0)], [stranger('i1', 3_600)]))).toEqual(['g1=i1']));
  it('are paired one to one: what is left over is another mail', () =>
    expect(idsOf(pairs([mail('g1', 0), mail('g2', 5)], [stranger('i1', 1)]))).toEqual(['g1=i1']));
  it('are paired by what they say first, and by when they came after that', () => {
    expect(
      idsOf(
        pairs([mail('g1', 0), mail('g2', 0, '[list] same')], [stranger('i2', 0, '[list] same'), stranger('i1', 9)]),
      ),
    ).toEqual(['g1=i1', 'g2=i2']);
    expect(idsOf(pairs([mail('g1', 0), mail('g2', 60)], [stranger('i2', 61), stranger('i1', 1)]))).toEqual([
      'g1=i1',
      'g2=i2',
    ]);
  });
  it('pair with no mail of other headers', () =>
    expect(pairs([mail('g1', 0)], [stranger('i1', 0, 'same', 'other headers')])).toEqual([]));
});
