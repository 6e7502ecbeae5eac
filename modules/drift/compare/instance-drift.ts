import { driftIds } from "../../findings/drift-ids";
import type { Finding } from "../../findings/finding";
import type { Drift, DriftSubject, StackSetSubject } from "../drift";
import type { DriftContext } from "../drift-context";
import { kindOf } from "../drift-kinds";
import { placeIn } from "../place-in";

/** What holding the instances of StackSets against the map has found. */
export interface InstanceFindings extends Omit<StackSetSubject, "stackSet"> {
  readonly findings: readonly Finding[];
  /** Ids of the OUs that instances were made for, by where a finding would have them. */
  readonly ouIds: ReadonlyMap<string, string>;
}

/** The reviewed one. */
export interface StackSetPlace {
  /** The synthesized stack. */
  readonly stack: string;
  readonly address: string;
  readonly zone: string;
  /** Ids. */
  readonly ous: readonly string[];
}

/**
 * The findings as drift of the account that keeps the StackSets.
 *
 * @param stackSets reviewed ones, by name
 */
export function instanceDrift(
  { findings, ouIds, ...kept }: InstanceFindings,
  stackSets: ReadonlyMap<string, StackSetPlace>,
  context: DriftContext,
): Drift[] {
  return findings.flatMap(({ severity, where, why, whatToDo, ...finding }): Drift[] => {
    const id = driftIds.find((each) => each === finding.id);
    // `orgkeys-pci-access-roles`, or with an account and a Region behind it.
    const [stackSet = "", ofAccount, region] = where.split(" ");
    const reviewed = stackSets.get(stackSet);
    // Of a StackSet that is not there, the comparison of templates tells.
    if (id === undefined || (id === "rollout-missing" && ofAccount === undefined && reviewed !== undefined)) return [];
    const zone = { name: reviewed?.zone ?? context.zone.name };
    const at = { stack: reviewed?.stack, address: reviewed?.address, region };
    const place = placeIn({ ...context, zone }, at, `StackSet ${stackSet}`);
    if (ofAccount === undefined || region === undefined) {
      return [{ id, severity, place, detail: [], why, whatToDo, subject: { stackSet: { stackSet, ...kept } } }];
    }
    // What is meant by a status that nobody knows is to be looked up before anything is done.
    if (id === "rollout-inoperable" && severity !== kindOf(id).severity) {
      return [{ id, severity, place, detail: [`instance ${ofAccount} ${region}`], why, whatToDo }];
    }
    const ouId = ouIds.get(where);
    const ous = ouId === undefined ? (reviewed?.ous ?? []) : [ouId];
    const subject: DriftSubject = { instance: { stackSet, ...kept, ous, accountId: ofAccount, region } };
    return [{ id, severity, place, detail: [`instance ${ofAccount} ${region}`], why, subject }];
  });
}
