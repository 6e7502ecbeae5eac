import { z } from "zod";
import type { MapFile, MapPath } from "../map-file";
import { alternatives, schemasAt, valueAt } from "./schema-at";
import { standInFor } from "./stand-ins";

/** The smallest part around a mistake that can go without taking the meaning of its neighbours along. */
export interface Removal {
  /** In the value as the file has it. */
  readonly path: MapPath;
  /** What to go on with; undefined to go on without the part. */
  readonly standIn: unknown;
  readonly isListItem: boolean;
}

/**
 * What has to go so that the rest of a value can still be held against the rest of the map: an entry of a mapping of
 * names, an entry of a list of mappings, or a field that nothing depends on.
 *
 * @returns undefined when the mistake takes everything with it
 */
export function removalAround(schema: z.ZodType, value: unknown, mistake: MapPath): Removal | undefined {
  for (let length = mistake.length; length > 0; length -= 1) {
    const path = mistake.slice(0, length);
    const parent = mistake.slice(0, length - 1);
    const [standIn] = schemasAt(schema, value, path).flatMap((each) => standInFor(each) ?? []);
    if (standIn !== undefined) return { path, standIn: standIn.value, isListItem: false };
    const around = valueAt(value, parent);
    const containers = schemasAt(schema, value, parent).flatMap((each) => alternatives(each, around));
    if (containers.some((each) => each instanceof z.ZodRecord)) return { path, standIn: undefined, isListItem: false };
    if (containers.some(isListOfMappings)) return { path, standIn: undefined, isListItem: true };
  }
  return undefined;
}

function isListOfMappings(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodArray && schema.element instanceof z.ZodObject;
}

/** A copy of the value without these parts. */
export function withoutParts(value: unknown, removals: readonly Removal[]): unknown {
  const copy = copyOf(value);
  const lastFirst = [...removals].sort((a, b) => comparePaths(b.path, a.path));
  for (const { path, standIn, isListItem } of lastFirst) {
    const parent = valueAt(copy, path.slice(0, -1));
    const part = path.at(-1);
    if (typeof parent !== "object" || parent === null || part === undefined) continue;
    if (isListItem && Array.isArray(parent)) parent.splice(Number(part), 1);
    else if (standIn === undefined) Reflect.deleteProperty(parent, part);
    else Reflect.set(parent, part, standIn);
  }
  return copy;
}

/** A path in the value as the file has it, from a path in the value without these parts. */
export function originalPath(path: MapPath, removals: readonly Removal[]): MapPath {
  const original: (string | number)[] = [];
  for (const part of path) {
    let index = part;
    if (typeof index === "number") {
      const gone = removals
        .filter(({ path: removed, isListItem }) => isListItem && isBelow(removed, original, 1))
        .map(({ path: removed }) => Number(removed.at(-1)))
        .sort((a, b) => a - b);
      for (const each of new Set(gone)) if (each <= index) index += 1;
    }
    original.push(index);
  }
  return original;
}

/** The same file, for paths in its value without these parts. */
export function fileWithout(file: MapFile, removals: readonly Removal[]): MapFile {
  if (!removals.some((removal) => removal.isListItem)) return file;
  return { ...file, problem: (path, ...rest) => file.problem(originalPath(path, removals), ...rest) };
}

/** `path` is `parent` with so many more steps, or with any number of them. */
export function isBelow(path: MapPath, parent: MapPath, steps?: number): boolean {
  if (path.length < parent.length || (steps !== undefined && path.length !== parent.length + steps)) return false;
  return parent.every((part, index) => String(part) === String(path[index]));
}

function comparePaths(a: MapPath, b: MapPath): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}

/** Values behind YAML aliases are copied apart: what goes in one place stays in the other. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each)]));
}
