import type { MapPath } from "../../organization/map-file";
import type { TemplateDocument, TemplateResource } from "../template";

export interface PlacedValue<Value = unknown> {
  readonly path: MapPath;
  readonly value: Value;
}

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An empty one for whatever is no mapping. */
export function mappingOf(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

/** A value and everything in it, outer before inner. */
export function* valuesIn(value: unknown, path: MapPath): Generator<PlacedValue> {
  yield { path, value };
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* valuesIn(item, [...path, index]);
  else if (isMapping(value)) for (const [key, item] of Object.entries(value)) yield* valuesIn(item, [...path, key]);
}

/** The same, mappings alone. */
export function* mappingsIn(value: unknown, path: MapPath): Generator<PlacedValue<Mapping>> {
  for (const each of valuesIn(value, path)) if (isMapping(each.value)) yield { path: each.path, value: each.value };
}

export interface NamedResource {
  readonly name: string;
  readonly path: MapPath;
  readonly resource: TemplateResource;
  readonly properties: Mapping;
}

export function resourcesOf({ Resources }: TemplateDocument): NamedResource[] {
  return Object.entries(Resources).map(([name, resource]) => ({
    name,
    path: ["Resources", name],
    resource,
    properties: isMapping(resource.Properties) ? resource.Properties : {},
  }));
}

/** A section's entries; none where the section is missing or no mapping. */
export function sectionOf(document: TemplateDocument, section: string): readonly [string, unknown][] {
  const value = document[section];
  return isMapping(value) ? Object.entries(value) : [];
}

/** What an `Fn::If` may turn out to be, and whatever is in a list that it stands in; `AWS::NoValue` is nothing. */
export function alternatives({ path, value }: PlacedValue): PlacedValue[] {
  if (!isMapping(value)) return [{ path, value }];
  if (value.Ref === "AWS::NoValue") return [];
  const branches = value["Fn::If"];
  if (!Array.isArray(branches)) return [{ path, value }];
  return branches
    .slice(1)
    .flatMap((branch, index) => alternatives({ path: [...path, "Fn::If", index + 1], value: branch }));
}

/** One value or a list of them, with every alternative. */
export function listed(placed: PlacedValue): PlacedValue[] {
  return alternatives(placed).flatMap(({ path, value }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => alternatives({ path: [...path, index], value: item }))
      : [{ path, value }],
  );
}

/** Of every parameter what it is given, or its default. */
export function parameterValues(
  document: TemplateDocument,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const defaults = sectionOf(document, "Parameters").flatMap(([name, parameter]): [string, string][] =>
    isMapping(parameter) && parameter.Default !== undefined ? [[name, String(parameter.Default)]] : [],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/** A value with the parameters' values in place of `Ref` and `Fn::Sub`, as far as these are all it has. */
export function withParameters(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (!isMapping(value)) return value;
  if (typeof value.Ref === "string") return values[value.Ref] ?? value;
  if (typeof value["Fn::Sub"] !== "string") return value;
  const text = value["Fn::Sub"].replaceAll(/\$\{([^!}]+)\}/g, (whole, name: string) => values[name] ?? whole);
  return text.includes("${") ? { "Fn::Sub": text } : text;
}

/** The text of a value, `${…}` where an account decides; undefined for what is made by another function. */
export function textOf(value: unknown, values: Readonly<Record<string, string>>): string | undefined {
  const known = withParameters(value, values);
  if (typeof known === "string") return known;
  return isMapping(known) && typeof known["Fn::Sub"] === "string" ? known["Fn::Sub"] : undefined;
}

/** A text as a pattern that fits whatever an account makes of it. */
export function patternOf(text: string): string {
  return text.replaceAll(/\$\{[^!}][^}]*\}/g, "*");
}

/** Whether some text fits both patterns, `*` for anything, whatever the case of letters. */
export function overlap(a: string, b: string): boolean {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  const known = new Map<string, boolean>();
  const meet = (i: number, j: number): boolean => {
    const at = `${i} ${j}`;
    const before = known.get(at);
    if (before !== undefined) return before;
    let met: boolean;
    if (left[i] === "*") met = meet(i + 1, j) || (j < right.length && meet(i, j + 1));
    else if (right[j] === "*") met = meet(i, j + 1) || (i < left.length && meet(i + 1, j));
    else if (i === left.length || j === right.length) met = i === left.length && j === right.length;
    else met = (left[i] === right[j] || left[i] === "?" || right[j] === "?") && meet(i + 1, j + 1);
    known.set(at, met);
    return met;
  };
  return meet(0, 0);
}
