import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
}
const text = readFileSync('docs/openapi.json', 'utf8');
const { paths, components } = JSON.parse(text) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ call: `${method} ${path}`, operation })),
);

describe('docs/openapi.json', () => {
  it('says of every call that takes something what it takes', () => {
    const without = operations.filter(({ operation }) => operation.requestBody === undefined);
    const calls = without.map(({ call }) => call).filter((call) => /^(post|put|patch) /.test(call));
    expect(calls.sort()).toEqual([
      'post /api/v1/inbox/messages/{id}/reread',
      'post /api/v1/outbox/messages/{id}/retry',
    ]);
  });

  it('describes a mail to be sent as JSON and as a form', () => {
    const { content = {} } = paths['/api/v1/outbox/messages']?.['post']?.requestBody ?? {};
    expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data']);
    expect(components.schemas['OutboxMailInput']).toHaveProperty('properties.attachments');
    expect(content['multipart/form-data']?.schema).toHaveProperty('properties.attachments');
  });

  it('refers to nothing that is not in it', () => {
    const named = [...text.matchAll(/"\$ref": ?"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(50);
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(named));
    expect(text).not.toMatch(/#\/\$defs|"x-(bodies|public)"/);
  });
});
