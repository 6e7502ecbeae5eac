import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  findOutput,
  type OpenedOutput,
  type OpenSettings,
  openOutput,
} from "../../../modules/terraform/affected/open-output";
import { gitEnvironment as environment } from "../../cli/git-environment";

const folder = mkdtempSync(join(tmpdir(), "orgkeys-open-"));
/** A checkout of an orgkeys, which is also the repository of the map. */
const checkout = join(folder, "checkout");
const temporary = join(folder, "temporary");

function git(...words: string[]): string {
  const ended = spawnSync("git", words, { cwd: checkout, env: environment, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`git ${words.join(" ")}: ${ended.stderr}`);
  return ended.stdout.trim();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

/** An orgkeys that writes its own name and that of the map. */
const command = (name: string): string => `
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const words = process.argv.slice(2);
const value = (option) => words[words.indexOf(option) + 1];
const map = readFileSync(value("--config") + "/map", "utf8");
if (map === "wrong") { process.stderr.write("a field that ${name} does not know\\n"); process.exit(1); }
mkdirSync(value("--out"), { recursive: true });
writeFileSync(value("--out") + "/made", "${name} of " + map);
`;

function commit(tag: string): void {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", tag);
  git("tag", tag);
}

const told: string[] = [];

async function open(name: string, settings: Partial<OpenSettings> = {}): Promise<OpenedOutput> {
  const whole: OpenSettings = {
    folder: checkout,
    config: "config",
    out: "cdktf.out",
    today: undefined,
    tool: checkout,
    node: process.execPath,
    environment,
    temporary,
    signal: new AbortController().signal,
    tell: (line) => told.push(line),
    ...settings,
  };
  const found = findOutput(name, "HEAD", whole);
  const opened = "problem" in found ? found : await openOutput(found, whole);
  if ("problem" in opened) throw new Error(opened.problem);
  return opened;
}

const made = ({ folder: output }: OpenedOutput): string => readFileSync(join(output, "made"), "utf8");

beforeAll(() => {
  mkdirSync(checkout, { recursive: true });
  mkdirSync(temporary);
  git("init", "--quiet", "--initial-branch", "main");
  write(".gitignore", "node_modules\nignored\n");
  write("config/map", "the first map");
  commit("without");
  write("modules/cli/orgkeys.cjs", command("old code"));
  write("package-lock.json", "{}");
  commit("old");
  write("modules/cli/orgkeys.cjs", command("new code"));
  commit("same-map");
  write("config/map", "the second map");
  write("README.md", "nothing that decides the output");
  commit("new");
  write("config/map", "wrong");
  commit("wrong");
  git("revert", "--no-edit", "HEAD");
});

afterEach(() => {
  git("checkout", "--quiet", "--", ".");
  git("clean", "--quiet", "--force", "-d");
  told.length = 0;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a commit without an output", () => {
  test.each([
    ["own", "old", "old code of the first map", "other"],
    ["this", "old", "new code of the first map", "other"],
    ["own", "same-map", "new code of the first map", "same"],
    ["this", "new", "new code of the second map", "same"],
    ["own", "without", "new code of the first map", "none"],
    ["this", "without", "new code of the first map", "none"],
  ] as const)("by %s code, %s is %j", async (code, name, expected, has) => {
    const opened = await open(name, { code });
    expect({ made: made(opened), from: opened.from, code: opened.code }).toEqual({
      made: expected,
      from: "synthesized",
      code: has,
    });
    opened.close();
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("is synthesized by its own code unless it is said", async () => {
    const opened = await open("old");
    expect(made(opened)).toBe("old code of the first map");
    expect(told).toEqual([expect.stringMatching(/^old: synthesizing commit [0-9a-f]{12}$/)]);
    opened.close();
  });

  test("says whose code it was when it was not its own", async () => {
    (await open("old", { code: "this" })).close();
    expect(told).toEqual([
      expect.stringMatching(/^old: synthesizing commit [0-9a-f]{12}, whose orgkeys is another, with this one$/),
    ]);
  });

  test.each([
    ["an edit", "modules/cli/orgkeys.cjs", "other"],
    ["a new file", "stacks/new.ts", "other"],
    ["another lock file", "package-lock.json", "other"],
    ["a file that git ignores", "modules/ignored", "same"],
    ["a file beside the code", "docs/new.md", "same"],
  ])("has another code than a checkout with %s that is not committed: %s is %s", async (_, path, expected) => {
    write(path, path.endsWith(".cjs") ? command("edited code") : "x");
    const opened = await open("new", { code: "this" });
    expect(opened.code).toBe(expected);
    opened.close();
    rmSync(join(checkout, "modules/ignored"), { force: true });
  });

  test("that this code cannot read is read by its own, it says", async () => {
    write("modules/cli/orgkeys.cjs", command("edited code"));
    await expect(open("wrong", { code: "this" })).rejects.toThrow(
      /cannot be synthesized; take its own code with --own-code, or name an output folder instead:\na field that edited code/,
    );
    await expect(open("wrong", { code: "own" })).rejects.toThrow(/cannot be synthesized; mend it, or name/);
  });
});

describe("the map of a commit", () => {
  test("is that of the commit, and gone with the rest", async () => {
    const opened = await open("old", { code: "this" });
    const map = opened.openMap();
    if (map === undefined || "problem" in map) throw new Error(map?.problem);
    expect(readFileSync(join(map.folder, "map"), "utf8")).toBe("the first map");
    expect(opened.openMap()).toEqual(map);
    opened.close();
    expect(existsSync(map.folder)).toBe(false);
  });

  test("is nobody's for a folder", async () => {
    expect((await open("config")).openMap()).toBeUndefined();
  });

  test("has to be there", async () => {
    write("out/manifest.json", "{}");
    commit("with-output");
    const opened = await open("with-output", { out: "out", config: "nomap" });
    expect(opened.from).toBe("committed");
    expect(opened.openMap()).toEqual({ problem: "with-output: the commit has no folder nomap" });
    opened.close();
    git("reset", "--quiet", "--hard", "HEAD~1");
    const outside = await open("with-output", { out: "out", config: "../elsewhere" });
    expect(outside.openMap()).toEqual({
      problem: expect.stringContaining("../elsewhere is outside of the repository"),
    });
    outside.close();
  });
});
