import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { LoadedPlan } from "../../stacks/load-plan";
import { orgkeys } from "../cli/recorded-terminal";
import { expectedKeys, keyIdsIn, readConsumerPolicy, readKey } from "./live-keys";
import { type LiveOrganization, startOrganization } from "./organization";
import { apply, expectNoChanges, init, showPlanJson, terraform } from "./terraform";

let live: LiveOrganization;
let loaded: LoadedPlan;

beforeAll(async () => {
  live = await startOrganization("modules");
  loaded = await live.load("config");
  const { code, noted } = orgkeys("synth", "--config", "config", "--as-modules", join(live.folder, "modules"));
  if (code !== 0) throw new Error(noted);
});
afterAll(() => live.stop());

/** A root module beside the modules, initialized. */
async function root(name: string, text: string): Promise<string> {
  const folder = join(live.folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf"), text.replaceAll('"./modules/', '"../modules/'));
  await init(folder, live.environment);
  return folder;
}

/** What a plan that has to fail printed, as one line. */
async function failedPlan(folder: string): Promise<string> {
  const { code, stdout, stderr } = await terraform(folder, ["plan", "-no-color", "-input=false"], live.environment);
  expect(code).toBe(1);
  return `${stdout}\n${stderr}`.replaceAll(/[\s│]+/g, " ");
}

const provider = (alias: string, accountId: string, region: string): string => `
provider "aws" {
  alias  = "${alias}"
  region = "${region}"
  assume_role {
    role_arn = "arn:aws:iam::${accountId}:role/OrgKeysDeploy"
  }
}
`;

const portal = "320000000002";
const shop = "210000000001";
const shared = "110000000001";

/** Two accounts of two zones, by somebody who names things in their own way. */
const twoAccounts = (inputs = ""): string => `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
${provider("portal", portal, "us-east-1")}
${provider("portal_recovery", portal, "us-west-2")}
${provider("shop", shop, "us-east-1")}
module "portal_keys" {
  source = "../modules/patient-portal-prod"
  providers = {
    aws.us-east-1 = aws.portal
    aws.us-west-2 = aws.portal_recovery
  }
}

module "shop_keys" {
  source = "../modules/shop-prod"
  providers = {
    aws.us-east-1 = aws.shop
  }
  ${inputs}
}

output "shared_key" {
  value = module.shop_keys.shared_confidential_prod_us-east-1["us-east-1"].arn
}
`;

describe("the modules of the sample organization", () => {
  test("are all called by one configuration, written as their READMEs say", async () => {
    const modules = readdirSync(join(live.folder, "modules")).filter((name) => name !== "modules.json");
    expect(modules.length).toBe(loaded.accounts.length);
    const usages = modules.map((name) => {
      const readme = readFileSync(join(live.folder, "modules", name, "README.md"), "utf8");
      return /^```hcl\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
    });
    const folder = await root("every-module", usages.join("\n"));
    const { code, stdout } = await terraform(folder, ["validate", "-json"], live.environment);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
    expect(code).toBe(0);
  });
});

describe("two modules in a configuration written by hand", () => {
  const accounts = ["patient-portal-prod", "shop-prod"];

  test("apply, and the plan after it shows no changes", async () => {
    const folder = await root("two-accounts", twoAccounts());
    await apply(folder, live.environment);
    await expectNoChanges(folder, live.environment);
    const { stdout } = await terraform(folder, ["output", "-raw", "shared_key"], live.environment);
    expect(stdout).toMatch(/^arn:aws:kms:us-east-1:210000000001:key\//);
  });

  test("give the keys and policies of the key plan, field by field", async () => {
    const keys = loaded.plan.keys.filter(({ account, status }) => accounts.includes(account) && status === "planned");
    expect(keys.flatMap((key) => expectedKeys(key)).length).toBeGreaterThan(3);
    for (const planned of keys) {
      for (const expected of expectedKeys(planned)) {
        const place = { accountId: planned.accountId, region: expected.region, partition: planned.partition };
        expect((await readKey(live.emulator, place, planned.alias)).key).toEqual(expected);
      }
    }
    const policies = loaded.plan.consumerPolicies.filter(({ account }) => accounts.includes(account));
    expect(policies.length).toBeGreaterThan(2);
    for (const planned of policies) {
      const { document, attached } = await readConsumerPolicy(live.emulator, planned, "us-east-1");
      expect(document).toEqual(planned.policy);
      expect(attached).toBe(planned.attachTo === undefined ? undefined : true);
    }
  });

  test("take another role of the account: the policies change in place", async () => {
    const arn = `arn:aws:iam::${shop}:role/OtherAudit`;
    await live.emulator.createRoles([arn]);
    const folder = await root("two-accounts", twoAccounts(`audit_role_arn = "${arn}"`));
    const { resource_changes: changes = [] } = await showPlanJson(folder, live.environment);
    const changed = changes.filter(({ change }) => change.actions.join() !== "no-op");
    expect(changed.map(({ address, change }) => `${change.actions} ${address}`)).toEqual([
      "update module.shop_keys.aws_kms_key.shared_confidential_prod_us-east-1",
    ]);
    const { before, after } = changed[0]?.change ?? {};
    const policy = String(before?.policy).replaceAll(`:role/OrgKeysAudit"`, `:role/OtherAudit"`);
    expect(sortedJson(after?.policy)).toEqual(sortedJson(policy));
  });

  test.each([
    [
      `audit_role_arn = "arn:aws:iam::220000000001:role/OrgKeysAudit"`,
      "must be the ARN of a role of this module's account",
    ],
    [`audit_role_arn = "arn:aws:iam::${shop}:root"`, "must be the ARN of a role of this module's account"],
    [`audit_role_arn = "arn:aws:iam::${shop}:role/*"`, "must be the ARN of a role of this module's account"],
    [`audit_role_arn = "arn:aws:iam::${shop}:role/CorporateKeyBreakGlass"`, "must not have another duty"],
    [`deploy_role_arn = "arn:aws:iam::${shop}:role/catalog-publisher"`, "must not be a role that uses a key"],
  ])("refuse %s", async (input, message) => {
    expect(await failedPlan(await root("two-accounts", twoAccounts(input)))).toContain(message);
  });
});

describe("a module with a provider that is not the stack's", () => {
  const call = (lines = ""): string => `
module "keys" {
  source = "../modules/shared-services"
  providers = {
    aws.us-east-1 = aws.one
  }
  ${lines}
}
`;
  const keysOf = (accountId: string, region: string) =>
    keyIdsIn(live.emulator, { accountId, region, partition: "aws" });

  test("is the one under test", () => {
    const text = readFileSync(join(live.folder, "modules/shared-services/main.tf.json"), "utf8");
    expect(JSON.parse(text).terraform.required_providers.aws.configuration_aliases).toEqual(["aws.us-east-1"]);
  });

  test("fails the plan in another account", async () => {
    const folder = await root("wrong-account", provider("one", "220000000001", "us-east-1") + call());
    expect(await failedPlan(folder)).toContain(
      "The provider passed as aws.us-east-1 has to work on account 110000000001.",
    );
  });

  test("fails the plan in another Region", async () => {
    const folder = await root("wrong-region", provider("one", shared, "eu-west-1") + call());
    expect(await failedPlan(folder)).toContain("The provider passed as aws.us-east-1 has to work in us-east-1.");
  });

  test("makes nothing when Terraform puts the question off until the apply", async () => {
    const waits = `resource "terraform_data" "first" {}\n${call("depends_on = [terraform_data.first]")}`;
    const folder = await root("put-off", provider("one", "220000000001", "us-east-1") + waits);
    const before = await keysOf("220000000001", "us-east-1");
    await expect(apply(folder, live.environment)).rejects.toThrow("has to work on account");
    expect(await keysOf("220000000001", "us-east-1")).toEqual(before);
    const { stdout } = await terraform(folder, ["state", "list"], live.environment);
    const made = stdout
      .trim()
      .split("\n")
      .filter((address) => !address.includes("data.aws_"));
    expect(made).toEqual(["terraform_data.first"]);
  });
});

test("an account moves from its stack to its module as the README says, and every key keeps its id", async () => {
  const stack = "commercial.infrastructure.shared-services";
  await live.apply([stack]);
  const ids = () => keyIdsIn(live.emulator, { accountId: shared, region: "us-east-1", partition: "aws" });
  const before = await ids();
  expect(before.length).toBeGreaterThan(0);
  const readme = readFileSync(join(live.folder, "modules/shared-services/README.md"), "utf8");
  const [, usage = "", moved = ""] = /^```hcl\n(.*?)^```$.*^```hcl\n(.*?)^```$/ms.exec(readme) ?? [];
  const [, address = ""] = /from = (\S+)/.exec(moved) ?? [];
  const { stdout } = await terraform(live.stackFolder(stack), ["state", "list"], live.environment);
  const addresses = stdout.trim().split("\n");
  expect(addresses).toContain(address);
  const folder = await root("moved", [usage, ...addresses.map((each) => moved.replaceAll(address, each))].join("\n"));
  copyFileSync(join(live.folder, "state", `${shared}.tfstate`), join(folder, "terraform.tfstate"));
  const { resource_changes: changes = [] } = await showPlanJson(folder, live.environment);
  expect(changes.length).toBe(addresses.length);
  expect(changes.filter(({ change }) => change.actions.join() !== "no-op")).toEqual([]);
  await apply(folder, live.environment);
  await expectNoChanges(folder, live.environment);
  expect(await ids()).toEqual(before);
});

/** A policy's text as data, with lists in one order: AWS gives them in another one. */
function sortedJson(text: unknown): unknown {
  return JSON.parse(String(text), (_, value) => (Array.isArray(value) ? [...value].sort(byText) : value));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
