import { z } from "zod";

/** A path inside a value. */
type Path = readonly (string | number)[];

/** The schemas that can apply at a path of a value: more than one only where a union leaves it open. */
export function schemasAt(schema: z.core.$ZodType, value: unknown, path: Path): z.core.$ZodType[] {
  let found: z.core.$ZodType[] = [schema];
  let inside = value;
  for (const part of path) {
    const here = inside;
    found = found.flatMap((candidate) => alternatives(candidate, here)).flatMap((each) => childrenOf(each, part));
    inside = valueAt(inside, [part]);
  }
  return found;
}

/** The fields a mapping can have at a path. */
export function fieldsAt(schema: z.core.$ZodType, value: unknown, path: Path): string[] {
  const here = valueAt(value, path);
  return schemasAt(schema, value, path)
    .flatMap((candidate) => alternatives(candidate, here))
    .flatMap((candidate) => (candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : []));
}

/** What a value has at a path; undefined where it has nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, part)) return undefined;
    found = Reflect.get(found, part);
  }
  return found;
}

/** A schema without its wrappers; a union's options, or the one that the value's discriminator chooses. */
export function alternatives(schema: z.core.$ZodType, value: unknown): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return alternatives(schema.unwrap(), value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const chosen = schema.options.filter(
      (option) =>
        option instanceof z.ZodObject &&
        z.safeParse(option.shape[discriminator], valueAt(value, [discriminator])).success,
    );
    return chosen.length === 0 ? [...schema.options] : chosen;
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => alternatives(option, value));
  return [schema];
}

function childrenOf(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const name = String(part);
    const child: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    return child instanceof z.ZodType ? [child] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodArray) return [schema.element];
  return [];
}
