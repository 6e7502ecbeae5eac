import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { nameOrder } from "../modules/aws/name-order";
import { type Finding, sortFindings } from "../modules/findings/finding";
import { type AccountPlan, accountPlans } from "../modules/keys/account-plan";
import type { GuardrailPlan } from "../modules/keys/guardrail-plan";
import type { KeyPlan } from "../modules/keys/key-plan";
import { planGuardrails } from "../modules/keys/plan-guardrails";
import { planKeys } from "../modules/keys/plan-keys";
import type { PlanOptions } from "../modules/keys/plan-problem";
import type { SourceFile } from "../modules/organization/map-file";
import type { OrganizationMap } from "../modules/organization/organization-map";
import { type Problem, sortProblems } from "../modules/organization/problem";
import { type ReadMap, readOrganizationMap } from "../modules/organization/read-organization-map";
import { planRollouts } from "../modules/rollouts/plan-rollouts";
import { leaveBlank, renderRollout } from "../modules/rollouts/render-rollout";
import type { RolloutPlans } from "../modules/rollouts/rollout-plan";
import { type PlannedStack, plannedStacks } from "./planned-stack";
import { builtInTemplateTexts } from "./rollout-templates";

export interface LoadedPlan {
  readonly map: OrganizationMap;
  readonly plan: KeyPlan;
  /** The stacks of accounts, sorted by stack name. */
  readonly accounts: readonly AccountPlan[];
  /** The guardrail stacks of zones, sorted by stack name. */
  readonly guardrails: readonly GuardrailPlan[];
  readonly rollouts: RolloutPlans;
  /** Every stack, sorted by name. */
  readonly stacks: readonly PlannedStack[];
  /** What planning has to tell, most severe first. */
  readonly findings: readonly Finding[];
  /** The place in the map's files that a source names. */
  readonly problemAt: ReadMap["problemAt"];
}

export interface LoadOptions extends PlanOptions {
  /** Whether rollouts' templates stay blank: stacks have their names, and those with rollouts cannot be built. @default false */
  readonly namesOnly?: boolean;
}

/**
 * From a configuration folder to its key plan.
 *
 * @param directory as the user wrote it: problems name their files below it
 * @returns the plan, or every problem of every file
 */
export function loadPlan(directory: string, options: LoadOptions = {}): LoadedPlan | { problems: Problem[] } {
  const found = findSources(directory);
  if ("problems" in found) return found;
  return planSources(found.sources, directory, options);
}

/**
 * The map alone: for zones, and for whatever else does not ask for keys. Of 1,000 accounts, planning their keys takes longer than
 * reading them.
 *
 * @param directory as the user wrote it: problems name their files below it
 */
export function loadMap(directory: string): { readonly map: OrganizationMap } | { problems: Problem[] } {
  const found = findSources(directory);
  return "problems" in found ? found : readOrganizationMap(found.sources, directory);
}

/** The same from files already read, in whatever order. */
export function planSources(
  sources: readonly SourceFile[],
  directory: string,
  options: LoadOptions = {},
): LoadedPlan | { problems: Problem[] } {
  const read = readOrganizationMap(sources, directory);
  // What is left of a map with problems is planned too, only to find what else is wrong: every error at once.
  const problems = "problems" in read ? read.problems : [];
  const { map, problemAt } = "problems" in read ? read.sound : read;
  const keys = planKeys(map, options);
  const accounts = "problems" in keys ? [] : accountPlans(map, keys.plan);
  const guardrails = planGuardrails(map, accounts);
  const rollouts = planRollouts(
    map,
    accounts,
    builtInTemplateTexts,
    options.namesOnly === true ? leaveBlank : renderRollout,
  );
  for (const planned of [keys, guardrails, rollouts]) {
    if (!("problems" in planned)) continue;
    problems.push(...planned.problems.map(({ source, message, fix, place }) => problemAt(source, message, fix, place)));
  }
  if (problems.length > 0 || "problems" in keys || "problems" in guardrails || "problems" in rollouts) {
    return { problems: sortProblems(problems) };
  }
  return {
    map,
    plan: keys.plan,
    accounts,
    guardrails: guardrails.plans,
    rollouts: rollouts.plans,
    stacks: plannedStacks(accounts, guardrails.plans, rollouts.plans),
    findings: sortFindings([...keys.plan.findings, ...guardrails.findings, ...rollouts.findings]),
    problemAt,
  };
}

/** Editors' and systems' own files, the JSON Schemas, and notes beside the map are not part of it. */
function isBesideTheMap(path: string): boolean {
  return (
    path.split("/").some((part) => part.startsWith(".") || part.endsWith("~")) ||
    path.startsWith("schemas/") ||
    path.endsWith(".md")
  );
}

function findSources(directory: string): { sources: SourceFile[] } | { problems: Problem[] } {
  const problem = (message: string, fix: string): { problems: Problem[] } => ({
    problems: [{ file: directory, line: 1, column: 1, path: "", message, fix }],
  });
  let paths: string[];
  try {
    if (!statSync(directory).isDirectory()) return problem("is not a folder", "name the folder that holds zones.yaml");
    paths = readdirSync(directory, { recursive: true, encoding: "utf8" });
  } catch {
    return problem("is not there or cannot be read", "name the configuration folder with --config");
  }
  const sources: SourceFile[] = [];
  for (const raw of paths.sort(nameOrder)) {
    const path = raw.replaceAll("\\", "/");
    if (isBesideTheMap(path) || statSync(join(directory, raw)).isDirectory()) continue;
    sources.push({
      name: posix.join(directory.replaceAll("\\", "/"), path),
      path,
      bytes: readFileSync(join(directory, raw)),
    });
  }
  return { sources };
}
