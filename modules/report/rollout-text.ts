import { nameOrder } from "../aws/name-order";
import { listNames } from "../organization/problem";
import type { RolloutQuantity } from "../organization/rollout";
import type {
  ExplainedDirectStack,
  ExplainedStackSet,
  ReachedAccount,
  RolloutExplanation,
  ZoneAbove,
} from "../rollouts/rollout-explanation";
import { quantityText } from "../rollouts/rollout-findings";
import type { MadeResource } from "../rollouts/template";
import { findingsText } from "./findings-text";
import { table } from "./table";

/** A rollout for people: its StackSets in their order, then every account of the zone, in or out. */
export function rolloutText(explanation: RolloutExplanation): string[] {
  const { rollout, zone, template, source, administrator, above, stackSets, directStacks, out, findings } = explanation;
  const makes = new Set([...stackSets, ...directStacks].flatMap((each) => each.makes.map(madeText)));
  const names = new Map(stackSets.map(({ id, name }) => [id, name]));
  const named = (ids: readonly string[]): string[] => ids.map((id) => names.get(id) ?? id);
  const parameters = Object.entries(stackSets[0]?.parameters ?? {});
  const lines = [
    `rollout ${rollout}`,
    ...table([
      ["  zone", zone],
      ["  template", template],
      ["  kept in", administrator],
      ...above.map((each, index) => [index === 0 ? "  above it" : "", aboveText(each)]),
      ["  map", source],
      ...[...makes].sort(nameOrder).map((each, index) => [index === 0 ? "  makes" : "", each]),
      ...parameters.map(([name, value], index) => [index === 0 ? "  with" : "", `${name}: ${value}`]),
    ]),
    ...stackSets.flatMap((each) => ["", ...stackSetText(each, named(each.after))]),
    ...directStacks.flatMap((each) => ["", ...directStackText(each, named(each.after))]),
    "",
    `in: ${accountsText(explanation.in.length)}`,
    ...table(explanation.in.map(reachedRow)),
    "",
    `out: ${accountsText(out.length)}`,
    ...table(out.map(({ account, accountId, ou, why }) => [`  ${account}`, accountId, placeText(ou), why])),
  ];
  if (findings.length > 0) lines.push("", ...findingsText(findings));
  return lines;
}

function madeText({ type, logicalId, name }: MadeResource): string {
  return `${type} ${name ?? `(${logicalId} in the template)`}`;
}

function aboveText({ keeps, account, zone, pipelines }: ZoneAbove): string {
  const who = pipelines.length === 0 ? `the pipelines of zone ${zone}` : pipelines.join(", ");
  return `${who}, by the deploy role of ${account} (zone ${zone}) with the ${keeps}`;
}

/** Of one account, below what else is said about it. */
export function accountRolloutsText(
  rollouts: readonly { readonly rollout: string; readonly reached: ReachedAccount }[],
): string[] {
  if (rollouts.length === 0) return [];
  const rows = rollouts.map(({ rollout, reached }) => [`    ${rollout}`, ...howText(reached)]);
  return ["", "rollouts that reach it", ...table(rows)];
}

function stackSetText(stackSet: ExplainedStackSet, after: readonly string[]): string[] {
  const { name, stack, wave, ous, filter, accounts, reaches, leavesEmpty, canary } = stackSet;
  const names = accounts.map(({ id, account }) => account ?? id);
  const targets = ous.map(({ id, path }) =>
    path === undefined ? `root ${id}` : `OU ${path} (${id}) with everything below`,
  );
  const rows: string[][] = [
    ...(wave === undefined ? [] : [["  wave", `${wave}${canary ? ", the canary" : ""}`]]),
    ...targets.map((target, index) => [index === 0 ? "  goes to" : "", target]),
    ...(filter === "NONE" ? [] : [["  of it only", listNames(names)]]),
    ["  reaches", accountsText(reaches.length)],
    ...(leavesEmpty.length === 0
      ? []
      : [["  leaves out", `${listNames(leavesEmpty)}, with an empty stack${leavesEmpty.length === 1 ? "" : " each"}`]]),
    ["  regions", regionsText(stackSet)],
    ["  pace", paceText(stackSet)],
    ["  tomorrow", tomorrowText(stackSet)],
    ...(after.length === 0 ? [] : [["  after", after.join(", ")]]),
  ];
  return [`StackSet ${name}, in ${stack}`, ...table(rows)];
}

function regionsText({ regions, regionConcurrency }: ExplainedStackSet): string {
  if (regions.length < 2) return regions.join(", ");
  return `${regions.join(", ")}, ${regionConcurrency === "sequential" ? "one after another" : "all at once"}`;
}

function paceText({ concurrency, failureTolerance, concurrencyMode }: ExplainedStackSet): string {
  const most = (quantity: RolloutQuantity): string =>
    `${quantityText(quantity)}${"count" in quantity ? "" : " of the accounts"}`;
  return `${most(concurrency)} at a time, ${most(failureTolerance)} may fail, ${concurrencyMode}`;
}

function tomorrowText({ autoDeployment, retain }: ExplainedStackSet): string {
  const joins = autoDeployment ? "reached by itself" : "reached by the next apply";
  return `who joins is ${joins}; what is in an account that leaves ${retain ? "stays there" : "is deleted"}`;
}

function directStackText(directStack: ExplainedDirectStack, after: readonly string[]): string[] {
  const { name, stack, account, region, bootstrapped, why } = directStack;
  const rows = [
    ["  account", account],
    ["  region", region],
    ...(bootstrapped ? [["  made", "by hand at bootstrap, and taken over by Terraform"]] : []),
    ...(after.length === 0 ? [] : [["  after", after.join(", ")]]),
    ...why.map((reason, index) => [index === 0 ? "  because" : "", reason]),
  ];
  return [`stack ${name}, in ${stack}`, ...table(rows)];
}

function reachedRow(reached: ReachedAccount): string[] {
  return [`  ${reached.account}`, reached.accountId, placeText(reached.ou), ...howText(reached)];
}

function howText({ through, wave, by, regions }: ReachedAccount): string[] {
  return [`through ${through}${wave === undefined ? "" : `, wave ${wave}`}`, regions.join(", "), by.join(", ")];
}

function placeText(ou: string): string {
  return ou === "" ? "below the root" : ou;
}

function accountsText(count: number): string {
  return count === 1 ? "1 account" : `${count === 0 ? "no" : count} accounts`;
}
