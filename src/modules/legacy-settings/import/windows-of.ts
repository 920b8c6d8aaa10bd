import { type UploadLine } from '../upload/upload-record.js';

/**
 * Cuts lines into windows that can be worked on side by side: at most `size` lines, and no person twice, so that two
 * lines about one person are decided in the order of the file.
 */
export async function* windowsOf(
  lines: AsyncIterable<UploadLine>,
  size: number,
): AsyncGenerator<readonly UploadLine[]> {
  let window: UploadLine[] = [];
  let people = new Set<string>();
  for await (const line of lines) {
    const person = 'values' in line ? line.values.get('userid')?.trim() : undefined;
    if (window.length === size || (person !== undefined && people.has(person))) {
      yield window;
      [window, people] = [[], new Set()];
    }
    window.push(line);
    if (person !== undefined) people.add(person);
  }
  if (window.length > 0) yield window;
}
