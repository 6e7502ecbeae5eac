import type { AccountPlan } from "../keys/account-plan";
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap } from "../organization/organization-map";
import { managingRoles, permissionSetOf } from "./managing-roles";

/**
 * Consumer policies of whoever runs or manages orgkeys. The deploy role writes them, and what it writes there it is: with
 * `access-roles`, its boundary lets it attach none of them.
 */
export function managersAsUsers(map: OrganizationMap, stacks: readonly AccountPlan[]): PlanProblem[] {
  const zones = map.zones.filter(({ name }) =>
    map.rollouts.some(({ zone, template }) => zone === name && template === "access-roles"),
  );
  return zones.flatMap((zone) => {
    const managers = managingRoles(zone);
    const permissionSets = new Set(
      zone.administrators.flatMap(permissionSetOf).map((name) => `permission-set/${name}`),
    );
    const isManager = (principal: string): boolean =>
      permissionSets.has(principal) || managers.some((pattern) => matches(pattern, principal));
    return stacks
      .filter(({ account }) => account.zone === zone.name)
      .flatMap(({ account, consumerPolicies }) =>
        consumerPolicies
          .filter(({ principal }) => isManager(principal))
          .map(({ principal, sources }) => ({
            source: sources[0] ?? "",
            message: `${principal} of account ${account.name} runs or manages the keys of zone ${zone.name}, and would get a policy that the zone's deploy role writes`,
            fix: "let another role use the key: whoever has the deploy role would be that role",
          })),
      );
  });
}

/** @param pattern with `*` at its end, if anywhere */
function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
