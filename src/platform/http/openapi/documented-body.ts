import { ApiExtension } from '@nestjs/swagger';
import { toJsonSchema } from './json-schema.js';

/** Under this an operation keeps its bodies until the document is put together. */
export const BODIES = 'x-bodies';

/** A media type, what is sent as it, and the schemas with a name that this refers to. */
export type DocumentedBodies = Readonly<
  Record<string, { readonly schema: object; readonly components?: Readonly<Record<string, object>> }>
>;

/**
 * Documents the body of a route that reads it by itself, because each media type is read in another way; all other
 * routes say it by `@Body({ schema })`.
 * @param bodies by media type: a zod schema, or a JSON Schema where zod cannot say it (files of a form)
 */
export const DocumentedBody = (bodies: Readonly<Record<string, object>>): MethodDecorator & ClassDecorator =>
  ApiExtension(
    BODIES,
    Object.fromEntries(Object.entries(bodies).map(([mediaType, schema]) => [mediaType, documented(schema)])),
  );

function documented(schema: object): object {
  // Written once, and referred to as OpenAPI does.
  const made = JSON.stringify(toJsonSchema(schema, { schemaType: 'input' }) ?? { schema });
  return JSON.parse(made.replaceAll('"#/$defs/', '"#/components/schemas/')) as object;
}
