import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inNameOrder, nameOrder, uniqueNames } from "../modules/aws/name-order";
import type { CheckRules } from "../modules/checks/frame/check";
import type { CheckReport } from "../modules/checks/frame/run-checks";
import { type Continuity, compareOutputs } from "../modules/continuity/compare-outputs";
import type { ContinuityRules } from "../modules/continuity/continuity-rules";
import type { NewStack, PreviousOutput } from "../modules/continuity/pair-stacks";
import type { AccountPlan } from "../modules/keys/account-plan";
import { dutyRoles } from "./duty-roles";
import { MODULE_FILE } from "./module-file";
import { isObject, type Json, type JsonObject, objectOf } from "./module-json";
import { OutputRefused } from "./output-folder";
import { type PlainModule, plainModule } from "./plain-module";
import type { PlannedStack } from "./planned-stack";
import { layModulesToRest, restingModules, wakeModules } from "./resting-modules";
import { makeStage, replaceFolder } from "./staged-folder";
import { type StaleStack, type SynthesizeOptions, type WrittenStack, writeStacks, writtenStacks } from "./synthesize";
import { proveStacks } from "./synthesize-proved";

const README_FILE = "README.md";
const INDEX_FILE = "modules.json";
const INDEX_SCHEMA = "orgkeys/modules/v1";

export interface SynthesizeModulesOptions extends Omit<SynthesizeOptions, "accepts" | "rests"> {
  /** By stack name: whose module each is. Stacks of no account are proved with the others, and get no module. */
  readonly accounts: ReadonlyMap<string, AccountPlan>;
  /** The text of a module's README.md. */
  readonly readme: (account: AccountPlan, module: PlainModule) => string;
  /** What the modules that are there are compared by; undefined where they were never applied. */
  readonly continuity: ContinuityRules | undefined;
}

/** An account whose stack cannot be a module. */
export interface RefusedModule {
  readonly account: string;
  readonly why: string;
}

export interface ModulesReport {
  /** With findings, with accounts refused, or with keys that would be lost, nothing was written. */
  readonly proof: CheckReport;
  readonly continuity: Continuity;
  readonly refused: readonly RefusedModule[];
  /** Names of the modules, sorted. */
  readonly modules: readonly string[];
}

/**
 * Writes a module for each account into `directory`, all or nothing, and only when the zone proof holds for the stacks that
 * they are made of and no key of the modules that are there would be lost. A module is called as its account, which is unique in the map, so that a caller's `source` outlives the
 * account's move to another OU.
 *
 * @throws OutputRefused for a folder with anything in it that would get lost, or that Terraform would read as well
 */
export function synthesizeModules(
  stacks: readonly PlannedStack[],
  directory: string,
  rules: CheckRules,
  options: SynthesizeModulesOptions,
): ModulesReport {
  const target = resolve(directory);
  const names = stacks.flatMap(({ name }) => options.accounts.get(name)?.account.name ?? []);
  refuseOthersThanModules(directory, names);
  return withWritten(stacks, target, options, (written, stage) => {
    const proof = proveStacks(written(), rules);
    const nothing: Continuity = { refusals: [], findings: [] };
    if (proof.findings.length > 0) return { proof, continuity: nothing, refused: [], modules: [] };
    const fresh = join(stage, "modules");
    const { refused, index } = writeModules(written(), fresh, options);
    const modules = Object.keys(index).sort(nameOrder);
    if (refused.length > 0) return { proof, continuity: nothing, refused, modules: [] };
    const continuity =
      options.continuity === undefined
        ? nothing
        : compareOutputs(previousModules(target), modulesIn(fresh, modules), options.continuity, options);
    if (continuity.refusals.length > 0) return { proof, continuity, refused, modules: [] };
    const kept = options.keepOthers ? othersIn(target, index) : {};
    writeIndex(fresh, { ...index, ...kept });
    const accountIds = new Set(Object.values(index).map(accountIdOf));
    replaceFolder(fresh, target, (old) => {
      carryOver(old, target, Object.keys(kept));
      const rests = (id: string): boolean =>
        !accountIds.has(id) && options.continuity?.accounts.get(id)?.active === false;
      layModulesToRest(old, target, namesById(old), rests);
      wakeModules(target, accountIds);
    });
    return { proof, continuity, refused, modules };
  });
}

/** Compares without writing anything into `directory`. An empty list means that the modules are what the map gives. */
export function staleModules(
  stacks: readonly PlannedStack[],
  directory: string,
  options: Omit<SynthesizeModulesOptions, "continuity">,
): { readonly stale: readonly StaleStack[]; readonly refused: readonly RefusedModule[] } {
  const target = resolve(directory);
  return withWritten(stacks, target, options, (written, stage) => {
    const fresh = join(stage, "modules");
    const { refused, index } = writeModules(written(), fresh, options);
    const present = indexOf(target) ?? {};
    const kept = options.keepOthers ? othersIn(target, index) : {};
    const names = uniqueNames([...Object.keys(index), ...Object.keys(present), ...moduleFolders(target)]);
    const stale = names.flatMap((name): StaleStack[] => {
      if (name in kept) return [];
      // Of a selection nothing is known of folders that no index names.
      if (!(name in index))
        return options.keepOthers && !(name in present) ? [] : [{ stack: name, state: "left over" }];
      if (!existsSync(join(target, name, MODULE_FILE))) return [{ stack: name, state: "missing" }];
      const same =
        JSON.stringify(present[name]) === JSON.stringify(index[name]) &&
        foreignFiles(join(target, name)).length === 0 &&
        [MODULE_FILE, README_FILE].every((file) => textAt(target, name, file) === textAt(fresh, name, file));
      return same ? [] : [{ stack: name, state: "changed" }];
    });
    return { stale, refused };
  });
}

/** The modules of the index, those that nobody has put there, and the last ones of accounts that have none for now. */
function previousModules(directory: string): PreviousOutput {
  return {
    stacks: uniqueNames([
      ...Object.keys(indexOf(directory) ?? {}),
      ...moduleFolders(directory),
      ...restingModules(directory),
    ]),
    textOf: (module) => textAt(directory, module, MODULE_FILE),
  };
}

function* modulesIn(directory: string, modules: readonly string[]): Generator<NewStack> {
  for (const name of modules) yield { name, text: readFileSync(join(directory, name, MODULE_FILE), "utf8") };
}

/** Runs `work` on stacks written into a folder beside the target, which is gone afterwards. */
function withWritten<Result>(
  stacks: readonly PlannedStack[],
  target: string,
  { onStack }: Pick<SynthesizeModulesOptions, "onStack">,
  work: (written: () => Iterable<WrittenStack>, stage: string) => Result,
): Result {
  const stage = makeStage(target);
  try {
    const output = join(stage, "stacks-of-modules");
    mkdirSync(output);
    writeStacks(stacks, output, onStack);
    return work(() => writtenStacks(stacks, output), stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function writeModules(
  written: Iterable<WrittenStack>,
  directory: string,
  { accounts, readme }: Pick<SynthesizeModulesOptions, "accounts" | "readme">,
): { readonly refused: readonly RefusedModule[]; readonly index: JsonObject } {
  mkdirSync(directory);
  const refused: RefusedModule[] = [];
  const index: Record<string, Json> = {};
  for (const { name: stack, text } of written) {
    const plan = accounts.get(stack);
    if (plan === undefined) continue;
    const { account } = plan;
    const module = plainModule(text, dutyRoles(plan));
    if ("refused" in module) {
      refused.push({ account: account.name, why: module.refused });
      continue;
    }
    mkdirSync(join(directory, account.name));
    writeFileSync(join(directory, account.name, MODULE_FILE), module.text);
    writeFileSync(join(directory, account.name, README_FILE), readme(plan, module));
    index[account.name] = { accountId: account.id, stack };
  }
  return { refused, index };
}

/** The modules of an index, by account id. */
function namesById(directory: string): Map<string, string> {
  return new Map(Object.entries(indexOf(directory) ?? {}).map(([name, entry]) => [accountIdOf(entry), name]));
}

function accountIdOf(entry: Json): string {
  return String(objectOf(entry).accountId);
}

/** The modules of an index that these do not replace. An account under another name is the same account. */
function othersIn(directory: string, replacing: JsonObject): JsonObject {
  const ids = new Set(Object.values(replacing).map(accountIdOf));
  return Object.fromEntries(
    Object.entries(indexOf(directory) ?? {}).filter(
      ([name, entry]) => !ids.has(accountIdOf(entry)) && existsSync(join(directory, name)),
    ),
  );
}

function writeIndex(directory: string, modules: JsonObject): void {
  const index = { schema: INDEX_SCHEMA, modules: Object.fromEntries(inNameOrder(modules)) };
  writeFileSync(join(directory, INDEX_FILE), `${JSON.stringify(index, null, 2)}\n`);
}

/** The modules that a folder says it holds; undefined for a folder that is none of ours. */
function indexOf(directory: string): JsonObject | undefined {
  try {
    const index: Json = JSON.parse(readFileSync(join(directory, INDEX_FILE), "utf8"));
    return isObject(index) && index.schema === INDEX_SCHEMA && isObject(index.modules) ? index.modules : undefined;
  } catch {
    return undefined;
  }
}

/** @param names of the modules to write */
function refuseOthersThanModules(directory: string, names: readonly string[]): void {
  if (!existsSync(directory)) return;
  const refuse = (why: string, fix: string): never => {
    throw new OutputRefused(`--as-modules ${directory}: ${why}; nothing was written. ${fix}`);
  };
  const other = "Name a new folder, or one that --as-modules wrote";
  if (!statSync(directory).isDirectory()) refuse("is no folder", other);
  const index = indexOf(directory);
  if (index === undefined) {
    if (readdirSync(directory).length > 0) refuse(`has other files, and no ${INDEX_FILE} of --as-modules`, other);
    return;
  }
  for (const name of uniqueNames([...Object.keys(index), ...names])) {
    const folder = join(directory, name);
    const [file] = foreignFiles(folder);
    const fix = "A module is replaced as a whole: put what is yours beside it";
    if (file !== undefined) refuse(`${name}/${file} is not of --as-modules`, fix);
    else if (!(name in index) && existsSync(folder)) refuse(`${name} is not in ${INDEX_FILE}`, fix);
  }
}

/** What is in a module's folder and not written here; what `terraform init` leaves is made anew. */
function foreignFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const ours = new Set([MODULE_FILE, README_FILE, ".terraform", ".terraform.lock.hcl"]);
  return readdirSync(folder)
    .filter((name) => !ours.has(name))
    .sort(nameOrder);
}

function moduleFolders(directory: string): string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return [];
  return readdirSync(directory).filter((name) => existsSync(join(directory, name, MODULE_FILE)));
}

/** Modules that are kept, and what else is beside them: a `.gitignore` for example. */
function carryOver(from: string, to: string, kept: readonly string[]): void {
  const former = new Set([INDEX_FILE, ...Object.keys(indexOf(from) ?? {})].filter((name) => !kept.includes(name)));
  for (const entry of readdirSync(from)) {
    if (!former.has(entry) && !existsSync(join(to, entry))) renameSync(join(from, entry), join(to, entry));
  }
}

function textAt(directory: string, module: string, file: string): string | undefined {
  const path = join(directory, module, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
