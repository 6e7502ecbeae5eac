import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { TerraformStack } from "cdktf";
import type { SourceFile } from "../../modules/organization/map-file";
import { continuityRulesOf } from "../../stacks/continuity-rules";
import type { PlannedStack } from "../../stacks/planned-stack";
import { rulesOf } from "../../stacks/rules";
import {
  type ModulesReport,
  type SynthesizeModulesOptions,
  staleModules,
  synthesizeModules,
} from "../../stacks/synthesize-modules";
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
const options: SynthesizeModulesOptions = {
  keepOthers: false,
  accounts: new Map(loaded.accounts.map((account) => [account.stack, account])),
  readme: () => "# keys\n",
  continuity: continuityRulesOf(loaded.map),
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

describe("an account that is suspended", () => {
  const suspended = (sources: readonly SourceFile[]): SourceFile[] =>
    edit(
      sources,
      "organizations/acme.yaml",
      'id: "310000000001", regions',
      'id: "310000000001", status: suspended, regions',
    );
  const renamed = edit(smallSources(), "workloads/clinic.yaml", "records:", "patients:");
  const resting = () => join(directory, "modules.resting/310000000001/main.tf.json");
  const last = () => join(directory, "clinic/main.tf.json");

  function write(sources: readonly SourceFile[], from: Partial<SynthesizeModulesOptions> = {}): ModulesReport {
    const { map, accounts, stacks } = planOf(sources);
    return synthesizeModules(stacks, directory, rulesOf(map), {
      ...options,
      accounts: new Map(accounts.map((account) => [account.stack, account])),
      continuity: continuityRulesOf(map),
      ...from,
    });
  }

  test("has its last module beside the others, through as many syntheses as it takes", () => {
    write(smallSources());
    const text = readFileSync(last(), "utf8");
    for (const _ of [1, 2]) {
      const { modules, continuity } = write(suspended(smallSources()));
      expect([modules, continuity.refusals]).toEqual([["keys", "shop-prod", "shop-test"], []]);
      expect([existsSync(join(directory, "clinic")), readFileSync(resting(), "utf8")]).toEqual([false, text]);
    }
    const { accounts, stacks } = planOf(suspended(smallSources()));
    const byStack = new Map(accounts.map((account) => [account.stack, account]));
    expect(staleModules(stacks, directory, { ...options, accounts: byStack }).stale).toEqual([]);
  });

  test("is held against that when it is active again, whatever the map changed meanwhile", () => {
    write(smallSources());
    write(suspended(smallSources()));
    write(suspended(renamed));
    expect(write(renamed).continuity.refusals).toMatchObject([
      { id: "key-vanishes", where: expect.stringMatching(/^clinic /) },
    ]);
    expect(existsSync(resting())).toBe(true);
    expect(write(smallSources()).modules).toHaveLength(4);
    expect([existsSync(last()), existsSync(join(directory, "modules.resting"))]).toEqual([true, false]);
  });

  test("is held against that also when another account has its name", () => {
    const sources = suspended(smallSources());
    write(smallSources());
    write(sources);
    const named = edit(sources, "organizations/acme.yaml", "clinic: {id:", "surgery: {id:");
    const taken = edit(
      edit(named, "workloads/clinic.yaml", "account: clinic", "account: surgery"),
      "organizations/acme.yaml",
      "shop-prod:",
      "clinic:",
    );
    const shop = "workloads/shop.yaml";
    const others = edit(
      edit(taken, shop, "account: shop-prod", "account: clinic"),
      shop,
      "account: shop-prod",
      "account: clinic",
    );
    expect(write(others).modules).toContain("clinic");
    expect(existsSync(resting())).toBe(true);
    const back = edit(others, "organizations/acme.yaml", "status: suspended, ", "");
    const lost = edit(back, "workloads/clinic.yaml", "records:", "patients:");
    expect(write(lost).continuity.refusals).toMatchObject([{ id: "key-vanishes" }]);
    expect(write(back).modules).toContain("surgery");
  });

  test("leaves nothing behind where the modules were never applied", () => {
    write(smallSources(), { continuity: undefined });
    write(suspended(smallSources()), { continuity: undefined });
    expect(readdirSync(directory).sort()).toEqual(["keys", "modules.json", "shop-prod", "shop-test"]);
  });
});
