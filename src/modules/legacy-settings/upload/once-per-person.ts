import { type UploadLine, type UploadRecord } from './upload-record.js';

/**
 * Refuses a second line about the same person. Each would be taken for a correction of the other, at every repeat of the
 * upload anew, and nobody but the company knows which of them is right. It remembers who was there, and nothing else.
 */
export async function* oncePerPerson(lines: AsyncIterable<UploadLine>): AsyncGenerator<UploadLine> {
  const firstLines = new Map<string, number>();
  for await (const line of lines) {
    const person = 'values' in line ? personIn(line) : null;
    const firstLine = person === null ? undefined : firstLines.get(person);
    if (person !== null && firstLine === undefined) firstLines.set(person, line.line);
    yield firstLine === undefined ? line : { line: line.line, fault: 'legacy_person_twice', params: { firstLine } };
  }
}

/** null: the line says nobody, which it is refused for. */
function personIn({ values }: UploadRecord): string | null {
  const [company, userId] = [values.get('companyid')?.trim(), values.get('userid')?.trim()];
  return userId ? JSON.stringify([company, userId]) : null;
}
