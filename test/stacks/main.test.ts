import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "@jest/globals";

const repository = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "orgkeys-app-"));
afterAll(() => rmSync(folder, { recursive: true }));

function app(environment: Readonly<Record<string, string>>): { status: number | null; stderr: string; wrote: boolean } {
  const out = join(folder, "cdktf.out");
  const { status, stderr } = spawnSync("node", ["--require", "tsx/cjs", "stacks/main.ts"], {
    cwd: repository,
    env: { ...process.env, NODE_OPTIONS: "", CDKTF_OUTDIR: out, ...environment },
    encoding: "utf8",
  });
  return { status, stderr, wrote: existsSync(out) };
}

test("the CDKTF app refuses a day that is none, and writes nothing", () => {
  const { status, stderr, wrote } = app({ ORGKEYS_TODAY: "2027-02-30" });
  expect({ status, wrote }).toEqual({ status: 1, wrote: false });
  expect(stderr).toBe("ORGKEYS_TODAY must be a day of the calendar, as in 2027-01-31, got 2027-02-30\n");
});

test("the CDKTF app loses no key of the output that is there, unless it is told that it was never applied", () => {
  const config = join(folder, "config");
  cpSync(join(__dirname, "../fixtures/small"), config, { recursive: true });
  const own = { ORGKEYS_CONFIG: config, CDKTF_OUTDIR: join(folder, "own.out") };
  expect(app(own).status).toBe(0);
  const path = join(config, "workloads/clinic.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("records:", "patients:"));
  const refused = app({ ...own, ORGKEYS_IGNORE_PREVIOUS: "" });
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("         formerly: records");
  expect(refused.stderr).toContain("ORGKEYS_IGNORE_PREVIOUS=1");
  expect(app({ ...own, ORGKEYS_IGNORE_PREVIOUS: "never" }).stderr).toContain("must be 1, 0 or nothing, got never");
  expect(app({ ...own, ORGKEYS_IGNORE_PREVIOUS: "1" }).status).toBe(0);
}, 60_000);

test("the CDKTF app says what is wrong with the map, and writes nothing", () => {
  const { status, stderr, wrote } = app({ ORGKEYS_CONFIG: join(folder, "nowhere") });
  expect({ status, wrote }).toEqual({ status: 1, wrote: false });
  expect(stderr).toContain("is not there or cannot be read");
});
