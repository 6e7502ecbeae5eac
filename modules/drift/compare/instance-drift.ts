import { driftIds } from "../../findings/drift-ids";
import type { Finding } from "../../findings/finding";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";

/**
 * What holding the instances of StackSets against the map has found, as drift of the account that keeps them.
 *
 * @param stackOf the synthesized stack, and the address in it, of a StackSet by its name
 */
export function instanceDrift(
  findings: readonly Finding[],
  stackOf: ReadonlyMap<string, { readonly stack: string; readonly address: string }>,
  { account, accountId, partition, zone }: DriftContext,
): Drift[] {
  return findings.flatMap(({ severity, where, why, whatToDo, ...finding }) => {
    const id = driftIds.find((each) => each === finding.id);
    // `orgkeys-pci-access-roles`, or with an account and a Region behind it.
    const [stackSet = "", ofAccount, region] = where.split(" ");
    const reviewed = stackOf.get(stackSet);
    // Of a StackSet that is not there, the comparison of templates tells.
    if (id === undefined || (id === "rollout-missing" && ofAccount === undefined && reviewed !== undefined)) return [];
    const place = {
      account,
      accountId,
      partition,
      zone: zone.name,
      region,
      stack: reviewed?.stack,
      address: reviewed?.address,
      resource: `StackSet ${stackSet}`,
    };
    const detail = ofAccount === undefined ? [] : [`instance ${[ofAccount, region].join(" ")}`];
    return [{ id, severity, place, detail, why, whatToDo }];
  });
}
