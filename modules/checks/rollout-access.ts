import { outsidersOf } from "../access/outsiders";
import { boundsOfStatement } from "../access/principal-bounds";
import { statementDetail } from "../access/statement-detail";
import type { TemplateBusPolicy } from "../access/template-instance";
import { whoIsMeant, whoName } from "../access/who";
import { offeredRights, roleRights } from "./evidence/role-rights";
import { roleTrust } from "./evidence/role-trust";
import {
  foundOnce,
  instanceKeys,
  type RolloutInstance,
  resourceAddress,
  rolloutInstances,
} from "./evidence/rollout-instances";
import { sentElsewhere } from "./evidence/sent-elsewhere";
import type { Check, Violation } from "./frame/check";
import { check as zoneKeyAccess } from "./zone-key-access";
import { check as zoneManagers } from "./zone-managers";
import { check as zoneRegions } from "./zone-regions";

/**
 * Every template as it comes to be in the accounts that it reaches, those of tomorrow included: keys are held against the same
 * evidence as keys of stacks, roles against what the map says of them. Where templates go is `zone-rollouts`' question.
 */
export const check: Check = {
  id: "rollout-access",
  kind: "proof",
  severity: "critical",
  requirement:
    "No template of a rollout lets anybody outside its zone use a key, assume a role or see an event, and no role that it makes can use a key or become more than it is.",
  reason: "A template is in every account of an OU, also in those of tomorrow: one statement opens them all.",
  fix: "take the principal or the action out of the template, or bound it with a condition to the zone's accounts or OUs",
  inStack: (stack, output) =>
    foundOnce(
      stack,
      rolloutInstances(stack, output).flatMap((rollout) => [
        ...onKeys(rollout),
        ...rollout.instance.roles.flatMap((role) => [...roleTrust(rollout, role), ...roleRights(rollout, role)]),
        ...rollout.instance.managedPolicies.flatMap((policy) => offeredRights(rollout, policy)),
        ...rollout.instance.busPolicies.flatMap((policy) => strangersOnBus(rollout, policy)),
        ...sentElsewhere(rollout),
      ]),
    ),
};

const proofOfKeys: readonly Check[] = [zoneKeyAccess, zoneManagers, zoneRegions];

function onKeys(rollout: RolloutInstance): Violation[] {
  return instanceKeys(rollout).flatMap((key) =>
    proofOfKeys.flatMap((check) =>
      (check.inKey?.(key, rollout.output) ?? [])
        // The Regions of the StackSet as a whole are `zone-regions`' finding.
        .filter(({ detail }) => detail[0] !== `Region ${key.entry.key.region}`)
        .map((violation) => ({ severity: check.severity, fix: check.fix, ...violation })),
    ),
  );
}

/** Who puts events on a bus: the zone alone, and it does nothing else there. */
function strangersOnBus(rollout: RolloutInstance, resource: TemplateBusPolicy): Violation[] {
  const { zone, output, stack } = rollout;
  const statements = resource.policy?.statements ?? [];
  return statements.flatMap((statement): Violation[] => {
    if (statement.effect === "Deny") return [];
    const at = (detail: string, why: string): Violation => ({
      stack,
      address: resourceAddress(rollout, resource),
      detail: [statementDetail(statement, statements), detail],
      why,
      place: statement,
    });
    const { action } = statement;
    const others = action.negated
      ? ["everything but what it names"]
      : action.patterns.filter((pattern) => pattern.toLowerCase() !== "events:putevents");
    const strangers = whoIsMeant(statement.principal).flatMap(({ who, element }): Violation[] => {
      const outsiders = outsidersOf(
        boundsOfStatement({ ...statement, principal: element }, zone.partition),
        zone,
        output.zones,
      );
      if (outsiders === undefined) return [];
      return [at(whoName(who), `lets ${outsiders.whom} put events on a bus of zone ${zone.name}${outsiders.because}`)];
    });
    return [
      ...strangers,
      ...(others.length === 0
        ? []
        : [at("actions", `allows ${others.join(", ")}, and a bus takes nothing but events`)]),
    ];
  });
}
