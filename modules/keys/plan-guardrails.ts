import { inNameOrder, nameOrder } from "../aws/name-order";
import { type ControlPolicyKind, hasControlPolicies } from "../aws/organizations";
import { type Finding, sortFindings } from "../findings/finding";
import { rolesByHand } from "../organization/access-rollout";
import { baselineRolloutOf } from "../organization/baseline-rollout";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import { sessionTagsOf } from "../organization/session-tags";
import {
  type GuardrailDocument,
  type GuardrailRequest,
  guardrailReasons,
  resourceControlPolicy,
  serviceControlPolicy,
} from "../policies/guardrails";
import type { AccountPlan } from "./account-plan";
import { accountWaits, nothingToAttachTo, notOffered, stackWaits, unguardedKeys } from "./guardrail-findings";
import { guardrailLimits } from "./guardrail-limits";
import type { GuardrailPlan, GuardrailTarget, PlannedGuardrail } from "./guardrail-plan";
import { guardrailTargets } from "./guardrail-targets";
import type { PlanProblem } from "./plan-problem";

/** Whether a partition has policies of a kind. */
export type IsOffered = typeof hasControlPolicies;

/**
 * The guardrails of every zone: pure, and the same for the same map whatever the order of its files.
 *
 * @param accounts the account stacks, whose names are taken, and whose keys may be out of reach
 * @param isOffered @default what AWS says
 * @returns a plan for each zone that has a guardrail, sorted by stack, or every problem
 */
export function planGuardrails(
  map: OrganizationMap,
  accounts: readonly AccountPlan[],
  isOffered: IsOffered = hasControlPolicies,
): { plans: GuardrailPlan[]; findings: Finding[] } | { problems: PlanProblem[] } {
  const planned = map.zones.map((zone) => planZone(zone, map, accounts, isOffered));
  const plans = planned.flatMap(({ plan }) => plan ?? []).sort((a, b) => nameOrder(a.stack, b.stack));
  const problems = [...takenNames(plans, accounts), ...guardrailLimits(plans.flatMap(({ guardrails }) => guardrails))];
  if (problems.length > 0) return { problems };
  return { plans, findings: sortFindings(planned.flatMap(({ findings }) => findings)) };
}

function planZone(
  zone: Zone,
  map: OrganizationMap,
  accounts: readonly AccountPlan[],
  isOffered: IsOffered,
): { plan: GuardrailPlan | undefined; findings: Finding[] } {
  const { organization } = zone;
  const account = map.accounts.find(({ name }) => name === organization.managementAccount);
  const wanted = wantedGuardrails(zone, map);
  if (wanted.length === 0 || account === undefined) return { plan: undefined, findings: [] };
  const offered = wanted.filter(({ kind }) => isOffered(organization.partition, kind));
  const missing = wanted.filter((each) => !offered.includes(each)).map(({ kind }) => notOffered(zone, kind));
  if (offered.length === 0) return { plan: undefined, findings: missing };
  if (account.status !== "active") return { plan: undefined, findings: [...missing, stackWaits(zone, account)] };
  const { targets, waiting } = guardrailTargets(zone, map.accounts);
  const findings = [
    ...missing,
    ...unguardedKeys(zone, account, accounts),
    ...waiting.map((each) => accountWaits(zone, each)),
  ];
  if (targets.length === 0) return { plan: undefined, findings: [...findings, nothingToAttachTo(zone)] };
  return {
    plan: {
      stack: `${organization.name}.guardrails.${zone.name}`,
      zone,
      account,
      sessionTags: sessionTagsOf(account, map.zones),
      guardrails: offered.map((each) => planGuardrail(zone, each, targets)),
    },
    findings,
  };
}

interface WantedGuardrail {
  readonly kind: ControlPolicyKind;
  readonly document: GuardrailDocument;
}

/** A zone that covers nothing wants none: there is nothing to guard. */
function wantedGuardrails(zone: Zone, map: OrganizationMap): WantedGuardrail[] {
  const request = guardrailRequest(zone, map);
  if (request.organizationPaths.length + request.accountIds.length === 0) return [];
  const resourceControl = resourceControlPolicy(request, zone.guardrails.resourceControl);
  const serviceControl = serviceControlPolicy(request, zone.guardrails.serviceControl);
  return [
    ...(resourceControl === undefined ? [] : [{ kind: "resource-control", document: resourceControl } as const]),
    ...(serviceControl === undefined ? [] : [{ kind: "service-control", document: serviceControl } as const]),
  ];
}

/**
 * What a zone's guardrails are made from. Accounts that wait are inside as well: nobody but AWS gives out account ids, and
 * a guardrail lets nobody in by itself.
 */
export function guardrailRequest(
  { name, organization, extent, breakGlass, regions }: Zone,
  map: Pick<OrganizationMap, "accounts" | "rollouts">,
): GuardrailRequest {
  const byHand = rolesByHand(name, map);
  return {
    partition: organization.partition,
    organizationPaths: [
      ...extent.wholeOus.map(({ idPath }) => `${idPath}*`),
      ...extent.ownOus.map(({ idPath }) => idPath),
    ],
    accountIds: extent.accounts.map(({ id }) => id),
    breakGlass,
    deployRole: `role/${organization.roles.deploy}`,
    regions,
    stackSets: baselineRolloutOf(name, map) !== undefined,
    rolledOut: byHand && { auditRole: `role/${organization.roles.audit}`, byHand: byHand.map(({ id }) => id) },
  };
}

const descriptions: Readonly<Record<ControlPolicyKind, (zone: string) => string>> = {
  "resource-control": (zone) => `Who may touch the KMS keys of zone ${zone}, written by orgkeys`,
  "service-control": (zone) => `What principals of zone ${zone} may do with KMS keys, written by orgkeys`,
};

function planGuardrail(
  zone: Zone,
  { kind, document }: WantedGuardrail,
  targets: readonly GuardrailTarget[],
): PlannedGuardrail {
  return {
    id: `${zone.name}_${kind}`,
    kind,
    name: `orgkeys-${zone.name}-${kind}`,
    description: descriptions[kind](zone.name),
    document,
    tags: Object.fromEntries(
      inNameOrder({
        ...zone.organization.tags,
        ...zone.tags,
        ManagedBy: "orgkeys",
        Owner: zone.owner,
        Zone: zone.name,
      }),
    ),
    targets,
    why: document.Statement.map(({ Sid }) => `${Sid}: ${guardrailReasons[Sid]}`),
    sources: [`zones.yaml ${zone.name}`],
  };
}

/** An OU called Guardrails with an account that is called like a zone gives the same stack name. */
function takenNames(plans: readonly GuardrailPlan[], accounts: readonly AccountPlan[]): PlanProblem[] {
  const taken = new Map(accounts.map(({ stack, account }): [string, Account] => [stack, account]));
  return plans.flatMap(({ stack, zone }): PlanProblem[] => {
    const account = taken.get(stack);
    if (account === undefined) return [];
    return [
      {
        source: `zones.yaml ${zone.name}`,
        message: `its guardrail stack ${stack} would have the name of the stack of account ${account.name} in OU ${account.ouPath}`,
        fix: "rename the zone, the account or the OU",
      },
    ];
  });
}
