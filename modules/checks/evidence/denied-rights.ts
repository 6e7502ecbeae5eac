import type { Statement } from "../../access/policy-statement";
import { matchAction, matchStatement } from "../../access/statement-match";
import { possible } from "../../access/truth";
import type { Right } from "./guardrail-rights";

/** What one Deny statement takes, or may take, from a right. */
export interface DeniedRight {
  /** The right's name. */
  readonly right: string;
  readonly who: readonly string[];
  readonly actions: readonly string[];
  /** False when it cannot be decided. */
  readonly certain: boolean;
}

export function deniedRights(statement: Statement, rights: readonly Right[]): readonly DeniedRight[] {
  const denials = new Map<string, { who: Set<string>; actions: Set<string>; certain: boolean }>();
  for (const right of rights) {
    for (const { actions, request } of right.requests) {
      const matching = actions.filter((action) => possible(matchAction(statement.action, action)));
      const [sample] = matching;
      if (sample === undefined) continue;
      const { applies } = matchStatement(statement, request(sample));
      if (applies === false) continue;
      const denial = denials.get(right.name) ?? { who: new Set(), actions: new Set(), certain: false };
      denials.set(right.name, denial);
      denial.who.add(right.who);
      for (const action of matching) denial.actions.add(action);
      denial.certain ||= applies === true;
    }
  }
  return [...denials].map(([right, { who, actions, certain }]) => ({
    right,
    who: [...who],
    actions: [...actions],
    certain,
  }));
}
