import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** An event as a tamperer finds it in the file. */
export interface Row {
  readonly position: number;
  readonly stream: number;
  readonly revision: number;
  readonly type: string;
  readonly id: Uint8Array;
  readonly created: number;
  readonly response: Uint8Array;
}

/** The file of events of an embedded event store that does not run, in the hands of somebody who may write it. */
export class TamperedFile {
  private readonly database: DatabaseSync;

  private constructor(readonly directory: string) {
    this.database = new DatabaseSync(join(directory, 'events.sqlite'));
  }

  /** Works on a copy of the directory. */
  static async copyOf(directory: string): Promise<TamperedFile> {
    const copy = await mkdtemp(join(tmpdir(), 'hrbc-mail-tampered-'));
    await cp(directory, copy, { recursive: true });
    return new TamperedFile(copy);
  }

  rows(streamName: string): Row[] {
    const sql = 'SELECT event.* FROM event JOIN stream ON stream.id = event.stream WHERE name = ? ORDER BY revision';
    return this.database.prepare(sql).all(streamName) as unknown as Row[];
  }

  /** Replaces a text in a stored event by one of the same length, which keeps the wire format whole. */
  replaceText(row: Row, from: string, to: string): void {
    const [was, is] = [Buffer.from(from), Buffer.from(to)];
    if (was.length !== is.length) throw new Error('The texts differ in length.');
    const bytes = Buffer.from(row.response);
    const place = bytes.indexOf(was);
    if (place === -1) throw new Error(`${from} is not in the event.`);
    is.copy(bytes, place);
    this.database.prepare('UPDATE event SET response = ? WHERE position = ?').run(bytes, row.position);
  }

  remove(...rows: readonly Row[]): void {
    for (const { position } of rows) this.database.prepare('DELETE FROM event WHERE position = ?').run(position);
  }

  write(row: Row): void {
    const { position, stream, revision, type, id, created, response } = row;
    this.database
      .prepare(
        'INSERT OR REPLACE INTO event (position, stream, revision, type, id, created, response) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(position, stream, revision, type, id, created, response);
  }

  close(): void {
    this.database.close();
  }
}
