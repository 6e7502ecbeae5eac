import type { GateRule } from "../gate-rule";
import { rolloutTypes } from "../resource-types";
import { takenByRollout } from "../taken-by-rollout";

const words: ReadonlyMap<string, string> = new Map([
  ["delete", "deleted"],
  ["forget", "let go"],
  ["replace", "replaced"],
]);

export const rule: GateRule = {
  id: "stack-set-destroyed",
  severity: "critical",
  requirement:
    "No plan deletes or replaces a StackSet, its instances, or a CloudFormation stack, or takes from them what accounts have by them.",
  reason: "Deploy roles, audit rules and keys of every account that it reaches go with it, or are left to nobody.",
  fix: "put back the rollout; docs/rollouts.md says how one ends",
  allowedBy: "command line",
  inStack: ({ changes }) =>
    changes
      .filter(({ type }) => rolloutTypes.has(type))
      .flatMap((change) => {
        const { address, action } = change;
        const word = words.get(action);
        return word === undefined ? takenByRollout(change) : [{ address, why: `would be ${word}` }];
      }),
};
