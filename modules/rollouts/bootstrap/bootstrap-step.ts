import type { Organization, OrganizationMap, Zone } from "../../organization/organization-map";
import type { RolloutPlans } from "../rollout-plan";

export interface BootstrapStep {
  readonly title: string;
  /** Who runs the commands: `an administrator of security-tooling (100000000002)`. */
  readonly as: string;
  readonly why: string;
  readonly commands: readonly string[];
}

/** A stack of the output, as far as the order of things goes. */
export interface BootstrapStack {
  readonly name: string;
  readonly kind: "account" | "guardrails" | "rollouts" | "direct-rollouts";
  readonly zone: string;
}

export interface BootstrapPlaces {
  /** The folder with the rendered templates. */
  readonly templates: string;
  /** The folder of the map. */
  readonly config: string;
  /** The folder with the synthesized stacks. */
  readonly out: string;
}

/** What the steps of one organization are made from. */
export interface BootstrapContext {
  readonly organization: Organization;
  readonly map: OrganizationMap;
  /** The organization's. */
  readonly zones: readonly Zone[];
  /** The organization's. */
  readonly plans: RolloutPlans;
  readonly places: BootstrapPlaces;
}
