import { escapePointer } from "../access/json-pointer";
import { isFields } from "../access/stack-reading";
import { parseEncodedLocal } from "../access/terraform-value";
import type { Severity } from "../findings/finding";
import type { ComparedChange } from "./comparer";
import type { JsonPlace, ReviewedAccess } from "./review";
import { type PlaceInStack, placeIn, type ReviewContext } from "./review-context";
import type { ReviewId } from "./review-ids";
import { kindOf } from "./review-kinds";
import { jsonOf, type PairedStack, type StackPair } from "./stack-pair";

/** What a comparer has to say; all else comes from the pair and from the kind of change. */
export interface ToldChange extends PlaceInStack {
  readonly id: ReviewId;
  /** @default the kind's */
  readonly risk?: Severity;
  /** @default none */
  readonly detail?: string;
  readonly what: string;
  /** @default none */
  readonly whatToDo?: string;
  /** @default none */
  readonly access?: readonly ReviewedAccess[];
  /** JSON pointers, kept of each side that has them. @default none */
  readonly at?: readonly string[];
  /** @default none */
  readonly explains?: readonly string[];
}

/** A change of one pair of stacks. */
export function changeIn(pair: StackPair, told: ToldChange, context: ReviewContext): ComparedChange {
  return {
    id: told.id,
    risk: told.risk ?? kindOf(told.id).risk,
    place: placeIn(pair, told, context),
    detail: told.detail ?? "",
    what: told.what,
    whatToDo: told.whatToDo ?? "",
    access: told.access ?? [],
    lines: linesAt(pair, told.at ?? []),
    explains: told.explains ?? [],
  };
}

/** Where pointers lead on each side; of a document, to the local that holds it. */
export function linesAt({ before, after }: StackPair, pointers: readonly string[]): JsonPlace[] {
  return pointers.flatMap((pointer) => [...lineOn("base", before, pointer), ...lineOn("head", after, pointer)]);
}

function lineOn(side: JsonPlace["side"], stack: PairedStack | undefined, pointer: string): JsonPlace[] {
  if (stack === undefined) return [];
  const value = valueAt(jsonOf(stack), pointer);
  if (value === undefined) return [];
  const local = typeof value === "string" ? parseEncodedLocal(value) : undefined;
  return [{ side, stack: stack.name, path: local === undefined ? pointer : `/locals/${escapePointer(local)}` }];
}

function valueAt(json: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((value, escaped) => {
      const name = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
      if (Array.isArray(value)) return value[Number(name)];
      return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }, json);
}

/** `aws_kms_key.payments_prod_us-east-1` as a JSON pointer. */
export function pointerTo(address: string, argument?: string): string {
  const dot = address.indexOf(".");
  const resource = `/resource/${escapePointer(address.slice(0, dot))}/${escapePointer(address.slice(dot + 1))}`;
  return argument === undefined ? resource : `${resource}/${escapePointer(argument)}`;
}
