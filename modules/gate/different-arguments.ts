import { blocksOf, fieldsOf } from "../access/json-parts";
import { type Fields, isFields } from "../access/stack-reading";
import { literalText, parseReference } from "../access/terraform-value";
import type { ReviewedPlan } from "./gated-stack";
import type { PlannedChange } from "./planned-change";
import { aliasType, documents } from "./resource-types";

/**
 * Names of the arguments of a resource whose values in the plan are not those of the reviewed JSON. What the JSON leaves out the
 * provider fills in, and an alias's target has a rule of its own.
 */
export function differentArguments(change: PlannedChange, stack: ReviewedPlan, reviewed: Fields): string[] {
  return [...differentLiterals(change, reviewed), ...wrongReferences(change, stack, reviewed)];
}

/** Texts, numbers, switches and what is made of them; its document, and expressions, are not compared here. */
function differentLiterals(change: PlannedChange, reviewed: Fields): string[] {
  const document = documents.get(change.type)?.attribute;
  const ignored = ignoredArguments(reviewed.lifecycle);
  return Object.entries(reviewed).flatMap(([name, value]) => {
    if (notOfTheResource.has(name) || name === document || ignored.includes(name)) return [];
    const literal = literalOf(value);
    if (literal === undefined) return [];
    return change.isUnknown(name) || !isSameValue(literal.value, change.after[name]) ? [name] : [];
  });
}

/** Which key a grant is on, whose policy a role gets: what is one attribute of another resource has to have its value, or wait for it. */
function wrongReferences(change: PlannedChange, { changes }: ReviewedPlan, reviewed: Fields): string[] {
  return Object.entries(reviewed).flatMap(([name, value]) => {
    const isTarget = change.type === aliasType && name === "target_key_id";
    const reference = typeof value === "string" && !isTarget ? parseReference(value) : undefined;
    if (reference === undefined || notOfTheResource.has(name)) return [];
    const { type, name: id, attribute } = reference;
    const other = changes.find(({ address }) => address === `${type}.${id}`);
    const isSame =
      other !== undefined &&
      (other.isUnknown(attribute)
        ? change.isUnknown(name)
        : !change.isUnknown(name) && other.after[attribute] === change.after[name]);
    return isSame ? [] : [name];
  });
}

const notOfTheResource: ReadonlySet<string> = new Set(["//", "depends_on", "lifecycle", "provider", "timeouts"]);

/** @returns undefined for what an expression is in */
function literalOf(value: unknown): { readonly value: unknown } | undefined {
  if (typeof value === "string") {
    const text = literalText(value);
    return text === undefined ? undefined : { value: text };
  }
  if (Array.isArray(value)) {
    const items = value.map(literalOf);
    return items.some((item) => item === undefined) ? undefined : { value: items.map((item) => item?.value) };
  }
  if (!isFields(value)) return { value };
  const entries = Object.entries(value).map(([name, inner]) => [literalText(name), literalOf(inner)] as const);
  if (entries.some(([name, inner]) => name === undefined || inner === undefined)) return undefined;
  return { value: Object.fromEntries(entries.map(([name, inner]) => [name, inner?.value])) };
}

/** Sets are in another order, and a block is a list of one. */
function isSameValue(reviewed: unknown, planned: unknown): boolean {
  if (Array.isArray(reviewed)) {
    const list: readonly unknown[] = Array.isArray(planned) ? planned : [];
    const isSame = (item: unknown, other: unknown): boolean =>
      isFields(item) ? isSameBlock(item, other) : isSameValue(item, other);
    return (
      list.length === reviewed.length &&
      reviewed.every((item) => list.some((other) => isSame(item, other))) &&
      list.every((other) => reviewed.some((item) => isSame(item, other)))
    );
  }
  if (!isFields(reviewed)) return reviewed === planned || String(reviewed) === String(planned ?? "");
  if (Array.isArray(planned)) return planned.length === 1 && isSameBlock(reviewed, planned[0]);
  const names = Object.keys(reviewed);
  const others = fieldsOf(planned);
  return (
    names.length === Object.keys(others).length && names.every((name) => isSameValue(reviewed[name], others[name]))
  );
}

/** The plan has what the provider adds. */
function isSameBlock(reviewed: Fields, planned: unknown): boolean {
  return isFields(planned) && Object.entries(reviewed).every(([name, value]) => isSameValue(value, planned[name]));
}

function ignoredArguments(lifecycle: unknown): readonly unknown[] {
  const [block] = blocksOf(lifecycle);
  return Array.isArray(block?.ignore_changes) ? block.ignore_changes : [];
}
