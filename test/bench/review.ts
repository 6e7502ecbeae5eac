/**
 * Measures a review: two outputs of one organization, of which a hundredth of the teams, or every team, has one more user of each of
 * its keys. In turn with it `orgkeys affected`, which tells the stacks and not what it means, and `git diff --stat`, which tells lines.
 * Then the report page, its size and the time to write it. It prints figures and judges nothing but that each found what was changed.
 *
 *     npm run bench:review                      about twenty minutes
 *     npm run bench:review -- --accounts 100    one size, once, and no page
 */
import { strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { isFields } from "../../modules/access/stack-reading";
import { table } from "../../modules/report/table";
import { measureProcess, medianFigures, type ProcessFigures } from "./measured-process";
import { benchOrganization } from "./organization";
import { writeMap } from "./write-map";

const ACCOUNTS = 1000;
const RUNS = 3;
/** The report page: as near to 20 as an organization of teams comes. */
const PAGES = [22, 100, 1000];
const ONE_TEAM_IN = 100;

const orgkeys = join(__dirname, "../../modules/cli/orgkeys.cjs");
/** Something was found. */
const FOUND = [2];

interface Scene {
  readonly name: string;
  /** Folders of maps and outputs. */
  readonly maps: readonly [base: string, head: string];
  readonly outputs: readonly [base: string, head: string];
  /** Stacks that differ in bytes. */
  readonly changed: number;
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function synthesize(accounts: number, folder: string, name: string, oneTeamIn: number | undefined): string {
  const [map, out] = [join(folder, `map-${name}`), join(folder, `out-${name}`)];
  writeMap(benchOrganization(accounts), map);
  if (oneTeamIn !== undefined) addUsers(join(map, "workloads"), oneTeamIn);
  measureProcess([orgkeys, "synth", "--config", map, "--out", out], folder);
  return out;
}

/** One more role that may decrypt, in each environment of each workload of some teams. */
function addUsers(workloads: string, oneTeamIn: number): void {
  for (const [index, file] of readdirSync(workloads).sort().entries()) {
    if (index % oneTeamIn !== 0) continue;
    const path = join(workloads, file);
    const map: unknown = parse(readFileSync(path, "utf8"));
    for (const workload of Object.values(isFields(map) ? map : {})) {
      const environments = isFields(workload) && isFields(workload.environments) ? workload.environments : {};
      for (const environment of Object.values(environments)) {
        if (!isFields(environment) || !Array.isArray(environment.use)) continue;
        environment.use.push({ principal: "role/newcomer", operations: ["decrypt"] });
      }
    }
    writeFileSync(path, stringify(map));
  }
}

function sceneOf(accounts: number, folder: string, name: string, oneTeamIn: number): Scene {
  const base = join(folder, "out-base");
  const head = synthesize(accounts, folder, name, oneTeamIn);
  const stacks = readdirSync(join(base, "stacks"));
  const textOf = (out: string, stack: string): string =>
    readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8");
  return {
    name,
    maps: [join(folder, "map-base"), join(folder, `map-${name}`)],
    outputs: [base, head],
    changed: stacks.filter((stack) => textOf(base, stack) !== textOf(head, stack)).length,
  };
}

/** The same two outputs, in turn: a machine that slows down slows all of them. */
function measure(scene: Scene, runs: number, folder: string): string[][] {
  const [, map] = scene.maps;
  const commands = {
    review: [orgkeys, "review", ...scene.outputs, "--config", map],
    "review to JSON": [orgkeys, "review", ...scene.outputs, "--config", map, "--format", "json"],
    affected: [orgkeys, "affected", ...scene.outputs, "--config", map],
  };
  const figures = new Map<string, ProcessFigures[]>(Object.keys(commands).map((name) => [name, []]));
  const diffs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    for (const [name, words] of Object.entries(commands)) {
      figures.get(name)?.push(measureProcess(words, folder, FOUND));
    }
    diffs.push(diffSeconds(scene));
  }
  const diff = diffs.sort((a, b) => a - b)[Math.floor(diffs.length / 2)] ?? Number.NaN;
  return [
    ...[...figures].map(([name, list]) => {
      const { wallSeconds, cpuSeconds, peakBytes } = medianFigures(list);
      return [name, wallSeconds.toFixed(1), cpuSeconds.toFixed(1), (peakBytes / 1e6).toFixed(0)];
    }),
    ["git diff --stat", diff.toFixed(1), "", ""],
  ];
}

/** Git is no program of Node.js, which alone tells what it used: of it there is the time from start to end. */
function diffSeconds({ outputs, changed }: Scene): number {
  const start = performance.now();
  const { status, stdout } = spawnSync("git", ["diff", "--no-index", "--stat=200", "--stat-count=10", ...outputs], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = (performance.now() - start) / 1000;
  strictEqual(status, 1, "git did not find the outputs to differ");
  const files = Number(/(\d+) files? changed/.exec(stdout)?.[1]);
  strictEqual(files >= changed, true, `git found ${files} files that differ, and ${changed} stacks do`);
  return seconds;
}

/** What a review says of a scene, as far as it has to say it: it is no faster for having passed over something. */
function assertFound({ outputs, maps, changed }: Scene): number {
  const words = [orgkeys, "review", ...outputs, "--config", maps[1], "--format", "json"];
  const { stdout } = spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 512 * 1024 * 1024 });
  const report: unknown = JSON.parse(stdout);
  const changes = isFields(report) && Array.isArray(report.changes) ? report.changes.filter(isFields) : [];
  const stacks = new Set(changes.map(({ place }) => (isFields(place) ? place.stack : undefined)));
  strictEqual(stacks.size, changed, "the review tells of another number of stacks than differ");
  return changes.length;
}

/** @returns nothing where there is no page to write */
function pageRows(folder: string): string[][] {
  const { stdout } = spawnSync(process.execPath, [orgkeys, "report", "--help"], { encoding: "utf8" });
  if (!stdout.includes("--html")) return [];
  return PAGES.map((accounts) => {
    const out = synthesize(accounts, folder, `page-${accounts}`, undefined);
    const file = join(folder, "report.html");
    const words = ["report", "--html", file, "--config", join(folder, `map-page-${accounts}`), "--out", out];
    const figures = measureProcess([orgkeys, ...words], folder, [0, 2]);
    rmSync(out, { recursive: true });
    return [
      String(accounts),
      (statSync(file).size / 1e6).toFixed(2),
      figures.wallSeconds.toFixed(1),
      figures.cpuSeconds.toFixed(1),
      (figures.peakBytes / 1e6).toFixed(0),
    ];
  });
}

const { values } = parseArgs({ options: { accounts: { type: "string" } } });
const accounts = values.accounts === undefined ? ACCOUNTS : Number(values.accounts);
const runs = values.accounts === undefined ? RUNS : 1;
const folder = mkdtempSync(join(tmpdir(), "orgkeys-bench-review-"));
try {
  synthesize(accounts, folder, "base", undefined);
  for (const [name, oneTeamIn] of [
    ["few", ONE_TEAM_IN],
    ["all", 1],
  ] as const) {
    const scene = sceneOf(accounts, folder, name, oneTeamIn);
    const changes = assertFound(scene);
    print(
      `${accounts} accounts, ${scene.changed} stacks differ, ${changes} changes told; ${runs} runs each:`,
      ...table([["", "wall s", "CPU s", "peak MB"], ...measure(scene, runs, folder)]),
      "",
    );
  }
  const pages = values.accounts === undefined ? pageRows(folder) : [];
  if (pages.length > 0) print(...table([["accounts", "page MB", "wall s", "CPU s", "peak MB"], ...pages]));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
