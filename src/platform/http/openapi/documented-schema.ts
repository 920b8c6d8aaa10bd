import { type z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const documented = new WeakMap<z.core.$ZodType, JsonSchema>();

/** Shows a schema in the API document as something else than what it reads: a number in a URL arrives as text. */
export function documentedAs<Schema extends z.core.$ZodType>(schema: Schema, shown: JsonSchema): Schema {
  documented.set(schema, shown);
  return schema;
}

export function shownInstead(schema: z.core.$ZodType): JsonSchema | undefined {
  return documented.get(schema);
}
