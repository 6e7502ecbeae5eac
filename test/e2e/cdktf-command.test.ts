import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { LoadedPlan } from "../../stacks/load-plan";
import { synthesize } from "../../stacks/synthesize";
import { readKey } from "./live-keys";
import { type LiveOrganization, startOrganization } from "./organization";

const repository = resolve(__dirname, "../..");
const prodStacks = "commercial.workloads.prod.*";
/** The real command is 476 packages: it stays out of the project's own dependencies, in a folder of its own. */
const cliFolder = join(repository, "runs/e2e/cdktf-cli-0.21.0");

let live: LiveOrganization;
let loaded: LoadedPlan;

beforeAll(async () => {
  if (!existsSync(join(cliFolder, "node_modules/.bin/cdktf"))) {
    mkdirSync(cliFolder, { recursive: true });
    writeFileSync(join(cliFolder, "package.json"), '{"private": true}\n');
    execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "cdktf-cli@0.21.0"], {
      cwd: cliFolder,
      stdio: "pipe",
    });
  }
  live = await startOrganization("cdktf-command");
  loaded = await live.load("config");
});
afterAll(() => live.stop());

async function cdktf(...words: string[]): Promise<string> {
  const command = join(cliFolder, "node_modules/.bin/cdktf");
  const { stdout } = await promisify(execFile)(command, [...words, "--output", live.out], {
    cwd: repository,
    // Its provider cache may be the very folder that the provider is taken from, which Terraform refuses to copy onto itself.
    env: {
      ...live.environment,
      CI: "1",
      FORCE_COLOR: "0",
      CHECKPOINT_DISABLE: "1",
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: Error & { stdout?: string }) => {
    // The command says on its standard output what Terraform did not like.
    throw new Error(`${error.message}\n${error.stdout ?? ""}`);
  });
  return stdout;
}

test("cdktf synth gives the same bytes as orgkeys synth", async () => {
  await cdktf("synth");
  const own = mkdtempSync(join(tmpdir(), "orgkeys-own-"));
  synthesize(loaded.stacks, join(own, "out"), { keepOthers: false });
  const files = readdirSync(join(own, "out"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".json"),
  );
  expect(files.length).toBe(loaded.stacks.length + 1);
  for (const file of files) {
    expect(readFileSync(join(live.out, file), "utf8")).toBe(readFileSync(join(own, "out", file), "utf8"));
  }
  rmSync(own, { recursive: true });
});

test("cdktf list names every stack", async () => {
  const listed = await cdktf("list");
  // The command breaks long names over lines.
  const joined = listed.replaceAll(/\s+/g, "");
  for (const { name } of loaded.stacks) expect(joined).toContain(name.slice(0, 30));
});

test("cdktf plan shows what one stack would create", async () => {
  const [first] = matching();
  const planned = await cdktf("plan", first?.stack ?? "", "--skip-provider-lock");
  expect(planned).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
});

test("cdktf deploy of an OU's glob creates that OU's keys and no others", async () => {
  await cdktf("deploy", prodStacks, "--auto-approve", "--skip-provider-lock");
  const stacks = matching();
  expect(stacks.length).toBeGreaterThan(1);
  for (const { keys } of stacks) {
    for (const key of keys) {
      const place = { accountId: key.accountId, region: key.region, partition: key.partition };
      expect((await readKey(live.emulator, place, key.alias)).key.policy).toEqual(key.policy);
    }
  }
  // Same state, same stacks: orgkeys' own way of running Terraform sees nothing left to do.
  await live.expectNoChanges(stacks.map(({ stack }) => stack));
  const states = readdirSync(join(live.folder, "state")).filter((name) => name.endsWith(".tfstate"));
  expect(states.sort()).toEqual(stacks.map(({ account }) => `${account.id}.tfstate`).sort());
});

function matching(): LoadedPlan["accounts"] {
  return loaded.accounts.filter(({ stack }) => stack.startsWith(prodStacks.slice(0, -1)));
}
