import type { AccountPlace } from "../access/access-index";
import type { Place } from "../access/policy-statement";
import type { StackDirectStack, StackInstances, StackStackSet, SynthesizedStack } from "../access/synthesized-stack";
import { ousOf, type ZoneBoundaries, type ZoneBoundary } from "../access/zone-boundary";
import { zoneOfStack } from "./evidence/stack-zone";
import type { Check, Violation } from "./frame/check";

/**
 * A StackSet on an OU goes to every account below it, those of tomorrow too: the OU has to be the zone's with everything
 * below. Without instances it goes nowhere. A direct stack is in the account of its Terraform stack, and goes nowhere else.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export const check: Check = {
  id: "zone-rollouts",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every StackSet goes to accounts and OUs of one zone, the zone of its stack, and says in full how; a stack of CloudFormation is in an account of its zone.",
  reason:
    "A StackSet writes keys and key policies of its own: in another zone's account it is a hole in that zone's wall.",
  fix: "target OUs that are the zone's with everything below, and a StackSet of its own for each zone",
  inOutput: ({ index, zones }) => {
    const stacks = index.stacks.filter(({ stackSets }) => stackSets.length > 0);
    const paths = stacks.length === 0 ? new Map() : pathsOfOus(index.places);
    return stacks.flatMap((stack) =>
      stack.stackSets.flatMap((stackSet) => strayTargets(stack, stackSet, zones, paths)),
    );
  },
  inStack: (stack, { zones }) => [
    ...stack.stackSets.flatMap((stackSet) => unclearReach(stack, stackSet)),
    ...stack.directStacks.flatMap((direct) => inStrangeAccount(stack, direct, zones)),
  ],
};

/** By OU id: the ids from the root down to it, of every OU that has an account below. */
type OuPaths = ReadonlyMap<string, readonly string[]>;

function pathsOfOus(places: ReadonlyMap<string, AccountPlace>): OuPaths {
  const paths = new Map<string, readonly string[]>();
  for (const { path } of places.values()) {
    for (const [depth, id] of path.entries()) paths.set(id, path.slice(0, depth + 1));
  }
  return paths;
}

function strayTargets(
  stack: SynthesizedStack,
  stackSet: StackStackSet,
  zones: ZoneBoundaries,
  paths: OuPaths,
): Violation[] {
  const zone = zoneOfStack(stack, zones)?.zone;
  const at = (target: string, why: string): Violation => ({
    stack,
    address: stackSet.address,
    detail: [target],
    why,
    place: stackSet,
  });
  const ous = [...new Set(stackSet.ous)];
  const accounts = [...new Set(stackSet.accountIds)];
  if (zone === undefined) {
    return [...ous, ...accounts].map((id) => at(id, `goes to ${id}, and its stack is of no zone that the map knows`));
  }
  return [
    ...ous
      .filter((id) => !containsOu(zone, id, paths))
      .map((id) => at(id, `is of zone ${zone.name} and goes to ${describeOu(id, zone, zones, paths)}`)),
    ...accounts
      .filter((id) => !zone.accounts.has(id))
      .map((id) => at(id, `is of zone ${zone.name} and goes to ${zones.describe(id)}`)),
  ];
}

/** What lets CloudFormation or the provider take another way than the targets say. */
function unclearReach(stack: SynthesizedStack, stackSet: StackStackSet): Violation[] {
  const { permissionModel, autoDeployment, instances } = stackSet;
  const at = (of: Place & { readonly address: string }, detail: string, why: string, fix: string): Violation => ({
    stack,
    address: of.address,
    detail: [detail],
    why,
    fix,
    place: { document: of.document, path: of.path },
  });
  return [
    ...(permissionModel === "SERVICE_MANAGED"
      ? []
      : [
          at(
            stackSet,
            "permission_model",
            `is ${permissionModel}: it goes wherever a role lets it, whatever the organization`,
            "set permission_model to SERVICE_MANAGED",
          ),
        ]),
    // The provider replaces a StackSet without the block, with all of its instances.
    ...(autoDeployment === undefined
      ? [
          at(
            stackSet,
            "auto_deployment",
            "does not say whether it goes to accounts that join later",
            "write auto_deployment, with enabled false where it does not",
          ),
        ]
      : []),
    ...instances.flatMap((each) => unsafeFilter(each, at)),
  ];
}

/**
 * The provider tells CloudFormation to delete the instances of everybody else when an account is taken off a DIFFERENCE, goes to the
 * account that Terraform runs in when accounts stand beside a service-managed StackSet's targets, and CloudFormation makes no
 * instances by UNION.
 *
 * Sources: https://github.com/hashicorp/terraform-provider-aws/issues/47721,
 * https://github.com/hashicorp/terraform-provider-aws/issues/42172 and
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html
 */
function unsafeFilter(
  instances: StackInstances,
  at: (of: StackInstances, detail: string, why: string, fix: string) => Violation,
): Violation[] {
  const { filter, byAccounts } = instances;
  const fix = "target OUs with account_filter_type NONE, or single accounts with INTERSECTION";
  return [
    ...(byAccounts
      ? [at(instances, "accounts", "names accounts beside its targets, and nobody can tell where it goes", fix)]
      : []),
    ...(filter === "DIFFERENCE" || filter === "UNION"
      ? [
          at(
            instances,
            "account_filter_type",
            `goes by ${filter}, which deletes or adds instances that nobody named`,
            fix,
          ),
        ]
      : []),
  ];
}

function inStrangeAccount(stack: SynthesizedStack, direct: StackDirectStack, zones: ZoneBoundaries): Violation[] {
  const zone = zoneOfStack(stack, zones)?.zone;
  const { accountId } = stack;
  if (zone !== undefined && accountId !== undefined && zone.accounts.has(accountId)) return [];
  const where = accountId === undefined ? "an account that nobody can tell" : zones.describe(accountId);
  const why =
    zone === undefined
      ? `is in ${where}, and its stack is of no zone that the map knows`
      : `is of zone ${zone.name} and in ${where}`;
  return [
    {
      stack,
      address: direct.address,
      detail: [accountId ?? "account"],
      why,
      place: { document: direct.document, path: direct.path },
      fix: "synthesize the stack again from the map",
    },
  ];
}

function containsOu(zone: ZoneBoundary, id: string, paths: OuPaths): boolean {
  return zone.wholeOus.some((ou) => ou.id === id || paths.get(id)?.includes(ou.id) === true);
}

function describeOu(id: string, zone: ZoneBoundary, zones: ZoneBoundaries, paths: OuPaths): string {
  if (id.startsWith("r-")) return `root ${id}, with every account of the organization`;
  const others = zones.all
    .filter((other) => other !== zone && ousOf(other).some((ou) => meet(ou.idPath, id, paths)))
    .map((other) => other.name);
  const own = zone.ownOus.find((ou) => ou.id === id);
  const name = own === undefined ? `OU ${id}` : `OU ${own.path} (${id})`;
  return others.length === 0
    ? `${name}, which the map does not have as one of the zone's with everything below`
    : `${name}, which reaches zone ${others.join(" and zone ")}`;
}

/** One of them is the other, or somewhere below it. */
function meet(idPath: string, id: string, paths: OuPaths): boolean {
  const ids = idPath.split("/");
  return ids.includes(id) || paths.get(id)?.includes(ids.at(-2) ?? "") === true;
}
