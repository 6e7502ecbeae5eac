import { organizationsRegion } from "../aws/organizations";
import type { InstanceFindings } from "../drift/compare/instance-drift";
import type { LiveParts } from "../drift/compare-account";
import { keyStoreRegions, type ReviewedAccount } from "../drift/reviewed/reviewed-account";
import type { ClientSettings } from "../live/assume-role";
import type { AuditTarget } from "../live/audit-session";
import { messageOf } from "../live/aws-error";
import type { CallBudget } from "../live/call-budget";
import type { LiveAccount, LiveTemplate, Reading } from "../live/live-account";
import { readAccount } from "../live/read-account";
import { readGuardrails } from "../live/read-guardrails";
import { readIdentityPolicies } from "../live/read-identity-policies";
import { readInstances } from "../live/read-instances";
import { readStackSetTemplates, readStackTemplates } from "../live/read-templates";
import type { Account } from "../organization/organization-map";
import { sessionTagsOf } from "../organization/session-tags";
import { compareInstances, instanceName } from "../rollouts/compare-instances";
import { expectedInstances, mappedStackSets } from "../rollouts/expected-instances";
import type { DriftScope } from "./drift-scope";
import type { DriftUnit } from "./drift-units";

/** The audit role of an account, and what it asks of a session. */
export function auditTarget({ account }: DriftUnit, { loaded: { map } }: DriftScope): AuditTarget {
  const { partition, homeRegion, roles, externalId } = account.organization;
  return {
    partition,
    accountId: account.id,
    region: homeRegion,
    role: roles.audit,
    externalId,
    sessionTags: sessionTagsOf(account, map.zones),
  };
}

/** Reads what a unit asks for; what cannot be read says so in its own place. */
export async function readUnit(
  unit: DriftUnit,
  reviewed: ReviewedAccount,
  settings: ClientSettings,
  scope: DriftScope,
  budget: CallBudget,
): Promise<LiveParts> {
  const { account, whole } = unit;
  const { partition, regions } = account.organization;
  const guardrails = new Set(reviewed.guardrails.flatMap((stack) => stack.guardrails.map(({ name }) => name)));
  const [kms, identityPolicies, liveGuardrails, stacks, stackSets, instances] = await Promise.all([
    whole
      ? readAccount(settings, { accountId: account.id, regions, keyStoresIn: keyStoreRegions(reviewed) }, budget)
      : undefined,
    whole ? readIdentityPolicies(settings, budget) : undefined,
    unit.guardrails.length === 0
      ? undefined
      : readGuardrails({ ...settings, region: organizationsRegion(partition) }, guardrails, budget),
    readDirectStacks(reviewed, settings, budget),
    readStackSets(unit, settings, scope, budget),
    unit.rollouts.length === 0 ? undefined : readDifferentInstances(unit, settings, scope, budget),
  ]);
  return {
    kms: kms === undefined ? undefined : withoutDisabledRegions(kms, account),
    identityPolicies,
    guardrails: liveGuardrails,
    templates: new Map([...stacks, ...stackSets]),
    instances,
  };
}

type LiveTemplates = ReadonlyMap<string, Reading<LiveTemplate | undefined>>;

async function readDirectStacks(
  { direct }: ReviewedAccount,
  settings: ClientSettings,
  budget: CallBudget,
): Promise<LiveTemplates> {
  const names = new Map<string, string[]>();
  for (const { region, name } of direct.flatMap(({ directStacks }) => directStacks)) {
    names.set(region, [...(names.get(region) ?? []), name]);
  }
  const read = [...names].map(([region, ofRegion]) => readStackTemplates({ ...settings, region }, ofRegion, budget));
  return new Map((await Promise.all(read)).flatMap((each) => [...each]));
}

/** StackSets are kept as whom the map says; a stack of the output that the map does not have is told as stale before. */
async function readStackSets(
  { rollouts }: DriftUnit,
  settings: ClientSettings,
  { index, loaded }: DriftScope,
  budget: CallBudget,
): Promise<LiveTemplates> {
  const read = loaded.rollouts.zones
    .filter(({ stack }) => rollouts.includes(stack))
    .map(({ stack, callAs }) => {
      const names = index.rollout(stack)?.stackSets.map(({ name }) => name) ?? [];
      return readStackSetTemplates(settings, callAs, names, budget);
    });
  return new Map((await Promise.all(read)).flatMap((each) => [...each]));
}

async function readDifferentInstances(
  { account, rollouts }: DriftUnit,
  settings: ClientSettings,
  { loaded }: DriftScope,
  budget: CallBudget,
): Promise<Reading<InstanceFindings>> {
  const zones = loaded.rollouts.zones.filter(({ stack }) => rollouts.includes(stack));
  const [first] = zones;
  const { homeRegion } = account.organization;
  if (first === undefined) return { value: { findings: [], ouIds: new Map(), callAs: "SELF", homeRegion } };
  const { callAs } = first;
  const asked = new Set(zones.flatMap(({ stackSets }) => stackSets.map(({ name }) => name)));
  try {
    const live = await readInstances(settings, callAs, asked, () => undefined, budget);
    const mapped = mappedStackSets(loaded.rollouts, loaded.map.accounts);
    const expected = expectedInstances({ zones, direct: [] });
    const findings = compareInstances(expected, { ...live, stacks: undefined }, mapped);
    const ouIds = new Map(
      live.instances.flatMap((each) => (each.ouId === undefined ? [] : [[instanceName(each), each.ouId] as const])),
    );
    return { value: { findings, ouIds, callAs, homeRegion } };
  } catch (error) {
    const whatToDo = `let ${account.organization.roles.audit} list StackSets and their instances there, as access-roles does (docs/rollouts.md#instances-per-account-and-region)`;
    return { unread: messageOf(error), whatToDo };
  }
}

/** What AWS says where a Region that has to be enabled is not. */
const notEnabled = /UnrecognizedClient|InvalidClientTokenId|OptInRequired/;

/** A Region that the map does not have for the account, and where AWS KMS knows no credentials of it, has no keys of it. */
function withoutDisabledRegions(live: LiveAccount, { regions }: Account): LiveAccount {
  return {
    ...live,
    regions: live.regions.filter(
      ({ region, keys }) => regions.includes(region) || !("unread" in keys && notEnabled.test(keys.unread)),
    ),
  };
}
