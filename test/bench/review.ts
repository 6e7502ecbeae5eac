/**
 * Measures a review: two outputs of one organization, of which a hundredth of the teams, or every team, has one more user of each of
 * its keys. In turn with it `orgkeys affected`, which tells the stacks and not what it means, and `git diff --stat` and `diff -r`, which
 * tell lines. Then the report page: its size, the time to write it, and the time until Chromium shows something of it, where there is
 * one. It prints figures and judges nothing but that each found what was changed. Linux alone.
 *
 *     npm run bench:review                      about half an hour
 *     npm run bench:review -- --accounts 100    one size, once
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
import { type PaintFigures, withPaints } from "./first-paint";
import { measureProcess } from "./measured-process";
import { benchOrganization } from "./organization";
import { measureTree, type TreeFigures } from "./process-tree";
import { writeMap } from "./write-map";

const ACCOUNTS = 1000;
const RUNS = 3;
/** The report page: as near to 20 as an organization of teams comes. */
const PAGES = [22, 100, 1000];
const ONE_TEAM_IN = 100;

const orgkeys = join(__dirname, "../../modules/cli/orgkeys.cjs");
const MEGABYTE = 1e6;
const STAT = ["diff", "--no-index", "--stat=200", "--stat-count=10"];

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

interface Measured {
  readonly name: string;
  readonly words: readonly [program: string, ...words: string[]];
  /** That it may end with: something was found. */
  readonly code: number;
  readonly figures: TreeFigures[];
}

const columns: readonly {
  readonly title: string;
  readonly digits: number;
  readonly of: (of: TreeFigures) => number;
}[] = [
  { title: "wall s", digits: 1, of: ({ wallSeconds }) => wallSeconds },
  { title: "CPU s", digits: 1, of: ({ cpuSeconds }) => cpuSeconds },
  { title: "peak MB", digits: 0, of: ({ peakPrivateBytes }) => peakPrivateBytes / MEGABYTE },
];

/** The same two outputs, in turn: a machine that slows down slows all of them. */
async function measure(scene: Scene, runs: number): Promise<string[][]> {
  const places = [...scene.outputs, "--config", scene.maps[1]];
  const orgkeysRow = (name: string, ...words: readonly string[]): Measured => ({
    name,
    words: [process.execPath, orgkeys, ...words],
    code: 2,
    figures: [],
  });
  const review = orgkeysRow("review", "review", ...places);
  const peers: readonly Measured[] = [
    orgkeysRow("affected", "affected", ...places),
    { name: "git diff --stat", words: ["git", ...STAT, ...scene.outputs], code: 1, figures: [] },
    { name: "diff -r", words: ["diff", "-r", ...scene.outputs], code: 1, figures: [] },
  ];
  const rows = [review, orgkeysRow("review to JSON", "review", ...places, "--format", "json"), ...peers];
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  for (let run = 0; run < runs; run += 1) {
    for (const { words, code, figures } of rows) {
      const [program, ...rest] = words;
      figures.push(await measureTree(program, rest, environment, [code]));
    }
  }
  return [
    ["", ...columns.map(({ title }) => title)],
    ...rows.map(({ name, figures }) => [
      name,
      ...columns.map(({ of, digits }) => known(median(figures.map(of)), (value) => value.toFixed(digits))),
    ]),
    ...peers.map(({ name, figures }) => [
      `review / ${name}`,
      ...columns.map(({ of }) =>
        known(median(figures.map(of)), (peer) => `× ${Number((median(review.figures.map(of)) / peer).toPrecision(2))}`),
      ),
    ]),
  ];
}

/** A process that is gone before it is looked at has no peak, and one of a few milliseconds no time. */
function known(value: number, text: (value: number) => string): string {
  return value > 0 ? text(value) : "";
}

/** @throws when git finds fewer files that differ than stacks do: then it is no peer */
function assertDifferent({ outputs, changed }: Scene): void {
  const { status, stdout } = spawnSync("git", [...STAT, ...outputs], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  strictEqual(status, 1, "git did not find the outputs to differ");
  const files = Number(/(\d+) files? changed/.exec(stdout)?.[1]);
  strictEqual(files >= changed, true, `git found ${files} files that differ, and ${changed} stacks do`);
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

/** The report page: its size, the time to write it and the time until a browser shows something of it. */
async function pageRows(sizes: readonly number[], runs: number, folder: string): Promise<string[][]> {
  const written = sizes.map((size) => {
    const out = synthesize(size, folder, `page-${size}`, undefined);
    const file = join(folder, `report-${size}.html`);
    const words = ["report", "--html", file, "--config", join(folder, `map-page-${size}`), "--out", out];
    const figures = measureProcess([orgkeys, ...words], folder);
    rmSync(out, { recursive: true });
    return { size, file, figures };
  });
  const painted = await withPaints(async (paintOf) => {
    const rows: string[][] = [];
    for (const { file } of written) {
      const paints: PaintFigures[] = [];
      for (let run = 0; run < Math.max(runs, RUNS); run += 1) paints.push(await paintOf(file));
      rows.push(
        [
          paints.map(({ firstPaintSeconds }) => firstPaintSeconds),
          paints.map(({ loadedSeconds }) => loadedSeconds),
        ].map((seconds) => median(seconds).toFixed(2)),
      );
    }
    return rows;
  });
  if ("why" in painted) print(`No time to first paint: ${painted.why}`);
  return written.map(({ size, file, figures: { wallSeconds, cpuSeconds, peakBytes } }, index) => [
    String(size),
    (statSync(file).size / MEGABYTE).toFixed(2),
    wallSeconds.toFixed(1),
    cpuSeconds.toFixed(1),
    (peakBytes / MEGABYTE).toFixed(0),
    ...("result" in painted ? (painted.result[index] ?? []) : ["", ""]),
  ]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
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
      assertDifferent(scene);
      const changes = assertFound(scene);
      print(
        `${accounts} accounts, ${scene.changed} stacks differ, ${changes} changes told; runs of each: ${runs}`,
        ...table(await measure(scene, runs)),
        "",
      );
    }
    const titles = ["accounts", "page MB", "wall s", "CPU s", "peak MB", "first paint s", "loaded s"];
    print(...table([titles, ...(await pageRows(values.accounts === undefined ? PAGES : [accounts], runs, folder))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
