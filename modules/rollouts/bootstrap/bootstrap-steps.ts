import type { Organization, OrganizationMap, Zone } from "../../organization/organization-map";
import type { RolloutPlans } from "../rollout-plan";
import { applySteps } from "./apply-steps";
import type { BootstrapContext, BootstrapPlaces, BootstrapStack, BootstrapStep } from "./bootstrap-step";
import { newAccountSteps } from "./new-account-steps";
import { preparingSteps } from "./preparing-steps";
import { undoSteps } from "./undo-steps";

/** What one organization needs from nothing to its last stack, and back. */
export interface Bootstrap {
  readonly organization: string;
  /** In their order; none where the organization has no rollouts. */
  readonly steps: readonly BootstrapStep[];
  /** When an account is there and its rollouts are not. */
  readonly newAccount: readonly BootstrapStep[];
  readonly undo: readonly BootstrapStep[];
  /** What somebody else has to make, because no rollout does. */
  readonly missing: readonly string[];
}

/**
 * Pure, and the same for the same map.
 *
 * @param stacks those of the output, in name order
 */
export function bootstrapSteps(
  organization: Organization,
  map: OrganizationMap,
  plans: RolloutPlans,
  stacks: readonly BootstrapStack[],
  places: BootstrapPlaces,
): Bootstrap {
  const zones = map.zones.filter((zone) => zone.organization.name === organization.name);
  const own = {
    zones: plans.zones.filter(({ zone }) => zone.organization.name === organization.name),
    direct: plans.direct.filter(({ zone }) => zone.organization.name === organization.name),
  };
  const missing = missingRoles(zones, map);
  if (own.zones.length + own.direct.length === 0) {
    return { organization: organization.name, steps: [], newAccount: [], undo: [], missing };
  }
  const context: BootstrapContext = { organization, map, zones, plans: own, places };
  const ofOrganization = stacks.filter(({ zone }) => zones.some(({ name }) => name === zone));
  return {
    organization: organization.name,
    steps: [...preparingSteps(context), ...applySteps(context, ofOrganization)],
    newAccount: newAccountSteps(context),
    undo: undoSteps(context),
    missing,
  };
}

function missingRoles(zones: readonly Zone[], map: OrganizationMap): string[] {
  return zones
    .filter(({ name }) => !map.rollouts.some(({ zone, template }) => zone === name && template === "access-roles"))
    .map(({ name, organization: { roles } }) => {
      const needed = `every account of it needs the roles ${roles.deploy} and ${roles.audit} from somebody else`;
      return `zone ${name} has no access-roles rollout: ${needed}, before its stacks are applied`;
    });
}
