import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { TerraformStack } from "cdktf";
import type { PlannedStack } from "../../stacks/planned-stack";
import { rulesOf } from "../../stacks/rules";
import { staleModules, synthesizeModules } from "../../stacks/synthesize-modules";
import { edit, planOf, smallSources } from "./small-organization";

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-synthesize-modules-"));
  directory = join(folder, "modules");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const loaded = planOf(smallSources());
const rules = rulesOf(loaded.map);
const options = {
  keepOthers: false,
  accounts: new Map(loaded.accounts.map((account) => [account.stack, account])),
  readme: () => "# keys\n",
};

/** The stacks, with blocks of the given names in those of two accounts. */
function stacksWith(part: string, block: object): PlannedStack[] {
  return loaded.stacks.map((stack) => ({
    ...stack,
    build: (scope) => {
      stack.build(scope);
      const built = scope.node.findChild(stack.name);
      if (stack.account !== "clinic" && stack.account !== "keys") return;
      if (TerraformStack.isStack(built)) built.addOverride(part, [block]);
    },
  }));
}

describe("modules of stacks that Terraform takes as root modules alone", () => {
  const adopting = stacksWith("import", { to: "aws_kms_key.a", id: "mrk-1" });

  test("are refused, every account at once, and nothing is written", () => {
    const { refused } = staleModules(adopting, directory, options);
    expect(refused.map(({ account }) => account)).toEqual(["clinic", "keys"]);
    for (const { why } of refused) expect(why).toContain("adopt with the account's stack first");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("never take the place of those that are there, also where the map adopts the key", () => {
    synthesizeModules(loaded.stacks, directory, rules, options);
    const record = `ledger:
  {account: keys, key: ledger, owner: finance, reason: It was made by hand, adopt: {keyId: mrk-${"a".repeat(32)}}}
`;
    const lifecycle = {
      name: "config/lifecycle.yaml",
      path: "lifecycle.yaml",
      bytes: new TextEncoder().encode(record),
    };
    const { map, stacks } = planOf([...smallSources(), lifecycle]);
    const { proof, refused, modules } = synthesizeModules(stacks, directory, rulesOf(map), options);
    expect([proof.findings, refused.map(({ account }) => account), modules]).toEqual([[], ["keys"], []]);
    expect(staleModules(loaded.stacks, directory, options).stale).toEqual([]);
    expect(readdirSync(folder)).toEqual(["modules"]);
  });
});

describe("writing modules", () => {
  test("writes none when the zone proof does not hold, and leaves what was there", () => {
    synthesizeModules(loaded.stacks, directory, rules, options);
    const strangers = edit(smallSources(), "zones.yaml", "[role/HealthKeyAdministrator]", "[role/Stranger]");
    const { proof, modules } = synthesizeModules(planOf(strangers).stacks, directory, rules, options);
    expect([proof.findings.map(({ id }) => id), modules]).toEqual([["zone-managers"], []]);
    expect(staleModules(loaded.stacks, directory, options).stale).toEqual([]);
    expect(readdirSync(folder)).toEqual(["modules"]);
  });

  test("says which, and leaves nothing beside them", () => {
    const { modules, refused, proof } = synthesizeModules(loaded.stacks, directory, rules, options);
    expect([modules, refused, proof.findings]).toEqual([["clinic", "keys", "shop-prod", "shop-test"], [], []]);
    expect(readdirSync(folder)).toEqual(["modules"]);
  });

  test("leaves what was there when something goes wrong half-way", () => {
    synthesizeModules(loaded.stacks, directory, rules, options);
    const breaking = {
      ...options,
      readme: () => {
        throw new Error("no paper");
      },
    };
    expect(() => synthesizeModules(loaded.stacks, directory, rules, breaking)).toThrow("no paper");
    expect(readdirSync(folder)).toEqual(["modules"]);
    expect(staleModules(loaded.stacks, directory, options).stale).toEqual([]);
  });

  test("takes an account that got another name for the same account, also in a selection", () => {
    synthesizeModules(loaded.stacks, directory, rules, options);
    const clinic = loaded.accounts.find(({ account }) => account.name === "clinic");
    if (clinic === undefined) throw new Error("the small organization has no clinic");
    const renamed = {
      ...options,
      keepOthers: true,
      accounts: new Map([[clinic.stack, { ...clinic, account: { ...clinic.account, name: "hospital" } }]]),
    };
    const stacks = loaded.stacks.filter(({ name }) => name === clinic.stack);
    expect(staleModules(stacks, directory, renamed).stale).toEqual([
      { stack: "clinic", state: "left over" },
      { stack: "hospital", state: "missing" },
    ]);
    synthesizeModules(stacks, directory, rules, renamed);
    expect(existsSync(join(directory, "clinic"))).toBe(false);
    expect(readdirSync(directory).sort()).toEqual(["hospital", "keys", "modules.json", "shop-prod", "shop-test"]);
  });

  test("takes an empty folder, and leaves what somebody puts beside the modules", () => {
    mkdirSync(directory);
    expect(synthesizeModules(loaded.stacks, directory, rules, options).modules).toHaveLength(4);
    writeFileSync(join(directory, "NOTES.md"), "ours\n");
    synthesizeModules(loaded.stacks, directory, rules, options);
    expect(readdirSync(directory)).toContain("NOTES.md");
  });
});
