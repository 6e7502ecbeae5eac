import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { writeStacks } from "../../stacks/synthesize";
import { planOf, smallSources } from "./small-organization";

const temporary = mkdtempSync(join(tmpdir(), "orgkeys-determinism-"));
afterAll(() => rmSync(temporary, { recursive: true }));
const repository = resolve(__dirname, "../..");

/** One digest of every file's path and bytes. */
function digest(folder: string): string {
  const hash = createHash("sha256");
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (statSync(join(folder, path)).isDirectory()) continue;
    hash.update(path).update(readFileSync(join(folder, path)));
  }
  return hash.digest("hex");
}

function synthesizedBy(
  command: string[],
  options: { cwd: string; environment?: Record<string, string>; out: string },
): string {
  const [file = "", ...words] = command;
  execFileSync(file, words, {
    cwd: options.cwd,
    env: { ...process.env, NODE_OPTIONS: "", ...options.environment },
    stdio: "pipe",
  });
  return digest(options.out);
}

test("synthesis gives the same bytes again, in another time zone, locale and working directory, and as a CDKTF app", () => {
  const config = join(temporary, "elsewhere", "map");
  cpSync(join(repository, "test/fixtures/small"), config, { recursive: true });
  const orgkeys = join(repository, "modules/cli/orgkeys.cjs");
  const first = join(temporary, "first");
  const second = join(temporary, "elsewhere", "deeper", "second");
  const third = join(temporary, "third");
  const digests = [
    synthesizedBy(["node", orgkeys, "synth", "--config", "test/fixtures/small", "--out", first], {
      cwd: repository,
      out: first,
    }),
    synthesizedBy(["node", orgkeys, "synth", "--config", "map", "--out", "deeper/second"], {
      cwd: join(temporary, "elsewhere"),
      environment: { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
      out: second,
    }),
    synthesizedBy(["node", "--require", "tsx/cjs", "stacks/main.ts"], {
      cwd: repository,
      environment: { ORGKEYS_CONFIG: config, CDKTF_OUTDIR: third },
      out: third,
    }),
  ];
  expect(new Set(digests).size).toBe(1);
});

test("the order in which files are listed does not matter", () => {
  const expected = JSON.stringify(planOf(smallSources()));
  fc.assert(
    fc.property(fc.shuffledSubarray(smallSources(), { minLength: smallSources().length }), (sources) => {
      expect(JSON.stringify(planOf(sources))).toBe(expected);
    }),
    { numRuns: 50 },
  );
});

test("nothing in the output names this machine, this folder or this day", () => {
  const folder = join(temporary, "names");
  execFileSync("mkdir", [folder]);
  writeStacks(planOf(smallSources()).stacks, folder);
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (statSync(join(folder, path)).isDirectory()) continue;
    const text = readFileSync(join(folder, path), "utf8");
    expect(text).not.toContain(repository);
    expect(text).not.toContain(folder);
    expect(text).not.toContain(new Date().toISOString().slice(0, 10));
  }
});
