/**
 * Measures a run over 20 accounts that have been applied: a shell loop of `terraform init && terraform plan`, all of them at once,
 * and `orgkeys plan`, in turn. Real Terraform and provider against the emulator, which is not counted. Linux alone.
 *
 *     npm run bench:runs                  three runs of each; the provider is linked from the mirror on this machine
 *     npm run bench:runs -- --runs 1 --only "shell loop" --only "orgkeys plan"
 *     npm run bench:runs -- --packed      one run of each, and the mirror holds the provider as the registry does: in an archive
 */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../../modules/report/table";
import { type LiveOrganization, startOrganization } from "../e2e/organization";
import { findProviderMirror } from "../e2e/provider-mirror";
import { appliedStacks, writeAppliedAccounts } from "./applied-accounts";
import { cpuSecondsOf, measureTree, type TreeFigures } from "./process-tree";

const MEGABYTE = 1e6;
const PROVIDER = "registry.terraform.io/hashicorp/aws";
const root = join(__dirname, "../..");

const LOOP =
  'for stack in "$@"; do (cd "$stack" && terraform init -input=false && terraform plan -input=false) || exit 1; done';
const AT_ONCE =
  'for stack in "$@"; do (cd "$stack" && terraform init -input=false && terraform plan -input=false) & done; ' +
  'for job in $(jobs -p); do wait "$job" || exit 1; done';

const ways = ["shell loop", "all at once", "orgkeys plan"] as const;
type Way = (typeof ways)[number];

interface Figures extends TreeFigures {
  readonly emulatorSeconds: number;
  readonly providerBytes: number;
}

/** A mirror with the provider in an archive, as it comes from the registry, and a CLI configuration that takes it from there. */
function packMirror(folder: string): string {
  const mirror = findProviderMirror();
  if (mirror?.unpacked !== true) throw new Error("--packed needs an unpacked mirror to pack: see docs/testing.md");
  const versions = join(mirror.root, PROVIDER);
  const version = readdirSync(versions).find((name) => /^\d/.test(name)) ?? "";
  const [platform = ""] = readdirSync(join(versions, version));
  const packed = join(folder, "packed");
  mkdirSync(join(packed, PROVIDER), { recursive: true });
  const archive = join(packed, PROVIDER, `terraform-provider-aws_${version}_${platform}.zip`);
  const unpacked = join(versions, version, platform);
  const { status, stderr } = spawnSync("zip", ["-q", "-j", "-1", "-r", archive, unpacked], { encoding: "utf8" });
  if (status !== 0) throw new Error(`zip ended with ${status}: ${stderr}`);
  const file = join(folder, "packed.rc");
  const only = `  filesystem_mirror {\n    path = ${JSON.stringify(packed)}\n  }\n`;
  writeFileSync(file, `disable_checkpoint = true\nprovider_installation {\n${only}}\n`);
  return file;
}

/** Written for providers: links to what is there already cost nothing. */
function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0);
}

async function measure(way: Way, live: LiveOrganization, config: string, stacks: readonly string[], cli?: string) {
  const runs = join(live.folder, "runs");
  for (const stack of stacks) {
    rmSync(join(live.stackFolder(stack), ".terraform"), { recursive: true, force: true });
    rmSync(join(live.stackFolder(stack), ".terraform.lock.hcl"), { force: true });
  }
  rmSync(runs, { recursive: true, force: true });
  const environment = { ...live.environment, ...(cli === undefined ? {} : { TF_CLI_CONFIG_FILE: cli }) };
  const emulator = cpuSecondsOf(live.emulator.processId);
  const folders = stacks.map((stack) => live.stackFolder(stack));
  const places = ["--config", config, "--out", live.out, "--runs", runs];
  const figures = await (way === "orgkeys plan"
    ? measureTree(process.execPath, [join(root, "modules/cli/orgkeys.cjs"), "plan", ...stacks, ...places], environment)
    : measureTree("bash", ["-c", way === "shell loop" ? LOOP : AT_ONCE, "bash", ...folders], environment));
  const cached = [join(runs, "plugin-cache"), ...folders.map((folder) => join(folder, ".terraform/providers"))];
  return {
    ...figures,
    emulatorSeconds: cpuSecondsOf(live.emulator.processId) - emulator,
    providerBytes: cached.reduce((sum, folder) => sum + bytesIn(folder), 0),
  };
}

const columns: readonly {
  readonly title: string;
  readonly digits: number;
  readonly of: (figures: Figures) => number;
}[] = [
  { title: "wall s", digits: 1, of: ({ wallSeconds }) => wallSeconds },
  { title: "CPU s", digits: 1, of: ({ cpuSeconds }) => cpuSeconds },
  { title: "peak MB", digits: 0, of: ({ peakPrivateBytes }) => peakPrivateBytes / MEGABYTE },
  { title: "processes", digits: 0, of: ({ peakProcesses }) => peakProcesses },
  { title: "provider MB written", digits: 0, of: ({ providerBytes }) => providerBytes / MEGABYTE },
  { title: "emulator CPU s", digits: 1, of: ({ emulatorSeconds }) => emulatorSeconds },
];

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function print(measured: ReadonlyMap<Way, readonly Figures[]>): void {
  const medians = new Map([...measured].map(([way, runs]) => [way, columns.map(({ of }) => middle(runs.map(of)))]));
  const rows = [...medians].map(([way, values]) => [
    way,
    ...values.map((value, column) => value.toFixed(columns[column]?.digits)),
  ]);
  const orgkeys = medians.get("orgkeys plan");
  const ratios = [...medians].flatMap(([way, values]) =>
    orgkeys === undefined || way === "orgkeys plan"
      ? []
      : [[`orgkeys / ${way}`, ...values.map((value, column) => ratio(orgkeys[column], value))]],
  );
  process.stdout.write(`${table([["", ...columns.map(({ title }) => title)], ...rows, ...ratios]).join("\n")}\n`);
}

function ratio(value: number | undefined, reference: number): string {
  return value === undefined || reference === 0 ? "" : `× ${(value / reference).toFixed(2)}`;
}

async function main(): Promise<void> {
  const options = {
    runs: { type: "string" },
    packed: { type: "boolean" },
    only: { type: "string", multiple: true },
  } as const;
  const { values } = parseArgs({ options });
  const chosen = values.only === undefined ? ways : ways.filter((way) => values.only?.includes(way));
  const live = await startOrganization("bench-runs");
  try {
    const config = writeAppliedAccounts(live.folder);
    const loaded = await live.load(config);
    const stacks = appliedStacks(loaded);
    await live.apply(stacks);
    const cli = values.packed === true ? packMirror(live.folder) : undefined;
    const measured = new Map<Way, Figures[]>(chosen.map((way) => [way, []]));
    for (let run = 0; run < Number(values.runs ?? (values.packed === true ? 1 : 3)); run += 1) {
      // In turn, so that a machine that slows down slows all of them.
      for (const way of chosen) {
        const figures = await measure(way, live, config, stacks, cli);
        measured.get(way)?.push(figures);
        process.stderr.write(`${way} ${run + 1}: ${figures.wallSeconds.toFixed(1)} s\n`);
      }
    }
    print(measured);
  } finally {
    await live.stop();
  }
}

void main();
