import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import Ajv from "ajv/dist/2020";
import { type ReviewDocument, reviewDocument } from "../../modules/report/review-document";
import { gitEnvironment as environment } from "./git-environment";
import { orgkeys, orgkeysLater, type Recorded } from "./recorded-terminal";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "orgkeys-review-"));
const repository = join(folder, "repository");
const temporary = join(folder, "temporary");
const shop = "config/workloads/shop.yaml";
const zones = "config/zones.yaml";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In this process, as if it had been started there: another one for each would take minutes. */
async function inRepository<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  const before = { cwd: process.cwd(), temporary: process.env.TMPDIR };
  process.chdir(repository);
  process.env.TMPDIR = temporary;
  try {
    return await run();
  } finally {
    process.chdir(before.cwd);
    if (before.temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before.temporary;
  }
}

const review = (...words: string[]): Promise<Recorded> => inRepository(() => orgkeysLater("review", ...words));

async function reviewed(...words: string[]): Promise<ReviewDocument> {
  const { printed } = await review(...words, "--format", "json");
  const document: unknown = JSON.parse(printed);
  const schema = JSON.parse(readFileSync(join(root, "docs/schemas/review.schema.json"), "utf8"));
  expect(new Ajv({ strict: false }).validate(schema, document)).toBe(true);
  return reviewDocument.parse(document);
}

function git(...words: string[]): string {
  const ended = spawnSync("git", words, { cwd: repository, env: environment, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`git ${words.join(" ")}: ${ended.stderr}`);
  return ended.stdout.trim();
}

function edit(path: string, from: string, to: string): void {
  const file = join(repository, path);
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not have ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
}

async function synth(out: string): Promise<void> {
  const { code, noted } = await inRepository(() => orgkeys("synth", "--out", out));
  if (code !== 0) throw new Error(noted);
}

const ledger = "        - {principal: role/ledger, operations: [decrypt], sourceVpce: [vpce-0a1b2c3d4e5f60718]}\n";
const auditor = `${ledger}        - {principal: role/auditor, operations: [decrypt]}\n`;

beforeAll(async () => {
  mkdirSync(repository, { recursive: true });
  mkdirSync(temporary);
  cpSync(join(root, "test/fixtures/small"), join(repository, "config"), { recursive: true });
  writeFileSync(join(repository, ".gitignore"), "before/\nafter/\ncdktf.out/\nstate/\n");
  git("init", "--quiet", "--initial-branch", "main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "first");
  await synth("before");
}, 60_000);

afterEach(() => {
  git("checkout", "--quiet", "--", "config");
  rmSync(join(repository, "after"), { recursive: true, force: true });
});

describe("two output folders", () => {
  test("that are the same end with 0, and say so", async () => {
    const { code, printed, noted } = await review("before", "before");
    expect({ code, noted }).toEqual({ code: 0, noted: "" });
    expect(printed.split("\n")[0]).toMatch(/^No change/);
    expect(printed).toMatch(/no changes; \d+ stacks, from before to before\.$/);
  });

  test("of which one lets in somebody more end with 2, and name who, what and on which key", async () => {
    edit(shop, ledger, auditor);
    await synth("after");
    const { code, printed } = await review("before", "after");
    expect(code).toBe(2);
    expect(printed).toMatch(/role\/auditor in shop-test/);
    expect(printed).toMatch(/Decrypt/);
    expect(printed).toMatch(/after\/stacks\/acme\.security\.keys\/cdk\.tf\.json:\d+:\d+/);
    const document = await reviewed("before", "after");
    expect(document.changes.some(({ access }) => access.some(({ whom }) => whom === "role/auditor in shop-test"))).toBe(
      true,
    );
    for (const { lines } of document.changes) for (const { line } of lines) expect(line).toBeGreaterThan(1);
  }, 60_000);

  test("of which one cannot be read tell that what they count is not whole", async () => {
    cpSync(join(repository, "before"), join(repository, "after"), { recursive: true });
    writeFileSync(join(repository, "after/stacks/acme.health.clinic/cdk.tf.json"), "{");
    const { code, printed } = await review("before", "after");
    expect(code).toBe(2);
    expect(printed).toMatch(/before and after\n {2}keys .*\n.*\n.*\n {2}not whole +1 stack cannot be understood\n/);
    expect((await review("before", "before")).printed).not.toContain("not whole");
  });

  test("that differ in bytes alone end with 0, and name the stacks", async () => {
    cpSync(join(repository, "before"), join(repository, "after"), { recursive: true });
    const path = join(repository, "after/stacks/acme.health.clinic/cdk.tf.json");
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, "utf8"))));
    const { code, printed } = await review("before", "after");
    expect(code).toBe(0);
    expect(printed).toContain("same meaning, other bytes\n  acme.health.clinic");
  });

  test("are compared with what Terraform loads besides", async () => {
    cpSync(join(repository, "before"), join(repository, "after"), { recursive: true });
    writeFileSync(join(repository, "after/stacks/acme.health.clinic/override.tf"), "# anything\n");
    writeFileSync(join(repository, "after/stacks/acme.health.clinic/.terraform.lock.hcl"), "# a provider\n");
    const { code, printed } = await review("before", "after");
    expect(code).toBe(2);
    expect(printed).toContain("override.tf");
    expect(printed).not.toContain(".terraform.lock.hcl");
  });
});

describe("commits", () => {
  test("are synthesized by the orgkeys that runs, and leave nothing behind", async () => {
    edit(shop, "owner: finance", "owner: accounting");
    await synth("after");
    const { code, printed, noted } = await review("main", "--out", "after");
    expect(noted).toMatch(/^main: synthesizing commit [0-9a-f]{12}, which has no orgkeys of its own, with this one/);
    expect(code).toBe(2);
    expect(printed.split("\n")[0]).toMatch(/^Harmless/);
    expect(readdirSync(temporary).filter((name) => name.startsWith("orgkeys"))).toEqual([]);
    const { base, head } = await reviewed("main", "--out", "after");
    expect(base).toMatchObject({ from: "synthesized", code: "none", byOwnCode: false, zones: "own" });
    expect(head).toMatchObject({ from: "folder", code: null, zones: "head" });
  }, 120_000);

  test("that cannot be synthesized end with 1 and what is wrong", async () => {
    breakMap("broken", false);
    const { code, printed, noted } = await review("before", "broken");
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    expect(noted).toContain("config/zones.yaml:1:1  corporat");
    expect(noted).toContain("cannot be synthesized; mend it, or name an output folder instead");
  }, 120_000);

  test("with an output in them are not synthesized; whose zone is whose is what HEAD's own map says", async () => {
    const words = ["--out", "output"];
    breakMap("committed", true);
    const asHead = await review("before", "committed", ...words);
    expect({ code: asHead.code, printed: asHead.printed }).toEqual({ code: 1, printed: "" });
    expect(asHead.noted).toMatch(/^committed:config\/zones\.yaml:1:1 {2}corporat/m);
    const asBase = await review("committed", "before", ...words);
    expect(asBase.code).toBe(0);
    expect(asBase.printed).toContain(
      "The map of committed cannot be read by this orgkeys: zones are those of before on both sides.",
    );
    expect((await reviewed("committed", "before", ...words)).base).toMatchObject({ from: "committed", zones: "head" });
  }, 120_000);
});

/** A branch whose map is wrong, with or without an output in it. */
function breakMap(branch: string, withOutput: boolean): void {
  git("checkout", "--quiet", "-b", branch);
  edit(zones, "corporate:\n", "corporat:\n  nonsense: {}\ncorporate:\n");
  if (withOutput) cpSync(join(repository, "before"), join(repository, "output"), { recursive: true });
  git("add", "--all");
  git("commit", "--quiet", "--message", branch);
  git("checkout", "--quiet", "main");
}

describe("--fail-on", () => {
  test("ends with 1 where somebody gains, says who, and how to go on", async () => {
    edit(shop, ledger, auditor);
    await synth("after");
    const { code, printed, noted } = await review("before", "after", "--fail-on", "widening", "replacement");
    expect(code).toBe(1);
    expect(printed).toContain("role/auditor in shop-test");
    expect(noted).toMatch(
      /^--fail-on widening: somebody can do what was not allowed before: .*alias\/.*; take it back, or /m,
    );
    expect(noted).not.toContain("--fail-on replacement:");
    const document = await reviewed("before", "after", "--fail-on", "widening");
    expect(document.failOn.map(({ reason }) => reason)).toEqual(["widening"]);
  }, 60_000);

  test("ends as ever where nothing of it is there", async () => {
    edit(shop, "owner: finance", "owner: accounting");
    await synth("after");
    const words = ["--fail-on", "zone", "--fail-on", "widening", "--fail-on", "replacement"];
    expect((await review("before", "after", ...words)).code).toBe(2);
  }, 60_000);
});

describe("the report", () => {
  test("goes into a file, and the verdict to the standard error", async () => {
    const file = join(folder, "review.md");
    const { code, printed, noted } = await review("before", "before", "--format", "markdown", "--output", file);
    expect({ code, printed }).toEqual({ code: 0, printed: "" });
    expect(noted).toMatch(/^No change.*\nno changes; .*\nWritten to .*review\.md\.$/);
    expect(readFileSync(file, "utf8")).toMatch(/^### orgkeys review\n/);
  });

  test("links to the lines of the folder on the web", async () => {
    edit(shop, ledger, auditor);
    await synth("after");
    const link = "https://github.com/acme/orgkeys/blob/3f2a/(x)/cdktf.out/";
    const { printed } = await review("before", "after", "--format", "markdown", "--link", link);
    expect(printed).toMatch(
      /\]\(https:\/\/github\.com\/acme\/orgkeys\/blob\/3f2a\/%28x%29\/cdktf\.out\/stacks\/acme\.security\.keys\/cdk\.tf\.json#L\d+\)/,
    );
  }, 60_000);
});

describe("what cannot be reviewed", () => {
  test.each<[string, string[], string]>([
    ["nothing to compare with", [], "BASE is missing: name what the output folder is compared with"],
    ["both a commit and a run", ["main", "--run", "x"], "--run has both sides, before and after its plans: leave BASE"],
    [
      "a run that is not there",
      ["--run", "20270131T120000Z-0001"],
      "has no report of a run; name a run's id or its folder",
    ],
    ["a run by its own code", ["--run", "x", "--own-code"], "--own-code is about commits, and --run has none"],
    ["a name of nothing", ["nonsense"], "nonsense: is neither a folder nor a commit that git knows here"],
    ["no output", ["before"], "cdktf.out: is not there; run orgkeys synth first"],
    [
      "a folder that is no output",
      ["config", "before"],
      "config: has no manifest.json: it is not a synthesized output",
    ],
    ["no map", ["before", "before", "--config", "nomap"], "nomap:1:1  is not there or cannot be read"],
    [
      "a link to nowhere",
      ["before", "before", "--link", "cdktf.out"],
      "--link cdktf.out: must be the address of a folder",
    ],
    ["a link with a place in it", ["before", "--link", "https://a.b/c#L1"], "must be the address of a folder"],
    ["another reason", ["before", "before", "--fail-on", "tags"], "Allowed choices are zone, widening, replacement"],
    [
      "a folder that is not there",
      ["before", "before", "--output", "no/x.md"],
      "--output no/x.md: its folder does not exist",
    ],
  ])("%s is an error that says what to do", async (_, words, expected) => {
    const { code, printed, noted } = await review(...words);
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    expect(noted).toContain(expected);
  });

  test.each<[string, string[], string[]]>([
    ["HEAD", ["main", "nonsense"], ["nonsense"]],
    ["both", ["nowhere", "nonsense"], ["nowhere", "nonsense"]],
    ["one and the same", ["main...", "nonsense"], ["nonsense"]],
  ])("%s of no such name is told before anything is synthesized", async (_, words, unknown) => {
    const { code, noted } = await review(...words);
    expect(code).toBe(1);
    expect(noted.split("\n")).toEqual(
      unknown.map((name) => expect.stringMatching(new RegExp(`^${name}: is neither a folder nor a commit`))),
    );
  });

  test("a file that cannot be written is told before anything is synthesized", async () => {
    const { code, noted } = await review("main", "--output", "no/x.md");
    expect(code).toBe(1);
    expect(noted).toMatch(/^--output no\/x\.md: its folder does not exist; .*\n\nNothing was compared\.$/);
  });

  test("a stack that cannot be read is told, and never taken for harmless", async () => {
    cpSync(join(repository, "before"), join(repository, "after"), { recursive: true });
    writeFileSync(join(repository, "after/stacks/acme.health.clinic/cdk.tf.json"), "{");
    const { code, printed } = await review("before", "after", "--fail-on", "zone");
    expect(code).toBe(1);
    expect(printed).toContain("stack-unreadable");
  });
});
