import { type Fields, isFields } from "./stack-reading";

/** The fields of an object; nothing of anything else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The texts in a list; nothing of anything else. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The texts among an object's fields; nothing of anything else. */
export function textsByName(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

/** A block of Terraform, or a list of blocks. */
export function blocksOf(value: unknown): Fields[] {
  return (Array.isArray(value) ? value : [value]).filter(isFields);
}
