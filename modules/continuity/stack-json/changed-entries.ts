import { type Fields, isFields } from "../../access/stack-reading";
import { uniqueNames } from "../../aws/name-order";
import { sortedJson } from "../sorted-json";

/** What stands under one name before and after; undefined where it does not. */
export interface ChangedEntry {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Entries of two objects that are not the same, by name, whatever the order of their fields. */
export function changedEntries(before: unknown, after: unknown): ChangedEntry[] {
  const [old, fresh] = [isFields(before) ? before : {}, isFields(after) ? after : {}];
  return uniqueNames([...Object.keys(old), ...Object.keys(fresh)]).flatMap((name): ChangedEntry[] => {
    const entry = { name, before: ownValue(old, name), after: ownValue(fresh, name) };
    return isSame(entry.before, entry.after) ? [] : [entry];
  });
}

export function isSame(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === after;
  return before === after || sortedJson(before) === sortedJson(after);
}

function ownValue(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Policies take more room than this, and their differences have words of their own. */
const MOST_OF_A_VALUE = 60;

/** `rotation_period_in_days: 365 -> 180`; of a block, what is another inside; the name alone where the values take too much room. */
export function entryText({ name, before, after }: ChangedEntry): string {
  const [old, fresh] = [valueText(before), valueText(after)];
  if (old !== undefined && fresh !== undefined) return `${name}: ${old} -> ${fresh}`;
  const [oldBlock, freshBlock] = [onlyBlock(before), onlyBlock(after)];
  if (oldBlock === undefined || freshBlock === undefined) return name;
  return changedEntries(oldBlock, freshBlock)
    .map((entry) => entryText({ ...entry, name: `${name}.${entry.name}` }))
    .join("; ");
}

function valueText(value: unknown): string | undefined {
  if (value === undefined) return "none";
  const text = typeof value === "string" ? value : sortedJson(value);
  return text.length <= MOST_OF_A_VALUE && !text.includes("\n") ? text : undefined;
}

function onlyBlock(value: unknown): Fields | undefined {
  const block: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isFields(block) ? block : undefined;
}
