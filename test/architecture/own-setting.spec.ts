import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Operation {
  readonly parameters?: readonly { readonly name?: string }[];
  readonly requestBody?: object;
}
const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const own = Object.entries(document.paths).flatMap(([path, operations]) =>
  path.startsWith('/api/v1/me/') ? Object.entries(operations).map(([verb, o]) => [verb, path, o] as const) : [],
);

/** The names of every field in a schema, also of those that it refers to. */
function fieldsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { properties, $ref } = part as { readonly properties?: object; readonly $ref?: string };
  const named = $ref?.slice(2).split('/').reduce<unknown>(at, document);
  return [...Object.keys(properties ?? {}), ...[named, ...Object.values(part)].flatMap(fieldsIn)];
}
const at = (value: unknown, key: string): unknown => (value as Record<string, unknown>)[key];

describe('a route for the own things (R23)', () => {
  it('is found by its path', () => expect(own.length).toBeGreaterThan(5));

  it('is looked at with its body', () =>
    expect(own.flatMap(([, , { requestBody }]) => fieldsIn(requestBody))).toContain('accountName'));

  it.each(own)('%s %s takes nobody but the caller: no place where another could be named', (_verb, path, operation) => {
    const { parameters = [], requestBody } = operation;
    const places = [path, ...parameters.flatMap(({ name }) => name ?? []), ...fieldsIn(requestBody)];
    expect(places.filter((place) => /user|person|owner|member|\{/i.test(place))).toEqual([]);
  });
});
