import { remembered } from "../aws/remembered";
import type { Truth } from "./truth";

/** A wildcard of a policy: `*` stands for any characters or none, `?` for exactly one. */
export interface Wildcard {
  readonly wildcard: "*" | "?";
}

/**
 * A policy's text with wildcards told apart from the characters that are meant literally, as `${*}` and the values of
 * policy variables are.
 */
export type Pattern = readonly (string | Wildcard)[];

/** Reads `*` and `?` as wildcards and everything else literally. */
export const parsePattern: (text: string) => Pattern = remembered((text) =>
  text
    .split(/([*?])/)
    .filter((part) => part !== "")
    .map((part) => (part === "*" || part === "?" ? { wildcard: part } : part)),
);

/** The text itself, for operators that know no wildcards. */
export function patternText(pattern: Pattern): string {
  return pattern.map((part) => (typeof part === "string" ? part : part.wildcard)).join("");
}

export function hasWildcard(pattern: Pattern): boolean {
  return pattern.some((part) => typeof part !== "string");
}

export interface MatchOptions {
  /** @default false: AWS matches case-sensitively almost everywhere */
  readonly ignoreCase?: boolean;
  /**
   * The text is only the beginning of the real one, and at least one more character follows: a key's ARN before AWS has
   * given it an id.
   * @default false
   */
  readonly open?: boolean;
}

/**
 * Matches the whole text.
 *
 * @returns `unknown` only for an open text, where some continuations match and others do not
 */
export function matchPattern(pattern: Pattern, text: string, options: MatchOptions = {}): Truth {
  const { ignoreCase = false, open = false } = options;
  const target = fold(text, ignoreCase);
  const [only, second] = pattern;
  if (!open && second === undefined && typeof only === "string") return fold(only, ignoreCase) === target;

  /** Where in the text the parts so far can end. */
  let ends: ReadonlySet<number> = new Set([0]);
  /** They can also end somewhere in what follows an open text. */
  let beyond = false;
  for (const [index, part] of pattern.entries()) {
    if (typeof part !== "string" && part.wildcard === "*" && index === pattern.length - 1 && ends.size > 0) return true;
    const next = new Set<number>();
    for (const end of ends) {
      if (typeof part === "string") {
        const literal = fold(part, ignoreCase);
        if (target.startsWith(literal, end)) next.add(end + literal.length);
        else if (open && literal.startsWith(target.slice(end))) beyond = true;
      } else if (part.wildcard === "?") {
        if (end < target.length) next.add(end + 1);
        else if (open) beyond = true;
      } else {
        for (let position = end; position <= target.length; position += 1) next.add(position);
        if (open) beyond = true;
      }
    }
    ends = next;
    if (ends.size === 0 && !beyond) return false;
  }
  if (open) return beyond ? "unknown" : false;
  return ends.has(target.length);
}

function fold(part: string, ignoreCase: boolean): string {
  return ignoreCase ? part.toLowerCase() : part;
}

/** Matches a pattern as it is written in a policy. */
export function matchWildcards(patternAsWritten: string, text: string, options: MatchOptions = {}): Truth {
  return matchPattern(parsePattern(patternAsWritten), text, options);
}
