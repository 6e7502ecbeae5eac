import type { GateRule } from "../gate-rule";
import { rolloutTypes } from "../resource-types";

const words: ReadonlyMap<string, string> = new Map([
  ["delete", "deleted"],
  ["forget", "let go"],
  ["replace", "replaced"],
]);

export const rule: GateRule = {
  id: "stack-set-destroyed",
  severity: "critical",
  requirement: "No plan deletes or replaces a StackSet, its instances, or a CloudFormation stack.",
  reason: "Deploy roles, audit rules and keys of every account that it reaches go with it, or are left to nobody.",
  fix: "put back the rollout; docs/rollouts.md says how one ends",
  allowedBy: "command line",
  inStack: ({ changes }) =>
    changes.flatMap(({ type, address, action }) => {
      const word = rolloutTypes.has(type) ? words.get(action) : undefined;
      return word === undefined ? [] : [{ address, why: `would be ${word}` }];
    }),
};
