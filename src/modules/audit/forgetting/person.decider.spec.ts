import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { ConfirmErasure, ErasePerson } from './person.commands.js';
import { personDecider } from './person.decider.js';
import { type PersonErased, type PersonErasureDecided } from './person.events.js';

const { given } = specificationOf(personDecider);
const metadata = { company: 'porters', at: '2026-11-22T01:00:00.000Z', reason: '退職' } as CommandMetadata;
const taro = { userId: 'taro' };
const decided: PersonErasureDecided = { type: 'PersonErasureDecided', data: taro };
const erased = (receivedMails: number): PersonErased => ({
  type: 'PersonErased',
  data: { ...taro, erased: { receivedMails } },
});
const erase = new ErasePerson(taro, metadata);
const confirm = (receivedMails: number) => new ConfirmErasure({ ...taro, erased: { receivedMails } }, metadata);

describe('a person', () => {
  it('is forgotten when an admin decides so', () => given().when(erase).then(decided));

  it('is forgotten once, however often it is decided', () => {
    given(decided).when(erase).thenNothing();
    given(decided, erased(3)).when(erase).thenNothing();
  });

  it('is erased when the work is done, also when there was nothing to do', () => {
    given(decided).when(confirm(3)).then(erased(3));
    given(decided).when(confirm(0)).then(erased(0));
  });

  it('is erased again only when something had come in late', () => {
    given(decided, erased(3)).when(confirm(0)).thenNothing();
    given(decided, erased(3)).when(confirm(1)).then(erased(1));
  });

  it('is never erased undecided', () => given().when(confirm(3)).thenNothing());
});
