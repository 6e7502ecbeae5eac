import { fieldsOf } from "../access/json-parts";
import { parseStackText } from "../access/parse-stack-text";
import { readParsedStack } from "../access/read-synthesized-stack";
import type { Fields } from "../access/stack-reading";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { readParsedJson, type StackJson } from "../continuity/stack-json/read-stack-json";
import { type StackDifference, stackDifferences } from "../continuity/stack-json/stack-differences";

/** One stack of both sides, however it is called on each. At least one side is there. */
export interface StackPair {
  /** Its name at head; of a stack that is gone, the one that it had. */
  readonly name: string;
  readonly before: PairedStack | undefined;
  readonly after: PairedStack | undefined;
  /** Where the JSON is not the same to Terraform; none where a side is not there, or cannot be read. */
  readonly differences: readonly StackDifference[];
}

/** The model of a stack, and its JSON without comments. */
export interface PairedStack extends SynthesizedStack {
  readonly read: StackJson;
}

/** A stack's file. */
export interface StackText {
  readonly name: string;
  /** Undefined when it cannot be read. */
  readonly text: string | undefined;
}

/** Reads both sides; one of them is given. */
export function readStackPair(before: StackText | undefined, after: StackText | undefined): StackPair {
  const [old, fresh] = [before, after].map((side) => (side === undefined ? undefined : readPaired(side)));
  const bothRead = old !== undefined && fresh !== undefined && "json" in old.read && "json" in fresh.read;
  return {
    name: after?.name ?? before?.name ?? "",
    before: old,
    after: fresh,
    differences: bothRead ? stackDifferences(jsonOf(old), jsonOf(fresh)) : [],
  };
}

function readPaired({ name, text }: StackText): PairedStack {
  const parsed = parseStackText(text ?? "");
  return {
    ...readParsedStack(name, parsed),
    read: text === undefined ? { unreadable: "its file cannot be read", comment: undefined } : readParsedJson(parsed),
  };
}

/** The side that the stack is still on. */
export function remaining({ before, after }: StackPair): PairedStack {
  const stack = after ?? before;
  if (stack === undefined) throw new Error("a pair of stacks has none");
  return stack;
}

/** Whether the file of either side cannot be read at all. */
export function isUnreadable({ before, after }: StackPair): boolean {
  return [before, after].some((stack) => stack !== undefined && "unreadable" in stack.read);
}

/** Without comments; nothing for what cannot be read. */
export function jsonOf({ read }: PairedStack): Fields {
  return "json" in read ? read.json : {};
}

/** A resource as it is written; nothing for one that is not there. */
export function resourceOf(stack: PairedStack, address: string): Fields {
  const dot = address.indexOf(".");
  const { resource } = jsonOf(stack);
  return fieldsOf(fieldsOf(fieldsOf(resource)[address.slice(0, dot)])[address.slice(dot + 1)]);
}
