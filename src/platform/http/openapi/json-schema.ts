import { z } from 'zod';
import { shownInstead } from './documented-schema.js';

/**
 * A zod schema as the JSON Schema of OpenAPI 3.1 (draft 2020-12). Schemas with a name (`.meta({ id })`) become
 * components. What JSON Schema cannot say (a transformation's result) is shown as "anything" instead of failing.
 */
export function toJsonSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): { schema: unknown; components?: Record<string, unknown> } | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $defs,
    $schema: _dialect,
    ...shape
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: schemaType,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const shown = shownInstead(zodSchema);
      if (shown === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, shown);
    },
  });
  return { schema: shape, ...($defs !== undefined && { components: $defs }) };
}
