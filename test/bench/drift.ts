/**
 * Measures drift: `orgkeys drift` against `terraform plan -refresh-only` in each of 20 stacks that have been applied to the
 * emulator, in turn; then `orgkeys drift` alone on a stand-in of AWS with 10, 100 and 1,000 accounts. Neither the emulator nor the
 * stand-in is counted. It prints figures and judges nothing. Linux alone.
 *
 *     npm run bench:drift                        three runs of each
 *     npm run bench:drift -- --runs 1
 *     npm run bench:drift -- --only applied
 *     npm run bench:drift -- --only simulated --accounts 10 --accounts 100    without Terraform
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../../modules/report/table";
import { startOrganization } from "../e2e/organization";
import { appliedStacks, writeAppliedAccounts } from "./applied-accounts";
import { measureProcess } from "./measured-process";
import { benchOrganization } from "./organization";
import { measureTree, type TreeFigures } from "./process-tree";
import { startSimulatedAws } from "./simulated-aws";
import { writeMap } from "./write-map";

const SIMULATED_ACCOUNTS = [10, 100, 1000];
const MEGABYTE = 1e6;
const orgkeys = join(__dirname, "../../modules/cli/orgkeys.cjs");

/** As a nightly job has it that has run `terraform init` already: the loop pays for nothing but the refresh. */
const REFRESH_LOOP =
  'for stack in "$@"; do (cd "$stack" && terraform plan -refresh-only -input=false -lock=false) || exit 1; done';

interface Figures extends TreeFigures {
  readonly calls: number;
  /** Keys and replicas that were read, or that Terraform has in its states. */
  readonly keys: number;
}

/** The parts of a report that are looked at. */
interface Reported {
  readonly summary: { readonly calls: number };
  readonly findings: readonly { readonly id: string }[];
  readonly accounts: readonly { readonly coverage: { readonly keys: { readonly total: number } } }[];
}

function reportIn(file: string): Reported & { readonly keys: number } {
  const report = JSON.parse(readFileSync(file, "utf8")) as Reported;
  return { ...report, keys: report.accounts.reduce((sum, { coverage }) => sum + coverage.keys.total, 0) };
}

const columns: readonly { readonly title: string; readonly digits: number; readonly of: (of: Figures) => number }[] = [
  { title: "wall s", digits: 1, of: ({ wallSeconds }) => wallSeconds },
  { title: "CPU s", digits: 1, of: ({ cpuSeconds }) => cpuSeconds },
  { title: "peak MB", digits: 0, of: ({ peakPrivateBytes }) => peakPrivateBytes / MEGABYTE },
  { title: "AWS calls", digits: 0, of: ({ calls }) => calls },
  { title: "keys", digits: 0, of: ({ keys }) => keys },
  { title: "calls a key", digits: 1, of: ({ calls, keys }) => calls / keys },
  { title: "CPU ms a key", digits: 1, of: ({ cpuSeconds, keys }) => (cpuSeconds * 1000) / keys },
];

const titles = columns.map(({ title }) => title);

function row(name: string, figures: readonly Figures[]): string[] {
  return [name, ...columns.map(({ of, digits }) => middle(figures.map(of)).toFixed(digits))];
}

function ratioRow(name: string, figures: readonly Figures[], reference: readonly Figures[]): string[] {
  return [
    name,
    ...columns.map(({ of }) => {
      const [value, other] = [middle(figures.map(of)), middle(reference.map(of))];
      return `× ${(value / other).toPrecision(3)}`;
    }),
  ];
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(rows: readonly (readonly string[])[]): void {
  process.stdout.write(`${table(rows.map((cells) => [...cells])).join("\n")}\n\n`);
}

async function measureApplied(runs: number): Promise<void> {
  const live = await startOrganization("bench-drift");
  try {
    const config = writeAppliedAccounts(live.folder);
    const stacks = appliedStacks(await live.load(config));
    await live.apply(stacks);
    const file = join(live.folder, "drift.json");
    const places = ["--config", config, "--out", live.out, "--output", file];
    const refresh = { name: "terraform plan -refresh-only", figures: [] as Figures[] };
    const drift = { name: "orgkeys drift", figures: [] as Figures[] };
    const requests = (): number =>
      readFileSync(live.emulator.logFile, "utf8").match(/^127\.0\.0\.1 - - /gm)?.length ?? 0;
    for (let run = 0; run < runs; run += 1) {
      // In turn, so that a machine that slows down slows both.
      const start = requests();
      const words = ["-c", REFRESH_LOOP, "bash", ...stacks.map((stack) => live.stackFolder(stack))];
      const ofLoop = await measureTree("bash", words, live.environment);
      const between = requests();
      // 2 is for what StackSets should have brought, which nobody applied here.
      const ofDrift = await measureTree(
        process.execPath,
        [orgkeys, "drift", ...stacks, ...places],
        live.environment,
        [0, 2],
      );
      const { keys, findings } = reportIn(file);
      refresh.figures.push({ ...ofLoop, calls: between - start, keys });
      drift.figures.push({ ...ofDrift, calls: requests() - between, keys });
      process.stderr.write(
        `run ${run + 1}: ${ofLoop.wallSeconds.toFixed(1)} s and ${ofDrift.wallSeconds.toFixed(1)} s, ${findings.length} findings\n`,
      );
    }
    print([
      ["20 applied accounts", ...titles],
      row(refresh.name, refresh.figures),
      row(drift.name, drift.figures),
      ratioRow(`${refresh.name} / ${drift.name}`, refresh.figures, drift.figures),
    ]);
  } finally {
    await live.stop();
  }
}

async function measureSimulated(runs: number, sizes: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-bench-drift-"));
  const rows: string[][] = [];
  let before: { readonly accounts: number; readonly figures: readonly Figures[] } | undefined;
  const growth: string[][] = [];
  try {
    for (const accounts of sizes) {
      const [config, out] = [join(folder, `map-${accounts}`), join(folder, `out-${accounts}`)];
      writeMap(benchOrganization(accounts), config);
      measureProcess([orgkeys, "synth", "--config", config, "--out", out], folder);
      const aws = await startSimulatedAws(config, out);
      try {
        const file = join(folder, "drift.json");
        // The stand-in has no AWS Organizations.
        const words = ["drift", "--exclude", "*.guardrails.*", "--config", config, "--out", out, "--output", file];
        const figures: Figures[] = [];
        for (let run = 0; run < runs; run += 1) {
          const used = await measureTree(process.execPath, [orgkeys, ...words], aws.environment);
          const { summary, keys } = reportIn(file);
          figures.push({ ...used, calls: summary.calls, keys });
          process.stderr.write(`${accounts} accounts, run ${run + 1}: ${used.wallSeconds.toFixed(1)} s\n`);
        }
        rows.push(row(`${accounts} accounts`, figures));
        if (before !== undefined) growth.push(ratioRow(`${before.accounts} to ${accounts}`, figures, before.figures));
        before = { accounts, figures };
      } finally {
        await aws.stop();
        rmSync(out, { recursive: true, force: true });
      }
    }
    print([["simulated", ...titles], ...rows, ...growth]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const options = {
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    accounts: { type: "string", multiple: true },
  } as const;
  const { values } = parseArgs({ options });
  const runs = Number(values.runs);
  if (values.only !== "simulated") await measureApplied(runs);
  if (values.only !== "applied") await measureSimulated(runs, values.accounts?.map(Number) ?? SIMULATED_ACCOUNTS);
}

void main();
