import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { dutyRoles } from "../../stacks/duty-roles";
import { loadPlan } from "../../stacks/load-plan";
import { plainModule } from "../../stacks/plain-module";
import { type AccountModule, accountModules } from "./account-modules";
import { planOf, smallSources } from "./small-organization";

const sample = loadPlan("config");
if ("problems" in sample) throw new Error(JSON.stringify(sample.problems));
const small = accountModules(planOf(smallSources()));
const modules = new Map([...small, ...accountModules(sample)]);

// biome-ignore lint/suspicious/noExplicitAny: any part of Terraform's JSON
type Block = any;

function of(account: string, from: ReadonlyMap<string, AccountModule> = small): AccountModule {
  const found = from.get(account);
  if (found === undefined) throw new Error(`no module of ${account}`);
  return found;
}

/** Makes the module of a stack that somebody has changed. */
function moduleOf(account: string, change: (stack: Block) => void) {
  const { plan, stack } = of(account);
  const json: Block = JSON.parse(stack);
  change(json);
  return plainModule(JSON.stringify(json), dutyRoles(plan));
}

/** The stack again: default roles in place of variables, without guards, with the providers and the backend of the stack. */
function undone({ module, stack }: AccountModule): Block {
  const original: Block = JSON.parse(stack);
  const json: Block = JSON.parse(module.text);
  const defaults = new Map(
    Object.entries(json.variable ?? {}).map(([name, { default: role }]: [string, Block]) => [`\${var.${name}}`, role]),
  );
  const withRoles: Block = JSON.parse(
    JSON.stringify(json, (_, value) => (typeof value === "string" ? (defaults.get(value) ?? value) : value)),
  );
  delete withRoles.variable;
  delete withRoles.data;
  delete withRoles.terraform.required_providers.aws.configuration_aliases;
  for (const type of Object.values<Block>(withRoles.resource)) {
    for (const block of Object.values<Block>(type)) delete block.depends_on;
  }
  withRoles.provider = original.provider;
  withRoles.terraform.backend = original.terraform.backend;
  return withRoles;
}

function withoutNotes(text: string): Block {
  const json: Block = JSON.parse(text);
  json["//"] = { orgkeys: json["//"].orgkeys };
  for (const type of Object.values<Block>(json.resource)) {
    for (const block of Object.values<Block>(type)) delete block["//"];
  }
  return json;
}

const everyAccount = [...modules.keys()].sort();

describe("a module of an account", () => {
  test("there are many of them", () => expect(everyAccount.length).toBeGreaterThan(15));

  test.each(everyAccount)(
    "%s is its stack with nothing but the roles, the providers and the backend taken out",
    (name) => {
      const { module, stack } = of(name, modules);
      expect(undone({ ...of(name, modules), module })).toEqual(withoutNotes(stack));
    },
  );

  test.each(everyAccount)("%s has no provider, no backend, and an alias for every provider that it names", (name) => {
    const { module } = of(name, modules);
    const json: Block = JSON.parse(module.text);
    expect([json.provider, json.terraform.backend]).toEqual([undefined, undefined]);
    const named = [...Object.values<Block>(json.resource), ...Object.values<Block>(json.data)].flatMap((type) =>
      Object.values<Block>(type).map(({ provider }) => provider),
    );
    expect(json.terraform.required_providers.aws.configuration_aliases).toEqual([...new Set(named)].sort());
    expect(module.providers.map(({ reference }) => reference)).toEqual([...new Set(named)].sort());
  });

  test.each(everyAccount)("%s holds each provider to its account and Region before anything is made", (name) => {
    const { module, plan } = of(name, modules);
    const json: Block = JSON.parse(module.text);
    for (const { alias, region } of module.providers) {
      const account = json.data.aws_caller_identity[alias];
      expect(account.lifecycle.postcondition[0].condition).toBe(`\${self.account_id == "${plan.account.id}"}`);
      expect(json.data.aws_region[alias].lifecycle.postcondition[0].condition).toBe(`\${self.id == "${region}"}`);
      expect([account.provider, json.data.aws_region[alias].provider]).toEqual([`aws.${alias}`, `aws.${alias}`]);
    }
    for (const type of Object.values<Block>(json.resource)) {
      for (const { provider, depends_on } of Object.values<Block>(type)) {
        const alias = String(provider).slice("aws.".length);
        expect(depends_on).toEqual([`data.aws_caller_identity.${alias}`, `data.aws_region.${alias}`]);
      }
    }
  });

  test.each(everyAccount)("%s names no role with a duty but through its variable", (name) => {
    const { module, plan } = of(name, modules);
    const { variable: _, "//": __, ...parts }: Block = JSON.parse(module.text);
    for (const { arn } of dutyRoles(plan)) expect(JSON.stringify(parts)).not.toContain(`${arn}"`);
  });

  test("keeps why it is as it is, and nothing of CDKTF", () => {
    const { module, stack } = of("keys");
    const json: Block = JSON.parse(module.text);
    expect(json["//"]).toEqual({ orgkeys: JSON.parse(stack)["//"].orgkeys });
    expect(module.text).not.toContain("uniqueId");
  });

  test("keeps what Terraform takes within a module, whatever it is", () => {
    const moved = [{ from: "aws_kms_key.old", to: "aws_kms_key.new" }];
    const removed = [{ from: "aws_kms_key.gone", lifecycle: { destroy: false } }];
    const variable = { region: { type: "string" } };
    const data = { aws_kms_key: { other: { key_id: "alias/other", provider: "aws.us-east-1" } } };
    const module = moduleOf("keys", (stack) => Object.assign(stack, { moved, removed, variable, data }));
    expect("text" in module ? JSON.parse(module.text) : module).toMatchObject({ moved, removed, variable, data });
  });

  test("keeps what waits for something else waiting for it as well", () => {
    const module = moduleOf("clinic", (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].depends_on = ["aws_iam_role.first"];
    });
    const json: Block = "text" in module ? JSON.parse(module.text) : {};
    expect(json.resource.aws_kms_key["records_prod_us-east-1"].depends_on).toEqual([
      "aws_iam_role.first",
      "data.aws_caller_identity.us-east-1",
      "data.aws_region.us-east-1",
    ]);
  });

  test("does not ask for a provider that nothing uses", () => {
    const module = moduleOf("clinic", (stack) => {
      stack.provider.aws.push({ ...stack.provider.aws[0], alias: "us-west-2", region: "us-west-2" });
    });
    expect("providers" in module ? module.providers.map(({ alias }) => alias) : module).toEqual(["us-east-1"]);
  });

  test("leaves Terraform's escapes as they are", () => {
    expect(of("keys").stack).toContain('"$${$}{book}"');
    expect(of("keys").module.text).toContain('"$${$}{book}"');
  });

  test("is refused for a stack that adopts keys", () => {
    const module = moduleOf("clinic", (stack) => {
      stack.import = [{ to: "aws_kms_key.records_prod_us-east-1", id: "mrk-1" }];
    });
    expect("refused" in module && module.refused).toMatch(
      /^has import blocks, which Terraform takes in a root module alone/,
    );
  });

  test.each<[string, (stack: Block) => void, RegExp]>([
    [
      "tags of its own",
      ({ provider }) => Object.assign(provider.aws[0], { default_tags: [{}] }),
      /cannot ask for the provider/,
    ],
    ["no role", ({ provider }) => delete provider.aws[0].assume_role, /cannot ask for the provider/],
    ["no alias", ({ provider }) => delete provider.aws[0].alias, /cannot ask for the provider/],
    ["two accounts", ({ provider }) => provider.aws[0].allowed_account_ids.push("1"), /cannot ask for the provider/],
    [
      "another name than resources say",
      ({ provider }) => Object.assign(provider.aws[0], { alias: "a" }),
      /there is none/,
    ],
    [
      "a data source of the guard's name",
      (stack) => Object.assign(stack, { data: { aws_region: { "us-east-1": { provider: "aws.us-east-1" } } } }),
      /needs the name us-east-1 for itself/,
    ],
  ])("is not made of a stack whose provider has %s", (_, change, message) => {
    expect(() => moduleOf("clinic", change)).toThrow(message);
  });
});

describe("the variables of a module", () => {
  const variables: Block = JSON.parse(of("clinic").module.text).variable;

  test("are the roles with a duty, with the map's roles as defaults", () => {
    expect(Object.entries<Block>(variables).map(([name, { default: role }]) => [name, role])).toEqual([
      ["administrator_HealthKeyAdministrator_role_arn", "arn:aws:iam::310000000001:role/HealthKeyAdministrator"],
      ["audit_role_arn", "arn:aws:iam::310000000001:role/OrgKeysAudit"],
      ["break_glass_role_arn", "arn:aws:iam::310000000001:role/HealthBreakGlass"],
      ["deploy_role_arn", "arn:aws:iam::310000000001:role/OrgKeysDeploy"],
    ]);
  });

  test("hold every pair of duties apart, each once", () => {
    const conditions = Object.values<Block>(variables).map(({ validation }) => validation[1].condition);
    expect(conditions.slice(1)).toEqual([
      "${!contains([var.administrator_HealthKeyAdministrator_role_arn], var.audit_role_arn)}",
      "${!contains([var.administrator_HealthKeyAdministrator_role_arn, var.audit_role_arn], var.break_glass_role_arn)}",
      "${!contains([var.administrator_HealthKeyAdministrator_role_arn, var.audit_role_arn, var.break_glass_role_arn], var.deploy_role_arn)}",
    ]);
  });

  test("take no role that uses a key", () => {
    for (const { validation } of Object.values<Block>(variables)) {
      expect(validation.at(-1).condition).toContain('!contains(["arn:aws:iam::310000000001:role/records"]');
    }
  });

  test("are not there for an account without keys", () => {
    expect(JSON.parse(of("shop-prod").module.text).variable).toBeUndefined();
  });

  test("leave out a role that also stands within a longer text, which would go on with the old one", () => {
    const module = moduleOf("clinic", (stack) => {
      stack.locals.note = "arn:aws:iam::310000000001:role/OrgKeysAudit and others";
      stack.locals.other = "arn:aws:iam::310000000001:role/OrgKeysDeployers";
    });
    const json: Block = "text" in module ? JSON.parse(module.text) : {};
    expect(Object.keys(json.variable)).not.toContain("audit_role_arn");
    expect(Object.keys(json.variable)).toContain("deploy_role_arn");
    expect(JSON.stringify(json.locals)).toContain('"arn:aws:iam::310000000001:role/OrgKeysAudit"');
  });

  test("have a name each, whatever the roles are called", () => {
    const { plan } = of("clinic");
    const administrators = ["role/a/b", "role/a.b", "role/a_b", "role/a-b", "role/a_2f_b", "user/a"];
    const names = dutyRoles({ ...plan, zone: { ...plan.zone, administrators } }).map(({ variable }) => variable);
    expect(new Set(names).size).toBe(5 + 3);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9_-]*$/);
  });
});

test("the module of keys is what was reviewed", () => {
  const path = join(__dirname, "modules/golden/keys.tf.json");
  const { text } = of("keys").module;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
});
