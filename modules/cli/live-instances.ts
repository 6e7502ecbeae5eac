import { loadPlan } from "../../stacks/load-plan";
import { type Finding, sortFindings } from "../findings/finding";
import { auditSession, NoSession } from "../live/audit-session";
import { describeError } from "../live/aws-error";
import { type LiveInstances, readInstances } from "../live/read-instances";
import { selectAccounts } from "../organization/select-accounts";
import {
  INSTANCES_SCHEMA,
  instancesJson,
  instancesText,
  type OrganizationInstances,
  unreadText,
} from "../report/instances-report";
import { compareInstances } from "../rollouts/compare-instances";
import { expectedInstances, type MappedStackSets, mappedStackSets } from "../rollouts/expected-instances";
import type { RolloutPlan } from "../rollouts/rollout-plan";
import { type ExitCode, exitCode } from "./exit-code";
import type { InstancesFlags } from "./instances";
import { reportProblems, type Terminal } from "./terminal";

/** Reads one organization after the other: one that cannot be read keeps nothing back of the others. */
export async function liveInstances(flags: InstancesFlags, terminal: Terminal): Promise<ExitCode> {
  const loaded = loadPlan(flags.config);
  if ("problems" in loaded) {
    const { problems } = loaded;
    if (flags.format === "json") terminal.print(JSON.stringify({ schema: INSTANCES_SCHEMA, problems }, null, 2));
    else reportProblems(terminal, problems, "Nothing was read.");
    return exitCode.error;
  }
  const { map, rollouts } = loaded;
  const selected = selectAccounts(map, { ous: [], zones: flags.zone ?? [], accounts: [] });
  if ("problems" in selected) {
    terminal.note(...selected.problems);
    return exitCode.error;
  }
  const zones = rollouts.zones.filter(({ zone }) => flags.zone?.includes(zone.name) ?? true);
  if (zones.length === 0) {
    terminal.note(`${flags.zone === undefined ? "rollouts.yaml" : flags.zone.join(", ")}: there are no StackSets`);
    return exitCode.error;
  }
  const mapped = mappedStackSets(rollouts, map.accounts);
  const organizations: OrganizationInstances[] = [];
  const findings: Finding[] = [];
  for (const plans of byAdministrator(zones)) {
    const read = await readOrganization(plans, mapped, terminal);
    organizations.push(read.organization);
    findings.push(...read.findings);
  }
  const report = { organizations, findings: sortFindings(findings) };
  const unread = unreadText(report);
  if (flags.format === "json") terminal.print(instancesJson(report));
  else terminal.print(...instancesText(report));
  if (unread.length > 0) terminal.note("", ...unread);
  if (unread.length > 0) return exitCode.error;
  return findings.length > 0 ? exitCode.something : exitCode.clean;
}

type OneOrganization = readonly [RolloutPlan, ...RolloutPlan[]];

function byAdministrator(zones: readonly RolloutPlan[]): OneOrganization[] {
  const found = new Map<string, OneOrganization>();
  for (const plan of zones) {
    const { name } = plan.administrator;
    const others = found.get(name);
    found.set(name, others === undefined ? [plan] : [...others, plan]);
  }
  return [...found.values()];
}

async function readOrganization(
  plans: OneOrganization,
  mapped: MappedStackSets,
  terminal: Terminal,
): Promise<{ organization: OrganizationInstances; findings: Finding[] }> {
  const [{ administrator }] = plans;
  const expected = expectedInstances({ zones: plans, direct: [] });
  const asked = new Set(plans.flatMap(({ stackSets }) => stackSets.map(({ name }) => name)));
  const common = {
    organization: administrator.organization.name,
    account: administrator.name,
    accountId: administrator.id,
    zones: plans.map(({ zone }) => zone.name),
    stackSets: asked.size,
    expected: expected.length,
  };
  const read = await readStackSets(plans[0], asked, terminal);
  if ("unread" in read) return { organization: { ...common, found: undefined, unread: read.unread }, findings: [] };
  const { live } = read;
  return {
    organization: { ...common, found: live.instances.length, unread: undefined },
    findings: compareInstances(expected, { ...live, stacks: undefined }, mapped),
  };
}

/** @param plan of any zone whose StackSets the account keeps */
async function readStackSets(
  { administrator, callAs, sessionTags }: RolloutPlan,
  asked: ReadonlySet<string>,
  terminal: Terminal,
): Promise<{ live: LiveInstances } | { unread: Unread }> {
  const { name, partition, roles, homeRegion, externalId } = administrator.organization;
  let done = 0;
  const progress = (what: string): void => terminal.progress(`${name}  ${done}/${asked.size}  ${what}`);
  progress(`as ${roles.audit} of ${administrator.name}`);
  try {
    const session = await auditSession({
      partition,
      accountId: administrator.id,
      // Where the rollout stacks keep their StackSets.
      region: homeRegion,
      role: roles.audit,
      externalId,
      sessionTags,
    });
    const live = await readInstances(session, callAs, asked, (stackSet) => {
      done += 1;
      progress(stackSet);
    });
    return { live };
  } catch (error) {
    return { unread: whyUnread(error, roles.audit) };
  }
}

type Unread = NonNullable<OrganizationInstances["unread"]>;

function whyUnread(error: unknown, role: string): Unread {
  if (error instanceof NoSession) return { why: error.message, whatToDo: error.whatToDo };
  const { name, text } = describeError(error);
  const whatToDo = /^AccessDenied/.test(name)
    ? `let ${role} list StackSets and their instances there, as access-roles does (docs/rollouts.md#instances-per-account-and-region)`
    : "mend what it says, and run the command again";
  return { why: `${name}: ${text}`, whatToDo };
}
