/**
 * Text with `format=flowed` (RFC 3676) as its writer typed it: lines that end in a space are joined to the next one of
 * the same quote depth. With `delSp` that space goes too, as mailers for Japanese set it.
 */
export function unflow(text: string, delSp: boolean): string {
  const out: string[] = [];
  let paragraph: { depth: number; parts: string[] } | null = null;
  const flush = (): void => {
    if (paragraph !== null) out.push(quoted(paragraph.depth, paragraph.parts.join('')));
    paragraph = null;
  };
  for (const line of text.split('\n')) {
    const { depth, content } = unquote(line);
    if (paragraph !== null && (paragraph as { depth: number }).depth !== depth) flush();
    // RFC 3676, 4.3: the signature separator is never flowed.
    if (content === '-- ') {
      flush();
      out.push(quoted(depth, content));
      continue;
    }
    paragraph ??= { depth, parts: [] };
    const flowed = content.endsWith(' ');
    paragraph.parts.push(flowed && delSp ? content.slice(0, -1) : content);
    if (!flowed) flush();
  }
  flush();
  return out.join('\n');
}

function unquote(line: string): { depth: number; content: string } {
  let depth = 0;
  while (line[depth] === '>') depth++;
  // RFC 3676, 4.4: one space in front was stuffed.
  const content = line[depth] === ' ' ? line.slice(depth + 1) : line.slice(depth);
  return { depth, content };
}

function quoted(depth: number, content: string): string {
  return depth === 0 ? content : `${'>'.repeat(depth)} ${content}`;
}
