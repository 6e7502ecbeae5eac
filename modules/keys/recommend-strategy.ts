import { kmsLimits } from "../aws/kms-limits";
import type { Zone } from "../organization/organization-map";
import type { ComparedStrategy, MeasuredStrategy, Strategy } from "./compare-strategies";

/** What a zone should do, and by which of the rules of docs/cost.md. */
export interface Recommendation {
  /** Undefined where none can be planned. */
  readonly strategy: Strategy | undefined;
  readonly why: string;
}

/** Rules of the recommendation; docs/cost.md says why. */
export const recommendationRules = {
  /** In a zone that a framework or the floor protects. */
  protectedWorkloads: 1,
  protectedEnvironments: 1,
  /** In others. */
  workloads: 10,
  /** A policy that is nearly full has no room for the next user. */
  policyShare: 0.8,
  /** Another strategy has to save as much of what the map costs to be worth keys that are replaced. */
  worthReplacing: 0.2,
} as const;

const { protectedWorkloads, protectedEnvironments, workloads, policyShare, worthReplacing } = recommendationRules;

type Fit = { readonly strategy: Strategy; readonly measured: MeasuredStrategy };

/** The cheapest strategy whose keys are small enough; the map's own, unless another saves enough to replace keys for it. */
export function recommend(compared: readonly ComparedStrategy[], zone: Zone): Recommendation {
  const possible = compared.flatMap(({ strategy, measured }): Fit[] =>
    measured === undefined ? [] : [{ strategy, measured }],
  );
  const isProtected = zone.frameworks.length > 0 || zone.floor.customerManaged;
  const small = possible.filter((fit) => isSmallEnough(fit, isProtected));
  const most = isProtected
    ? `${protectedWorkloads} workload and ${protectedEnvironments} environment`
    : `${workloads} workloads`;
  const cheapest = [...small].sort(byCost)[0];
  if (cheapest === undefined) {
    const finest = [...possible].sort((a, b) => reach(a) - reach(b) || byCost(a, b))[0];
    return {
      strategy: finest?.strategy,
      why: finest === undefined ? "none can be planned" : `none keeps every key to ${most}: this one comes nearest`,
    };
  }
  const asItIs = small.find(({ strategy }) => strategy === "map");
  if (asItIs === undefined) return { strategy: cheapest.strategy, why: `the cheapest that keeps every key to ${most}` };
  const saved = copies(asItIs) - copies(cheapest);
  return saved > worthReplacing * copies(asItIs)
    ? {
        strategy: cheapest.strategy,
        why: `the cheapest that keeps every key to ${most}: ${saved === 1 ? "1 key or replica" : `${saved} keys and replicas`} fewer`,
      }
    : { strategy: "map", why: `keeps every key to ${most}, and no other saves enough to replace keys for it` };
}

/** In a protected zone it has to stay so when the next workload or environment comes, which only the map's own can answer for. */
function isSmallEnough({ strategy, measured }: Fit, isProtected: boolean): boolean {
  const { worst, largestPolicyBytes } = measured;
  if (largestPolicyBytes > policyShare * kmsLimits.keyPolicyBytes) return false;
  if (!isProtected) return worst.workloads <= workloads;
  if (strategy === "environment" || strategy === "workload") return false;
  return worst.workloads <= protectedWorkloads && worst.environments <= protectedEnvironments;
}

/** What is paid for, also where prices are not known. */
function copies({ measured }: Fit): number {
  return measured.keys + measured.replicas;
}

function reach({ measured }: Fit): number {
  return measured.worst.environments;
}

function byCost(a: Fit, b: Fit): number {
  return copies(a) - copies(b) || reach(a) - reach(b);
}
