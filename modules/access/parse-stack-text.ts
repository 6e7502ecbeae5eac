import { duplicateNames } from "./json-text";
import { type Fields, isFields } from "./stack-reading";

/** A stack's text, parsed once for everybody who reads it. */
export interface ParsedStackText {
  readonly text: string;
  /** Undefined for a text that is no JSON, or no object. */
  readonly json: Fields | undefined;
  /** Why it is no JSON. */
  readonly error: string | undefined;
  /** Pointers of names that stand twice in their object, where `JSON.parse` keeps the last. */
  readonly duplicates: readonly string[];
}

export function parseStackText(text: string): ParsedStackText {
  try {
    const value: unknown = JSON.parse(text);
    if (!isFields(value)) return { text, json: undefined, error: undefined, duplicates: [] };
    return { text, json: value, error: undefined, duplicates: duplicateNames(text, value) };
  } catch (error) {
    return { text, json: undefined, error: error instanceof Error ? error.message : String(error), duplicates: [] };
  }
}
