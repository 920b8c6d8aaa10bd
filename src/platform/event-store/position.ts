import { type Position } from '@libs/eventsourcing';

/** EventStoreDB's own position: a pair that only the store understands. */
interface StorePosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** The pair as text of fixed width, so that MongoDB and everybody else can compare it. */
export function toPosition({ commit, prepare }: StorePosition): Position {
  return `${hex(commit)}-${hex(prepare)}`;
}

/** The pair back again, to go on reading from there. */
export function toStorePosition(position: Position): StorePosition {
  const [commit = '', prepare = ''] = position.split('-');
  return { commit: BigInt(`0x${commit}`), prepare: BigInt(`0x${prepare}`) };
}

const hex = (value: bigint): string => value.toString(16).padStart(16, '0');
