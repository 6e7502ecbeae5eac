import { z } from "zod";

const standIns = z.registry<{ readonly value: unknown }>();

/**
 * Marks a field that no reference in the map depends on, so that a mistake in it need not hide the mistakes around it.
 *
 * @param value what to go on with when the field is wrong or missing; undefined for an optional field means without it.
 * It never reaches a map: a map with problems is not handed out
 */
export function goOnWith<Schema extends z.ZodType>(schema: Schema, value: unknown): Schema {
  standIns.add(schema, { value });
  return schema;
}

/** What to go on with in place of a wrong value; undefined when the rest means nothing without the right one. */
export function standInFor(schema: z.core.$ZodType): { readonly value: unknown } | undefined {
  return standIns.get(schema) ?? (schema instanceof z.ZodOptional ? standInFor(schema.unwrap()) : undefined);
}
