import { z } from "zod";
import type { MapFile, MapPath } from "./map-file";
import { listNames, nearestName, type Problem } from "./problem";

/**
 * Holds a value of a file against a schema.
 *
 * @returns the typed value, or every problem at its place
 */
export function checkSchema<Schema extends z.ZodType>(
  schema: Schema,
  file: MapFile,
  path: MapPath,
  value: unknown,
): { value: z.output<Schema> } | { problems: Problem[] } {
  const result = schema.safeParse(value, { error: houseMessage });
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, schema, file, path)) };
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, file: MapFile, root: MapPath): Problem[] {
  const inside = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  const path = [...root, ...inside];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const known = fieldsAt(schema, inside);
        const nearest = nearestName(key, known);
        return file.problem([...path, key], "is not a known field", {
          atKey: true,
          fix: nearest === undefined ? `allowed are ${listNames(known, 30)}` : `did you mean ${nearest}?`,
        });
      });
    case "invalid_key": {
      const [first] = issue.issues;
      return [file.problem(path, ...messageAndFix(first?.message ?? issue.message, true))];
    }
    case "invalid_union": {
      const branch = issue.errors.find((issues) => !issues.some(isAboutTheWhole));
      if (branch === undefined) return [file.problem(path, ...messageAndFix(issue.message, false))];
      return branch.flatMap((nested) =>
        problemsOf({ ...nested, path: [...issue.path, ...nested.path] } as z.core.$ZodIssue, schema, file, root),
      );
    }
    case "invalid_value": {
      const [message, details] = messageAndFix(issue.message, false);
      const given = valueAt(file.value, path);
      const nearest = typeof given === "string" ? nearestName(given, issue.values.map(String)) : undefined;
      const fix = details.fix ?? (nearest === undefined ? undefined : `did you mean ${nearest}?`);
      return [file.problem(path, message, { fix })];
    }
    default:
      return [file.problem(path, ...messageAndFix(issue.message, false))];
  }
}

/** An issue that says "this alternative is of another kind altogether". */
function isAboutTheWhole(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

/** The schemas write `what is allowed; how to fix`. */
function messageAndFix(text: string, atKey: boolean): [string, { fix: string | undefined; atKey: boolean }] {
  const [message = text, ...rest] = text.split("; ");
  return [message, { fix: rest.length === 0 ? undefined : rest.join("; "), atKey }];
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** What a schema says where it has no message of its own. */
function houseMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return `is missing; add it (${kinds[issue.expected] ?? issue.expected})`;
      if (issue.input === null)
        return `is empty, must be ${kinds[issue.expected] ?? issue.expected}; fill it in or leave the field out`;
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      if (issue.input === undefined) return `is missing; add it (one of ${issue.values.map(String).join(", ")})`;
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.origin === "string" ? "must not be empty" : `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function valueAt(value: unknown, path: MapPath): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, part);
  }
  return found;
}

/** The fields a schema allows at a path: what "did you mean" chooses from. */
function fieldsAt(schema: z.ZodType, path: MapPath): string[] {
  let candidates: z.core.$ZodType[] = [schema];
  for (const part of path)
    candidates = candidates.flatMap(alternatives).flatMap((candidate) => childOf(candidate, part));
  return candidates
    .flatMap(alternatives)
    .flatMap((candidate) => (candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : []));
}

function alternatives(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return alternatives(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  return [schema];
}

function childOf(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const child: unknown = schema.shape[String(part)];
    return child instanceof z.ZodType ? [child] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodArray) return [schema.element];
  return [];
}
