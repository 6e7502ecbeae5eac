import { z } from "zod";
import type { MapFile, MapPath, ProblemDetails } from "../map-file";
import { listNames, nearestName, type Problem, suggestName } from "../problem";
import { fieldsAt, schemasAt, valueAt } from "./schema-at";

/** What is wrong with a value, in the map's words. An issue that the schema has no message for gets one here. */
export function problemsOfIssue(
  issue: z.core.$ZodIssue & { path: (string | number)[] },
  schema: z.ZodType,
  file: MapFile,
  value: unknown,
): Problem[] {
  const path: MapPath = issue.path;
  const place: Place = {
    path,
    given: valueAt(value, path),
    schemas: schemasAt(schema, value, path),
    isEntry: schemasAt(schema, value, path.slice(0, -1)).some((each) => each instanceof z.ZodRecord),
    file,
  };
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownField(place, key, fieldsAt(schema, value, path)));
  }
  if (issue.code === "invalid_key") {
    const [first] = issue.issues;
    return [problemWith(place, first?.message ?? "must be another name; choose one", { atKey: true })];
  }
  if (issue.message !== "") return [problemWith(place, issue.message)];
  return [houseProblem(place, issue)];
}

/** A place in a file that has something wrong, with what the schemas want there. */
interface Place {
  readonly path: MapPath;
  readonly given: unknown;
  readonly schemas: readonly z.core.$ZodType[];
  /** An entry of a mapping of names, which can be there or not. */
  readonly isEntry: boolean;
  readonly file: MapFile;
}

/** The schemas write `what is allowed; how to fix`. */
function problemWith(place: Place, text: string, details: ProblemDetails = {}): Problem {
  const [message = text, ...rest] = text.split("; ");
  return place.file.problem(place.path, message, {
    value: details.atKey === true ? undefined : shortText(place.given),
    fix: rest.length === 0 ? undefined : rest.join("; "),
    ...details,
  });
}

function unknownField(place: Place, key: string, known: readonly string[]): Problem {
  const problem = (message: string, fix: string): Problem =>
    place.file.problem([...place.path, key], message, { atKey: true, fix });
  const nearest = nearestName(key, known);
  if (nearest !== undefined) return problem("is not a known field", `did you mean ${nearest}?`);
  for (const schema of place.schemas) {
    if (!(schema instanceof z.ZodDiscriminatedUnion) || !isFieldOfAny(key, schema)) continue;
    const { discriminator } = schema.def;
    const chosen = `${discriminator}: ${String(valueAt(place.given, [discriminator]))}`;
    return problem(`is not a field of ${chosen}`, `leave it out, or choose another ${discriminator}`);
  }
  return problem("is not a known field", `allowed are ${listNames(known, 30)}`);
}

function isFieldOfAny(key: string, union: z.ZodDiscriminatedUnion): boolean {
  return union.options.some((option) => option instanceof z.ZodObject && Object.hasOwn(option.shape, key));
}

function houseProblem(place: Place, issue: z.core.$ZodIssue): Problem {
  switch (issue.code) {
    case "invalid_type":
      return wrongKind(place, kinds[issue.expected] ?? issue.expected);
    case "invalid_value":
      return notAmong(place, issue.values.map(String));
    case "invalid_union":
      return notAmong(place, "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : []);
    case "too_small": {
      const otherwise = isOptional(place) ? " or leave the field out" : "";
      return issue.origin === "array"
        ? problemWith(place, `must have at least one entry; add one${otherwise}`)
        : problemWith(place, `must not be empty; fill it in${otherwise}`);
    }
    case "too_big":
      return problemWith(place, `must be at most ${issue.maximum} long; shorten it`);
    default:
      return problemWith(place, "is not what the map allows here; see the field's description in the JSON Schema");
  }
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

function wrongKind(place: Place, kind: string): Problem {
  const { given } = place;
  if (given === undefined) return missing(place, kind);
  if (given === null) return empty(place, `must be ${kind}`);
  const scalar = typeof given !== "object";
  const fixes: Readonly<Record<string, string>> = {
    text: scalar ? "write it in quotes" : "write one value",
    "a list": scalar ? `write [${String(given)}]` : "write [a, b], or each entry behind a hyphen",
    "a mapping": "write {name: value}, or each name in a line of its own below",
    "true or false": "write one of the two, without quotes",
  };
  const value = scalar ? undefined : Array.isArray(given) ? "a list" : "a mapping";
  return problemWith(place, `must be ${kind}; ${fixes[kind] ?? "write it as a plain number"}`, { value });
}

function notAmong(place: Place, allowed: readonly string[]): Problem {
  const { given } = place;
  const choice = allowed.length === 1 ? `${allowed[0]}` : `one of ${allowed.join(", ")}`;
  if (given === undefined) return missing(place, choice);
  if (given === null) return empty(place, `must be ${choice}`);
  const otherwise = allowed.length === 1 ? "write that" : "choose one";
  const fix = typeof given === "string" ? suggestName(given, allowed, otherwise) : otherwise;
  return problemWith(place, `must be ${choice}; ${fix}`);
}

function missing(place: Place, kind: string): Problem {
  const description = descriptionOf(place.schemas);
  return problemWith(place, `is missing; add it (${description === undefined ? kind : `${kind}: ${description}`})`);
}

function empty(place: Place, allowed: string): Problem {
  const otherwise = isOptional(place) ? " or leave the field out" : place.isEntry ? " or delete it" : "";
  return problemWith(place, `is empty, ${allowed}; fill it in${otherwise}`);
}

function isOptional(place: Place): boolean {
  return place.schemas.some((each) => each instanceof z.ZodOptional);
}

/** What editors show for the field, to be read within a sentence. */
function descriptionOf(schemas: readonly z.core.$ZodType[]): string | undefined {
  const [schema, other] = schemas;
  // What one alternative says about the field is not true of the other.
  const description =
    schema === undefined || other !== undefined ? undefined : z.globalRegistry.get(schema)?.description;
  return description === undefined ? undefined : `${description.charAt(0).toLowerCase()}${description.slice(1)}`;
}

/** What to show for what has no short text of its own, or may be a key that must not be where it is. */
function shortText(given: unknown): string | undefined {
  if (typeof given === "string" && given.includes("-----BEGIN")) return "a text in PEM";
  if (typeof given !== "object" || given === null) return undefined;
  if (Array.isArray(given)) return given.length === 0 ? "[]" : "a list";
  const names = Object.keys(given);
  return names.length === 0 ? "{}" : `{${listNames(names, 3)}}`;
}
