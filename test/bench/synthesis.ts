/**
 * Measures synthesis: organizations of 10, 100 and 1,000 accounts with orgkeys and, in turn with it, with a plain CDKTF
 * app that writes the same resources; and all checks on what orgkeys wrote. It prints figures and judges nothing but their
 * fairness: both have to write the same number of blocks of each kind, orgkeys guardrails beside them, and the same bytes in
 * every run.
 *
 *     npm run bench                       about ten minutes
 *     npm run bench -- --accounts 10000   one organization, without the plain app
 */
import { deepStrictEqual, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inNameOrder } from "../../modules/aws/name-order";
import { table } from "../../modules/report/table";
import { measureProcess, medianFigures, type ProcessFigures } from "./measured-process";
import { benchOrganization } from "./organization";
import type { ProofFigures } from "./proof";
import { readOutput, type SynthesizedOutput } from "./synthesized-output";
import { writeMap } from "./write-map";

/** Odd, so that a median is one of the runs. */
const RUNS: readonly { readonly accounts: number; readonly runs: number }[] = [
  { accounts: 10, runs: 5 },
  { accounts: 100, runs: 3 },
  { accounts: 1000, runs: 3 },
];

interface Result {
  readonly accounts: number;
  readonly figures: ProcessFigures;
  readonly output: SynthesizedOutput;
}

const root = join(__dirname, "../..");
const apps = {
  plain: (accounts: number, out: string) => [
    "--require",
    "tsx/cjs",
    join(__dirname, "plain-app.ts"),
    String(accounts),
    out,
  ],
  orgkeys: (accounts: number, out: string, folder: string) => [
    join(root, "modules/cli/orgkeys.cjs"),
    "synth",
    "--config",
    join(folder, `map-${accounts}`),
    "--out",
    out,
  ],
  check: (accounts: number, out: string, folder: string) => [
    join(root, "modules/cli/orgkeys.cjs"),
    "check",
    "--config",
    join(folder, `map-${accounts}`),
    "--out",
    out,
  ],
} as const;
type AppName = keyof typeof apps;

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** By number of accounts: on what orgkeys wrote in the last of its runs. */
const proofs = new Map<number, ProofFigures>();

function measureProof(accounts: number, folder: string): ProofFigures {
  const words = ["--require", "tsx/cjs", join(__dirname, "proof.ts")];
  const places = [join(folder, `map-${accounts}`), join(folder, "out-orgkeys")];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words, ...places], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the proof of ${accounts} accounts failed: ${stderr}`);
  return JSON.parse(stdout) as ProofFigures;
}

function proofRows(): string[][] {
  return [
    ["accounts", "keys", "proof s", "all checks s", "of which reading s", "proof ms a key"],
    ...[...proofs].map(([accounts, { keys, proofSeconds, checkSeconds, readSeconds }]) => [
      String(accounts),
      String(keys),
      proofSeconds.toFixed(1),
      checkSeconds.toFixed(1),
      readSeconds.toFixed(1),
      ((proofSeconds * 1000) / keys).toFixed(2),
    ]),
  ];
}

/** Runs the apps in turn, A B A B, so that a machine that slows down slows both. */
function measure(names: readonly AppName[], accounts: number, runs: number, folder: string): Map<AppName, Result> {
  const figures = new Map<AppName, ProcessFigures[]>(names.map((name) => [name, []]));
  const outputs = new Map<AppName, SynthesizedOutput>();
  for (let run = 0; run < runs; run += 1) {
    for (const name of names) {
      // What is checked is what orgkeys wrote right before.
      const out = join(folder, `out-${name === "check" ? "orgkeys" : name}`);
      figures.get(name)?.push(measureProcess(apps[name](accounts, out, folder), folder));
      const output = readOutput(out);
      strictEqual(output.digest, (outputs.get(name) ?? output).digest, `${name} wrote other bytes in run ${run + 1}`);
      outputs.set(name, output);
    }
    if (run === runs - 1) proofs.set(accounts, measureProof(accounts, folder));
    for (const name of names) rmSync(join(folder, `out-${name}`), { recursive: true, force: true });
  }
  return new Map(
    [...outputs].map(([name, output]) => [name, { accounts, figures: medianFigures(figures.get(name) ?? []), output }]),
  );
}

const columns: readonly { readonly title: string; readonly digits: number; readonly of: (result: Result) => number }[] =
  [
    { title: "wall s", digits: 1, of: ({ figures }) => figures.wallSeconds },
    { title: "CPU s", digits: 1, of: ({ figures }) => figures.cpuSeconds },
    { title: "peak MB", digits: 0, of: ({ figures }) => figures.peakBytes / 1e6 },
    { title: "output MB", digits: 1, of: ({ output }) => output.bytes / 1e6 },
    { title: "CPU ms an account", digits: 1, of: ({ figures, accounts }) => (figures.cpuSeconds * 1000) / accounts },
  ];

function figureRow(accounts: number | string, name: string, result: Result): string[] {
  return [String(accounts), name, ...columns.map(({ digits, of }) => of(result).toFixed(digits))];
}

/** How many times as much as another result. */
function ratioRow(accounts: string, name: string, result: Result, reference: Result): string[] {
  return [accounts, name, ...columns.map(({ of }) => `× ${(of(result) / of(reference)).toFixed(2)}`)];
}

function compare(folder: string): void {
  const rows: string[][] = [["accounts", "", ...columns.map(({ title }) => title)]];
  const growth: string[][] = [["growth", "", ...columns.map(({ title }) => title)]];
  let before: Map<AppName, Result> | undefined;
  for (const { accounts, runs } of RUNS) {
    const results = measure(["plain", "orgkeys", "check"], accounts, runs, folder);
    const plain = results.get("plain");
    const orgkeys = results.get("orgkeys");
    const check = results.get("check");
    if (plain === undefined || orgkeys === undefined || check === undefined) throw new Error("nothing was measured");
    deepStrictEqual(orgkeys.output.blocks, plain.output.blocks, "the two apps do not write the same resources");
    print(
      `${accounts} accounts, ${runs} runs each: ${inNameOrder(orgkeys.output.blocks)
        .map(([kind, number]) => `${number} ${kind}`)
        .join(", ")}`,
      `  policy statements: plain ${plain.output.policyStatements}, orgkeys ${orgkeys.output.policyStatements}`,
    );
    rows.push(
      figureRow(accounts, "plain", plain),
      figureRow("", "orgkeys", orgkeys),
      figureRow("", "orgkeys check", check),
      ratioRow("", "orgkeys / plain", orgkeys, plain),
      ratioRow("", "check / orgkeys", check, orgkeys),
    );
    for (const [name, result] of results) {
      const smaller = before?.get(name);
      if (smaller !== undefined) growth.push(ratioRow(`${smaller.accounts} to ${accounts}`, name, result, smaller));
    }
    before = results;
  }
  print("", ...aligned(rows), "", ...aligned(growth), "", ...aligned(proofRows()));
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return table(rows.map((row) => row.map((cell, column) => (column < 2 ? cell : cell.padStart(width(column))))));
}

const { values } = parseArgs({ options: { accounts: { type: "string" } } });
const folder = mkdtempSync(join(tmpdir(), "orgkeys-bench-"));
try {
  const sizes = values.accounts === undefined ? RUNS.map(({ accounts }) => accounts) : [Number(values.accounts)];
  for (const accounts of new Set([10, ...sizes]))
    writeMap(benchOrganization(accounts), join(folder, `map-${accounts}`));
  // Once without counting: the first run fills the cache of compiled TypeScript.
  measure(["plain", "orgkeys", "check"], 10, 1, folder);
  proofs.clear();
  if (values.accounts === undefined) compare(folder);
  else {
    const results = measure(["orgkeys", "check"], Number(values.accounts), 1, folder);
    print(
      ...aligned([
        ["accounts", "", ...columns.map(({ title }) => title)],
        ...[...results].map(([name, result]) => figureRow(result.accounts, name, result)),
      ]),
      "",
      ...aligned(proofRows()),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
