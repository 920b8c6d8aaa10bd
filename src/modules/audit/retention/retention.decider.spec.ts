import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { DecideRetention } from './retention.commands.js';
import { retentionDecider } from './retention.decider.js';
import { type RetentionDecided } from './retention.events.js';

const { given } = specificationOf(retentionDecider);
const metadata = { company: 'porters', at: '2026-11-22T01:00:00.000Z' } as CommandMetadata;
const keep = (mailDays: number | null) => new DecideRetention({ mailDays }, metadata, null);
const decided = (mailDays: number | null): RetentionDecided => ({ type: 'RetentionDecided', data: { mailDays } });

describe('how long mail is kept', () => {
  it('is decided', () => given().when(keep(365)).then(decided(365)));
  it('is for ever until somebody decides otherwise, and again when somebody does', () => {
    given().when(keep(null)).thenNothing();
    given(decided(365)).when(keep(null)).then(decided(null));
  });
  it('is decided once', () => given(decided(365)).when(keep(365)).thenNothing());
  it('may be changed', () => given(decided(365)).when(keep(730)).then(decided(730)));
});
