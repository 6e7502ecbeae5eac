import { z } from "zod";

/** A document's JSON Schema, for programs that read it, and that must not mind a field they do not know. */
export function jsonSchemaText(document: z.ZodType): string {
  const schema = z.toJSONSchema(document, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
      delete jsonSchema.readOnly;
    },
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
