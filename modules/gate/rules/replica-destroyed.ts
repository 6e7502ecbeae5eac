import type { GateRule } from "../gate-rule";
import { replicaTypes } from "../resource-types";
import { endOf } from "./key-destroyed";
import { replacement } from "./key-replaced";

/** AWS deletes a replica for good like any other key; its primary still reads the data. */
export const rule: GateRule = {
  id: "replica-destroyed",
  severity: "critical",
  requirement: "No plan deletes or replaces a replica, or lets go of one that the reviewed JSON does not let go.",
  reason:
    "Whatever reads the data in the replica's Region stops, and disaster recovery is gone without anybody's word.",
  fix: "put back what was deleted from the map or the stack; a replica ends in the steps of docs/lifecycle.md#end",
  allowedBy: "command line",
  inStack: (stack) =>
    stack.changes
      .filter(({ type }) => replicaTypes.has(type))
      .flatMap((change) => [...endOf(change, stack), ...replacement(change)]),
};
