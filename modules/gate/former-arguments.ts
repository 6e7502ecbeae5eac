import { fieldsOf } from "../access/json-parts";
import { type Fields, isFields } from "../access/stack-reading";
import { keyBehindAliasArn, parseKeyBehindAlias } from "../aws/key-behind-alias";
import { referenceOf } from "./argument-references";
import { addressOfKey, regionOfArn } from "./gated-stack";
import type { PlannedChange } from "./planned-change";
import { documents, isKeyOrReplica } from "./resource-types";

/** The stack that a plan is of, as far as what was before has to be written in its words. */
export interface PlannedStack {
  /** Loosely, as reviewed. */
  readonly json: Fields;
  readonly changes: readonly PlannedChange[];
  /** ARNs of keys that the plan writes somewhere: what it looks up by an alias is among them. */
  readonly arnsAfter: ReadonlySet<string>;
}

const keyArns = /arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+/g;

export function arnsAfter(changes: readonly PlannedChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ after }) => textsIn(after).flatMap((text) => text.match(keyArns) ?? [])));
}

/** An argument as somebody would have written it, or why nobody can tell. */
export type FormerArgument =
  | { readonly value: unknown; readonly document?: unknown }
  | { readonly left: string; readonly value: unknown };

/**
 * Writes a value of AWS as an argument of the JSON: with an address where the plan has an id of another resource of the stack, and
 * with a document in place of its text.
 *
 * @param region of the resource; undefined where it is in none
 */
export function formerArgument(
  change: PlannedChange,
  argument: string,
  region: string | undefined,
  stack: PlannedStack,
): FormerArgument {
  const { type, before } = change;
  const value = before[argument];
  const reference = referenceOf(type, argument);
  if (reference !== undefined && typeof value === "string" && value !== "") {
    const address = referredAddress(value, reference.types, reference.attribute, region, stack);
    if (address !== undefined) return { value: `\${${address}.${reference.attribute}}` };
    const lookup = lookupsByArn(stack, [value]).get(value);
    if (lookup !== undefined) return { value: lookup };
    return { left: `its ${argument} is of nothing that the plan knows: ${value}`, value: escaped(value) };
  }
  if (documents.get(type)?.attribute === argument && typeof value === "string") {
    const document = parsed(value);
    if (document === undefined) return { value: escaped(value) };
    const lookups = lookupsByArn(stack, textsIn(document));
    return { value, document: withLookups(escaped(document), lookups) };
  }
  return { value: written(value) };
}

function referredAddress(
  value: string,
  types: ReadonlySet<string>,
  attribute: string,
  region: string | undefined,
  { changes }: PlannedStack,
): string | undefined {
  if (attribute === "key_id") return keyAddress(value, region, changes);
  const found = changes.filter(({ type, before }) => types.has(type) && before[attribute] === value);
  return found.length === 1 ? formerAddressOf(found[0]) : undefined;
}

/** Related multi-Region keys have one id: without a Region there has to be one key alone that has it. */
function keyAddress(value: string, region: string | undefined, changes: readonly PlannedChange[]): string | undefined {
  const there = changes.map((change) => ({ ...change, address: formerAddressOf(change) ?? change.address }));
  if (region !== undefined) return addressOfKey(there, value, region);
  const regions = there
    .filter(isKeyOrReplica)
    .flatMap(({ before }) => (typeof before.arn === "string" ? before.arn : []));
  const found = new Set(
    regions.map((arn) => addressOfKey(there, value, regionOfArn(arn))).filter((each) => each !== undefined),
  );
  return found.size === 1 ? [...found][0] : undefined;
}

/** Where a resource is before the plan moves it. */
export function formerAddressOf(change: PlannedChange | undefined): string | undefined {
  return change?.formerAddress ?? change?.address;
}

/**
 * The expressions by which the reviewed JSON looks up keys, by the ARN that each has in a plan: as many as can be told apart. Where the
 * plan writes another key of the place, the alias leads to that one from here on.
 */
function lookupsByArn(
  { json, arnsAfter: planned }: PlannedStack,
  texts: readonly string[],
): ReadonlyMap<string, string> {
  const arns = new Set(texts.filter((text) => /^arn:[^:]+:kms:[^:]+:\d{12}:key\/[\w-]+$/.test(text)));
  const byPlace = new Map<string, string[]>();
  for (const [name, fields] of Object.entries(fieldsOf(fieldsOf(json.data).aws_kms_key))) {
    const { key_id: alias } = fieldsOf(fields);
    const key = parseKeyBehindAlias(keyBehindAliasArn(typeof alias === "string" ? alias : "") ?? "");
    if (key === undefined) continue;
    const place = `arn:${key.partition}:kms:${key.region}:${key.accountId}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), `\${data.aws_kms_key.${name}.arn}`]);
  }
  return new Map(
    [...arns].flatMap((arn): [string, string][] => {
      const place = arn.split(":").slice(0, 5).join(":");
      const [only, second] = byPlace.get(place) ?? [];
      const isOnly = [...arns].filter((other) => other.startsWith(`${place}:`)).length === 1;
      if (!planned.has(arn) && [...planned].some((other) => other.startsWith(`${place}:`))) return [];
      return only !== undefined && second === undefined && isOnly ? [[arn, only]] : [];
    }),
  );
}

function withLookups(value: unknown, lookups: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return lookups.get(value) ?? value;
  if (Array.isArray(value)) return value.map((inner) => withLookups(inner, lookups));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withLookups(inner, lookups)]));
}

/** Without what nobody writes: nothing, and empty texts, lists and blocks. */
function written(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (Array.isArray(value)) {
    const items = value.map(written).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isFields(value)) return escaped(value);
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const left = written(inner);
    return left === undefined ? [] : [[escapedText(name), left]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Literal texts as Terraform's JSON syntax has them. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return escapedText(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [escapedText(name), escaped(inner)]));
}

function escapedText(text: string): string {
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isFields(value) ? Object.values(value).flatMap(textsIn) : [];
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
