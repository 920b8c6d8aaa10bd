import { type UploadLine } from '../upload/upload-record.js';

/** Cuts lines into windows that can be worked on side by side: at most `size` lines. */
export async function* windowsOf(
  lines: AsyncIterable<UploadLine>,
  size: number,
): AsyncGenerator<readonly UploadLine[]> {
  let window: UploadLine[] = [];
  for await (const line of lines) {
    window.push(line);
    if (window.length < size) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}
