/**
 * Whether something holds. `unknown` is what nobody can tell from the policies and the request alone; it is carried to
 * the end and never guessed away (Kleene's three-valued logic).
 */
export type Truth = true | false | "unknown";

export function not(truth: Truth): Truth {
  return truth === "unknown" ? "unknown" : !truth;
}

/** Everything holds; true for an empty list. */
export function all(truths: Iterable<Truth>): Truth {
  let result: Truth = true;
  for (const truth of truths) {
    if (truth === false) return false;
    if (truth === "unknown") result = "unknown";
  }
  return result;
}

/** At least one holds; false for an empty list. */
export function any(truths: Iterable<Truth>): Truth {
  let result: Truth = false;
  for (const truth of truths) {
    if (truth === true) return true;
    if (truth === "unknown") result = "unknown";
  }
  return result;
}

/** The answer for a question of safety: what cannot be ruled out counts as happening. */
export function possible(truth: Truth): boolean {
  return truth !== false;
}
