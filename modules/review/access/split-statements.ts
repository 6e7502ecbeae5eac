import { oneByOne } from "../../access/condition-cover";
import type { Condition, Policy, Statement } from "../../access/policy-statement";

/** A consumer policy names a few services and aliases a statement. */
const MOST_PIECES = 100;

/** Each statement once for each value of its conditions: what it says together, and one of them may be all that is another. */
export function splitStatements(policy: Policy): {
  readonly policy: Policy;
  /** The whole of a piece. */
  readonly wholes: ReadonlyMap<Statement, Statement>;
} {
  const wholes = new Map<Statement, Statement>();
  for (const statement of policy.statements) {
    for (const conditions of combinations(statement.conditions)) wholes.set({ ...statement, conditions }, statement);
  }
  return { policy: { ...policy, statements: [...wholes.keys()] }, wholes };
}

function combinations(conditions: readonly Condition[]): (readonly Condition[])[] {
  const parts = conditions.map((condition) => oneByOne(condition) ?? [condition]);
  const count = parts.reduce((product, { length }) => product * length, 1);
  if (count > MOST_PIECES) return [conditions];
  return parts.reduce<(readonly Condition[])[]>(
    (all, part) => all.flatMap((head) => part.map((condition) => [...head, condition])),
    [[]],
  );
}

/** Pieces that are the same but for one condition's values are one with all of these. */
export function joinConditions(pieces: readonly (readonly Condition[])[]): (readonly Condition[])[] {
  const count = Math.max(0, ...pieces.map(({ length }) => length));
  let joined = [...pieces];
  for (let at = 0; at < count; at += 1) {
    const groups = new Map<string, readonly Condition[]>();
    for (const piece of joined) {
      const name = JSON.stringify(
        piece.map(({ operator, key, values }, index) => [operator, key, index === at || values]),
      );
      const known = groups.get(name);
      const own = piece[at];
      const other = known?.[at];
      if (known === undefined || own === undefined || other === undefined) groups.set(name, piece);
      else groups.set(name, known.with(at, { ...other, values: [...new Set([...other.values, ...own.values])] }));
    }
    joined = [...groups.values()];
  }
  return joined;
}
