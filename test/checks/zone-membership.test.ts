import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/zone-membership";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const account = "pci-key-management";
const key = "payments_prod_us-east-1";
const metadata = "/~1~1/orgkeys";

const found = (edit: (json: Json) => void) => sample.edit(stack, edit).check([check]);
const renumber = (json: Json, id: string) => {
  Object.assign(json, JSON.parse(JSON.stringify(json).replaceAll("310000000001", id)));
};

/** A stack in the management account, as for guardrails. */
function inManagementAccount(orgkeys: Json, more: Json = {}, accountId = "100000000001"): string {
  const role_arn = `arn:aws:iam::${accountId}:role/OrgKeysDeploy`;
  return JSON.stringify({
    "//": { orgkeys: { kind: "guardrails", accountId, organization: "commercial", zone: "pci", ...orgkeys } },
    provider: {
      aws: [{ alias: "us-east-1", region: "us-east-1", allowed_account_ids: [accountId], assume_role: [{ role_arn }] }],
    },
    terraform: { backend: { local: { path: `../../../state/${accountId}-guardrails-pci.tfstate` } } },
    ...more,
  });
}

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds a stack that says", () => {
  test.each<[field: string, said: string | undefined, expected: string]>([
    ["account", "payments-prod", account],
    ["account", undefined, account],
    ["organization", "govcloud", "commercial"],
    ["zone", "corporate", "pci"],
    ["zone", undefined, "pci"],
    ["accountId", undefined, "310000000001"],
  ])("%s %s", (field, said, expected) => {
    expect(found((json) => Object.assign(json["//"].orgkeys, { [field]: said }))).toMatchObject([
      {
        where: `${account} ${field}`,
        why: `says ${field} ${said ?? "nothing"}, and the map has ${expected}`,
        severity: "critical",
        place: { document: stack, path: said === undefined ? metadata : `${metadata}/${field}` },
      },
    ]);
  });

  test("nothing of itself at all", () => {
    expect(found((json) => Reflect.deleteProperty(json["//"], "orgkeys")).map(({ where }) => where)).toEqual([
      `${account} account`,
      `${account} accountId`,
      `${account} organization`,
      `${account} zone`,
    ]);
  });

  test("that it is of a kind that does not exist", () => {
    expect(found((json) => Object.assign(json["//"].orgkeys, { kind: "sandbox" }))).toMatchObject([
      {
        where: `${stack} kind`,
        why: "is a stack of kind sandbox, which does not exist",
        place: { path: `${metadata}/kind` },
      },
    ]);
  });
});

describe("finds a stack whose account", () => {
  test("is not certain, and each of its keys", () => {
    const edited = found((json) => Object.assign(json["//"].orgkeys, { accountId: "320000000002" }));
    expect(edited).toHaveLength(16);
    expect(edited.find(({ where }) => where === `${stack} account`)).toMatchObject({
      where: `${stack} account`,
      why: "does not say for certain which account it is of",
      place: { document: stack, path: "/provider" },
    });
    expect(edited).toContainEqual(
      expect.objectContaining({
        where: `${stack} aws_kms_key.${key} account`,
        why: "is a key of which nobody can tell the account",
        place: expect.objectContaining({ path: `/resource/aws_kms_key/${key}` }),
      }),
    );
  });

  test("is in no zone", () => {
    expect(found((json) => renumber(json, "999999999999"))).toMatchObject([
      {
        where: `${stack} account`,
        why: "is the stack of account 999999999999, which the map does not know",
        place: { path: "/provider" },
      },
    ]);
  });

  test("is another one than it says by its names", () => {
    const edited = found((json) => renumber(json, "100000000003"));
    const said = edited.filter(({ where }) => !where.endsWith(" tag Zone"));
    expect(said.map(({ where, why }) => [where, why])).toEqual([
      ["log-archive account", "says account pci-key-management, and the map has log-archive"],
      ["log-archive zone", "says zone pci, and the map has corporate"],
    ]);
    expect(edited).toHaveLength(2 + 15);
  });

  test("has another stack already, and names both", () => {
    let text = "";
    sample.edit(stack, (json) => {
      text = JSON.stringify(json);
    });
    expect(sample.withText("commercial.sandbox.copy", text).check([check])).toMatchObject([
      {
        where: `${account} beside ${stack}`,
        why: `is, beside ${stack}, a stack of account 310000000001`,
        place: { document: "commercial.sandbox.copy" },
      },
      { where: `${account} beside commercial.sandbox.copy`, place: { document: stack } },
    ]);
  });

  test("is of another partition than its Regions and roles", () => {
    const edited = found((json) => {
      json.provider.aws[0].region = "us-gov-west-1";
      json.provider.aws[1].region = "us-gov-east-1";
      for (const aws of json.provider.aws)
        aws.assume_role[0].role_arn = "arn:aws-us-gov:iam::310000000001:role/OrgKeysDeploy";
    });
    expect(edited).toMatchObject([
      {
        where: `${account} partition`,
        why: "is in partition aws-us-gov, and zone pci is in aws",
        place: { path: "/provider" },
      },
    ]);
  });

  test("is of a partition that its places do not agree on", () => {
    const edited = found((json) => Object.assign(json.provider.aws[0], { region: "us-gov-west-1" }));
    expect(edited.map(({ where }) => where)).toContain(`${account} partition`);
  });
});

describe("finds a key", () => {
  test("that is tagged as another zone's", () => {
    expect(found((json) => Object.assign(json.resource.aws_kms_key[key].tags, { Zone: "hipaa" }))).toMatchObject([
      {
        where: `${account} aws_kms_key.${key} tag Zone`,
        why: "is tagged as a key of zone hipaa, and is in an account of zone pci",
        place: { path: `/resource/aws_kms_key/${key}/tags/Zone` },
      },
    ]);
  });
});

describe("of what is in the management account", () => {
  const name = "commercial.guardrails.pci";
  const checked = (text: string) => sample.withText(name, text).check([check]);

  test("is content with the guardrails of a zone", () => {
    expect(checked(inManagementAccount({}))).toEqual([]);
  });

  test.each<[name: string, text: string, detail: string, why: string]>([
    [
      "guardrails of a zone that the map does not have",
      inManagementAccount({ zone: "pic" }),
      "zone",
      "says that it has the guardrails of zone pic, which the map does not have",
    ],
    [
      "guardrails in an account of the zone",
      inManagementAccount({}, {}, "310000000002"),
      "account",
      "has the guardrails of zone pci, which belong in account org-management (100000000001) of zone corporate, and is the stack of account payments-prod (310000000002) of zone pci",
    ],
    [
      "guardrails of another organization's zone",
      inManagementAccount({ zone: "govcloud", organization: "govcloud" }, {}, "410000000001"),
      "partition",
      "is in partition aws, and zone govcloud is in aws-us-gov",
    ],
    [
      "guardrails that name another organization",
      inManagementAccount({ organization: "govcloud" }),
      "organization",
      "says organization govcloud, and the map has commercial",
    ],
    [
      "guardrails without an account",
      inManagementAccount({ accountId: "310000000001" }),
      "account",
      "does not say for certain which account it is of",
    ],
  ])("finds %s", (_name, text, detail, why) => {
    expect(checked(text).map((finding) => [finding.where, finding.why])).toContainEqual([`${name} ${detail}`, why]);
  });

  test("finds keys among guardrails", () => {
    const resource = { aws_kms_key: { mine: { provider: "aws.us-east-1", policy: "{}" } } };
    expect(checked(inManagementAccount({}, { resource }))).toMatchObject([
      { where: `${name} aws_kms_key.mine`, why: "is a key in a stack of guardrails, which hold none" },
    ]);
  });

  test("finds two stacks with the guardrails of one zone", () => {
    const two = sample
      .withText(name, inManagementAccount({}))
      .withText("commercial.guardrails.x", inManagementAccount({}));
    expect(two.check([check]).map(({ where }) => where)).toEqual([
      `${name} beside commercial.guardrails.x`,
      `commercial.guardrails.x beside ${name}`,
    ]);
  });

  test("finds an account's stack that passes for guardrails", () => {
    const edited = found((json) => Object.assign(json["//"].orgkeys, { kind: "guardrails" }));
    expect(edited.map(({ where }) => where)).toContain(`${stack} account`);
    expect(edited.map(({ where }) => where)).toContain(`${stack} aws_kms_key.${key}`);
  });
});

describe("of rollouts", () => {
  const management = "100000000001";
  const delegated = "100000000002";
  const name = "commercial.rollouts.corporate";
  const withoutRollouts = [...sample.texts.keys()]
    .filter((each) => each.includes(".rollouts."))
    .reduce((output, each) => output.without(each), sample);
  /** The sample without its rollouts, and with one account that keeps the zone's StackSets, or none. */
  const keptBy = (zone: string, administrator: string | undefined) =>
    withoutRollouts.withRules({
      zones: new ZoneBoundaries(
        sample.rules.zones.all.map((each) => ({
          ...each,
          rolloutAdministratorId: each.name === zone ? administrator : undefined,
        })),
      ),
    });
  const checked = (administrator: string | undefined, orgkeys: Json, accountId: string, more: Json = {}) =>
    keptBy(orgkeys.zone, administrator)
      .withText(name, inManagementAccount(orgkeys, more, accountId))
      .check([check])
      .filter(({ where }) => where.startsWith(name))
      .map(({ where, why }) => [where.slice(name.length + 1), why]);
  const rollouts = { kind: "rollouts", zone: "pci" };
  const direct = { kind: "direct-rollouts", zone: "corporate" };

  test.each<[what: string, orgkeys: Json, accountId: string, administrator: string]>([
    ["StackSets in the management account, which keeps them", rollouts, management, management],
    ["StackSets in the delegated administrator, which keeps them", rollouts, delegated, delegated],
    ["direct ones in the management account", direct, management, delegated],
    ["direct ones in the account that keeps the StackSets", direct, delegated, delegated],
  ])("is content with %s", (_what, orgkeys, accountId, administrator) => {
    expect(checked(administrator, orgkeys, accountId)).toEqual([]);
  });

  test.each<[what: string, orgkeys: Json, accountId: string, administrator: string | undefined, why: string]>([
    [
      "StackSets in the management account, when another account keeps them",
      rollouts,
      management,
      delegated,
      "has the rollouts of zone pci, which belong in account security-tooling (100000000002) of zone corporate, and is the stack of account org-management (100000000001) of zone corporate",
    ],
    [
      "StackSets in the delegated administrator, when the management account keeps them",
      rollouts,
      delegated,
      management,
      "has the rollouts of zone pci, which belong in account org-management (100000000001) of zone corporate, and is the stack of account security-tooling (100000000002) of zone corporate",
    ],
    [
      "StackSets of a zone without rollouts",
      rollouts,
      management,
      undefined,
      "has the rollouts of zone pci, and the map asks for none",
    ],
    [
      "direct ones in any other account of the zone",
      direct,
      "100000000003",
      delegated,
      "has the direct-rollouts of zone corporate, which belong in account org-management (100000000001) of zone corporate or account security-tooling (100000000002) of zone corporate, and is the stack of account log-archive (100000000003) of zone corporate",
    ],
    [
      "direct ones of a zone that has neither of the two accounts",
      { ...direct, zone: "pci" },
      management,
      delegated,
      "has the direct-rollouts of zone pci, and the map asks for none",
    ],
    [
      "direct ones of a zone without rollouts",
      direct,
      management,
      undefined,
      "has the direct-rollouts of zone corporate, and the map asks for none",
    ],
  ])("finds %s", (_what, orgkeys, accountId, administrator, why) => {
    expect(checked(administrator, orgkeys, accountId)).toEqual([["account", why]]);
  });

  test("is content with direct ones in an account that keeps the StackSets of another zone alone", () => {
    const output = keptBy("corporate", management).withText(name, inManagementAccount(direct, {}, delegated));
    const kept = new ZoneBoundaries(
      output.rules.zones.all.map((each) =>
        each.name === "pci" ? { ...each, rolloutAdministratorId: delegated } : each,
      ),
    );
    expect(output.check([check]).map(({ where }) => where)).toEqual([`${name} account`]);
    expect(output.withRules({ zones: kept }).check([check])).toEqual([]);
  });

  const provider = "aws.us-east-1";
  const stray = { mine: { provider, name: "mine" } };
  test.each<[type: string, kind: string, what: string]>([
    ["aws_kms_key", "rollouts", "a key"],
    ["aws_kms_custom_key_store", "rollouts", "a key store"],
    ["aws_iam_policy", "rollouts", "a consumer policy"],
    ["aws_organizations_policy", "rollouts", "a guardrail"],
    ["aws_cloudformation_stack", "rollouts", "a CloudFormation stack"],
    ["aws_cloudformation_stack_set", "direct-rollouts", "a StackSet"],
    ["aws_kms_key", "direct-rollouts", "a key"],
  ])("finds %s among %s", (type, kind, what) => {
    const fields =
      type === "aws_organizations_policy" ? { ...stray.mine, type: "RESOURCE_CONTROL_POLICY" } : stray.mine;
    const found = checked(management, { kind, zone: "corporate" }, management, {
      resource: { [type]: { mine: fields } },
    });
    expect(found).toEqual([[`${type}.mine`, `is ${what} in a stack of ${kind}, which hold none`]]);
  });

  test.each([
    ["rollouts", "aws_cloudformation_stack_set"],
    ["direct-rollouts", "aws_cloudformation_stack"],
  ])("is content with what %s are made of", (kind, type) => {
    expect(checked(management, { kind, zone: "corporate" }, management, { resource: { [type]: stray } })).toEqual([]);
  });

  test("finds two direct stacks of a zone in one account, and none in two", () => {
    const other = "commercial.rollouts.corporate.x";
    const output = keptBy("corporate", delegated).withText(name, inManagementAccount(direct, {}, management));
    expect(output.withText(other, inManagementAccount(direct, {}, delegated)).check([check])).toEqual([]);
    const twice = output.withText(other, inManagementAccount(direct, {}, management)).check([check]);
    expect(twice.map(({ where, why }) => [where, why])).toEqual([
      [
        `${name} beside ${other}`,
        `is, beside ${other}, a stack of the direct-rollouts of zone corporate in account 100000000001`,
      ],
      [
        `${other} beside ${name}`,
        `is, beside ${name}, a stack of the direct-rollouts of zone corporate in account 100000000001`,
      ],
    ]);
  });
});

describe("is content with", () => {
  test.each<[name: string, edit: (json: Json) => void]>([
    ["a stack that says its kind", (json) => Object.assign(json["//"].orgkeys, { kind: "account" })],
    ["another OU, into which the account has moved", (json) => Object.assign(json["//"].orgkeys, { ou: "Regulated" })],
    ["a key without tags", (json) => Reflect.deleteProperty(json.resource.aws_kms_key[key], "tags")],
    ["providers in another order", (json) => json.provider.aws.reverse()],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toEqual([]);
  });

  test("an account that has no stack", () => {
    expect(sample.without(stack).check([check])).toEqual([]);
  });
});
