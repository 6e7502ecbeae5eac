import type { z } from "zod";
import type { MapFile, MapPath } from "../map-file";
import { nearestName } from "../problem";
import { copyOf, isBelow } from "./mend-value";
import { fieldsAt, valueAt } from "./schema-at";

/** A field that the schema does not know, next to the one that was most likely meant and is not there. */
export interface MisspelledField {
  /** The mapping it stands in. */
  readonly at: MapPath;
  readonly written: string;
  readonly meant: string;
}

/** The misspelled fields among a schema's complaints. */
export function misspelledFields(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  value: unknown,
): MisspelledField[] {
  return issues.flatMap((issue) => {
    if (issue.code === "invalid_union") {
      const nested = issue.errors.flat().map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
      return oncePerField(misspelledFields(nested, schema, value));
    }
    if (issue.code !== "unrecognized_keys") return [];
    const at = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
    const given = valueAt(value, at);
    const absent = fieldsAt(schema, value, at).filter(
      (field) => typeof given === "object" && given !== null && !Object.hasOwn(given, field),
    );
    const found = issue.keys.flatMap((written) => {
      const meant = nearestName(written, absent);
      return meant === undefined ? [] : [{ at, written, meant }];
    });
    return oncePerField(found);
  });
}

/** A copy of the value with the fields that were meant. */
export function withFieldsRenamed(value: unknown, misspelled: readonly MisspelledField[]): unknown {
  const copy = copyOf(value);
  // The deepest first, while the mappings around it still have their names.
  for (const { at, written, meant } of [...misspelled].sort((a, b) => b.at.length - a.at.length)) {
    const around = valueAt(copy, at);
    if (typeof around !== "object" || around === null || Object.hasOwn(around, meant)) continue;
    Reflect.set(around, meant, Reflect.get(around, written));
    Reflect.deleteProperty(around, written);
  }
  return copy;
}

/** The same file, for paths in the value with the fields that were meant. */
export function fileAsWritten(file: MapFile, misspelled: readonly MisspelledField[]): MapFile {
  return { ...file, problem: (path, ...rest) => file.problem(pathAsWritten(path, misspelled), ...rest) };
}

function pathAsWritten(path: MapPath, misspelled: readonly MisspelledField[]): MapPath {
  const written: (string | number)[] = [];
  for (const part of path) {
    const field = misspelled.find(({ at, meant }) => meant === part && isBelow(written, at, 0));
    written.push(field?.written ?? part);
  }
  return written;
}

/** Two fields cannot both be the one that was meant, and the alternatives of a union name the same one. */
function oncePerField(misspelled: readonly MisspelledField[]): MisspelledField[] {
  return [...new Map(misspelled.map((field) => [JSON.stringify([field.at, field.meant]), field])).values()];
}
