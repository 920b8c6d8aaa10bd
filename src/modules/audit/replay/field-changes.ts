/** What became of one field; `null` stands for "was not there". */
export interface FieldChange {
  /** Path to the field: `details.shareByDefault`. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Field by field, what is different between two states; sorted by field. */
export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])].sort();
  return fields
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

/** Objects are taken apart into their fields; lists count as one value. */
function leavesOf(value: unknown, path = ''): Map<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return new Map(path ? [[path, value]] : []);
  const inner = Object.entries(value).map(([key, member]) => leavesOf(member, path ? `${path}.${key}` : key));
  return new Map(inner.flatMap((leaves) => [...leaves]));
}
