import type { GateRule } from "../gate-rule";

export const rule: GateRule = {
  id: "keys-unread",
  severity: "high",
  requirement: "Before a key is made, the keys of its account and Region are read.",
  reason: "Only they tell whether the very key is there already, unknown to any state or waiting for its deletion.",
  fix: "let whoever runs orgkeys assume the zone's audit role, or the stack's deploy role, and run it again",
  allowedBy: "command line",
  inStack: ({ lookedUp }) =>
    lookedUp.flatMap(({ wanted: { address, region }, found }) =>
      "unread" in found
        ? [{ address, why: `the keys of its account in ${region} cannot be read: ${found.unread}` }]
        : [],
    ),
};
