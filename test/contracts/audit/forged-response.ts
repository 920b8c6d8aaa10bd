import { streams } from '../../../libs/embedded-eventstore/src/wire/stubs.js';
import { type Row } from './tampering.js';

/** What a forger changes about a stored event. */
export interface Forgery {
  readonly revision?: number;
  readonly position?: number;
  readonly id?: string;
  readonly data?: unknown;
  readonly metadata?: unknown;
}

/** The stored event with these parts replaced, whole again in the store's own format: a forger with all skill. */
export function forged(row: Row, { revision, position, id, data, metadata }: Forgery): Row {
  const response = streams.ReadResp.deserializeBinary(row.response);
  const event = response.getEvent()!;
  const record = event.getEvent()!;
  if (revision !== undefined) record.setStreamRevision(String(revision));
  if (position !== undefined) {
    record.setCommitPosition(String(position));
    record.setPreparePosition(String(position));
    event.setCommitPosition(String(position));
  }
  if (id !== undefined) record.getId()!.setString(id);
  if (data !== undefined) record.setData(Buffer.from(JSON.stringify(data)));
  if (metadata !== undefined) record.setCustomMetadata(Buffer.from(JSON.stringify(metadata)));
  return {
    ...row,
    revision: revision ?? row.revision,
    position: position ?? row.position,
    id: id === undefined ? row.id : Buffer.from(id.replaceAll('-', ''), 'hex'),
    response: response.serializeBinary(),
  };
}

export interface OpenedRow {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: Record<string, unknown>;
}

/** What a stored event says. */
export function opened(row: Row): OpenedRow {
  const record = streams.ReadResp.deserializeBinary(row.response).getEvent()!.getEvent()!;
  const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
  return {
    id: record.getId()!.getString(),
    type: row.type,
    data: json(record.getData_asU8()) as object,
    metadata: json(record.getCustomMetadata_asU8()) as Record<string, unknown>,
  };
}
