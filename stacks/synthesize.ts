import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { App, type IManifest, type Manifest } from "cdktf";
import { refuseOtherFolders } from "./output-folder";
import type { PlannedStack } from "./planned-stack";
import { makeStage, replaceFolder } from "./staged-folder";

const STACK_FILE = "cdk.tf.json";
/** The folder in an output with the last stacks of accounts that have none for now. */
export const RESTING = "resting";
/** What Terraform leaves in a stack's folder and makes anew by itself. */
const REMADE = new Set([STACK_FILE, ".terraform", ".terraform.lock.hcl"]);

export interface SynthesizeOptions {
  /** Stacks that are in the output and not among these: kept as they are for a selection, dropped otherwise. */
  readonly keepOthers: boolean;
  /**
   * Looks at everything that is written, as often as it likes, before it takes its place; with false, what was there stays.
   * @default true
   */
  readonly accepts?: (stacks: Iterable<WrittenStack>) => boolean;
  /**
   * Whether the last stack on a state that has none any more stays beside the output, for the day on which it has one again.
   * @default never
   */
  readonly rests?: (state: string) => boolean;
  readonly onStack?: (name: string, done: number, total: number) => void;
}

/** A stack as it is on disk: the text that people review and Terraform applies. */
export interface WrittenStack {
  readonly name: string;
  readonly text: string;
}

/**
 * Writes the stacks' HCL JSON into `out`, all or nothing: everything is written beside it and takes its place at the end.
 * What Terraform keeps in a stack's folder stays there.
 *
 * @throws OutputRefused for a folder that is not an output
 */
export function synthesize(stacks: readonly PlannedStack[], out: string, options: SynthesizeOptions): void {
  const target = resolve(out);
  refuseOtherFolders(out);
  const stage = makeStage(target);
  try {
    const manifest = writeStacks(stacks, stage, options.onStack);
    if (options.accepts?.({ [Symbol.iterator]: () => writtenStacks(stacks, stage) }) === false) {
      rmSync(stage, { recursive: true, force: true });
      return;
    }
    const others = options.keepOthers ? otherStacks(stacks, target) : [];
    for (const [name, stack] of others) manifest.stacks[name] = stack;
    manifest.writeToFile();
    const kept = new Set(others.map(([name]) => name));
    replaceFolder(stage, target, (old) => {
      carryOver(old, target, kept);
      layToRest(old, target, options.rests ?? (() => false));
      wake(target, new Set(stacks.map(({ state }) => state)));
    });
  } catch (error) {
    rmSync(stage, { recursive: true, force: true });
    throw error;
  }
}

/** One after the other, so that they are never all in memory. */
export function* writtenStacks(stacks: readonly PlannedStack[], directory: string): Generator<WrittenStack> {
  for (const { name } of stacks) yield { name, text: readFileSync(stackFile(directory, name), "utf8") };
}

/** What the manifest of an output says of the stacks that these do not replace. */
function otherStacks(stacks: readonly PlannedStack[], output: string): [string, IManifest["stacks"][string]][] {
  const replaced = new Set([...stacks.map(({ name }) => name), ...formerStacks(stacks, output)]);
  return Object.entries(readManifest(output)?.stacks ?? {}).filter(([name]) => !replaced.has(name));
}

/**
 * Writes stacks into an empty folder. Every stack is an app of its own, so that memory does not grow with their number;
 * the manifest is the one that a single app would write.
 *
 * @returns the manifest, already written
 */
export function writeStacks(
  stacks: readonly PlannedStack[],
  directory: string,
  onStack?: SynthesizeOptions["onStack"],
): Manifest {
  return withoutSourceMaps(() => {
    const { manifest } = new App({ outdir: directory });
    for (const [index, stack] of stacks.entries()) {
      const app = new App({ outdir: directory });
      stack.build(app);
      app.synth();
      Object.assign(manifest.stacks, app.manifest.stacks);
      onStack?.(stack.name, index + 1, stacks.length);
    }
    manifest.writeToFile();
    return manifest;
  });
}

/**
 * CDKTF captures a stack trace for most constructs, and mapping those to TypeScript takes a tenth of the time. Nobody reads
 * them. An error that ends the work is mapped nevertheless: that happens where it is printed.
 */
function withoutSourceMaps<Result>(work: () => Result): Result {
  const enabled = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  try {
    return work();
  } finally {
    process.setSourceMapsEnabled(enabled);
  }
}

/** How the output on disk differs from what the map gives now. */
export interface StaleStack {
  readonly stack: string;
  readonly state: "missing" | "changed" | "left over";
}

/** Compares without writing anything into `out`. An empty list means that the output is what the map gives. */
export function staleStacks(stacks: readonly PlannedStack[], out: string, options: SynthesizeOptions): StaleStack[] {
  const target = resolve(out);
  const stage = makeStage(target);
  try {
    writeStacks(stacks, stage, options.onStack);
    const stale: StaleStack[] = [];
    for (const { name: stack } of stacks) {
      const fresh = readFileSync(stackFile(stage, stack));
      const path = stackFile(target, stack);
      if (!existsSync(path)) stale.push({ stack, state: "missing" });
      else if (!readFileSync(path).equals(fresh)) stale.push({ stack, state: "changed" });
    }
    const wanted = new Set(stacks.map(({ name }) => name));
    const leftOver = options.keepOthers
      ? formerStacks(stacks, target)
      : stackFolders(target).filter((stack) => !wanted.has(stack) && existsSync(stackFile(target, stack)));
    for (const stack of leftOver) stale.push({ stack, state: "left over" });
    return stale;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * Stacks in an output that have the state of one of these under another name: the account moved to another OU. Two stacks
 * on one state would take each other's resources for gone.
 */
function formerStacks(stacks: readonly PlannedStack[], output: string): string[] {
  const current = new Map(stacks.map(({ state, name }) => [state, name]));
  return stackFolders(output).filter((name) => {
    const now = current.get(stateIn(stackFile(output, name)));
    return now !== undefined && now !== name;
  });
}

/** The name of the state file that a stack's HCL JSON asks for, without `.tfstate`; empty when it cannot be told. */
function stateIn(path: string): string {
  if (!existsSync(path)) return "";
  const json = parsedFields(readFileSync(path, "utf8"));
  const backend = fieldsOf(fieldsOf(json.terraform).backend);
  const file = fieldsOf(backend.local).path ?? fieldsOf(backend.s3).key;
  return typeof file === "string" ? basename(file, ".tfstate") : "";
}

/** Of a file that somebody has broken nothing can be told. */
function parsedFields(text: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function stackFile(output: string, stack: string): string {
  return join(output, "stacks", stack, STACK_FILE);
}

function stackFolders(output: string): string[] {
  const folder = join(output, "stacks");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function readManifest(output: string): IManifest | undefined {
  const path = join(output, "manifest.json");
  if (!existsSync(path)) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  const valid = typeof manifest === "object" && manifest !== null && "stacks" in manifest && "version" in manifest;
  return valid ? (manifest as IManifest) : undefined;
}

/**
 * Whole stacks that are kept, and of the others whatever Terraform or a person put beside the HCL JSON. A stack that is
 * gone leaves nothing that can be made anew.
 */
function carryOver(from: string, to: string, kept: ReadonlySet<string>): void {
  for (const entry of readdirSync(from)) {
    // What is beside the stacks is nobody's here, a `.gitignore` for example.
    if (entry !== "stacks" && !existsSync(join(to, entry))) renameSync(join(from, entry), join(to, entry));
  }
  for (const stack of stackFolders(from)) {
    const source = join(from, "stacks", stack);
    const target = join(to, "stacks", stack);
    if (kept.has(stack)) {
      renameSync(source, target);
      continue;
    }
    const goesOn = existsSync(target);
    for (const entry of readdirSync(source)) {
      if (entry === STACK_FILE || (!goesOn && REMADE.has(entry))) continue;
      mkdirSync(target, { recursive: true });
      renameSync(join(source, entry), join(target, entry));
    }
  }
}

/** The last stack of an account that has none for now: out of every plan and check, and still what its keys are held against. */
function layToRest(from: string, to: string, rests: (state: string) => boolean): void {
  for (const stack of stackFolders(from)) {
    const last = stackFile(from, stack);
    if (existsSync(stackFile(to, stack)) || !rests(stateIn(last))) continue;
    mkdirSync(join(to, RESTING, stack), { recursive: true });
    renameSync(last, join(to, RESTING, stack, STACK_FILE));
  }
}

function wake(output: string, states: ReadonlySet<string>): void {
  const folder = join(output, RESTING);
  if (!existsSync(folder)) return;
  for (const stack of readdirSync(folder)) {
    if (states.has(stateIn(join(folder, stack, STACK_FILE)))) rmSync(join(folder, stack), { recursive: true });
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
