import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/zone-rollouts";
import { type Json, Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const name = "commercial.rollouts.pci";
const at = `${name} aws_cloudformation_stack_set.keys`;

/** A stack in the management account with one StackSet. */
function rollouts(instances: Json | undefined, orgkeys: Json = {}, stackSet: Json = {}): string {
  const accountId = "100000000001";
  const provider = "aws.us-east-1";
  const stack_set_name = "${aws_cloudformation_stack_set.keys.name}";
  return JSON.stringify({
    "//": { orgkeys: { kind: "rollouts", accountId, organization: "commercial", zone: "pci", ...orgkeys } },
    provider: {
      aws: [
        {
          alias: "us-east-1",
          region: "us-east-1",
          allowed_account_ids: [accountId],
          assume_role: [{ role_arn: `arn:aws:iam::${accountId}:role/OrgKeysDeploy` }],
        },
      ],
    },
    resource: {
      aws_cloudformation_stack_set: {
        keys: {
          provider,
          name: "keys",
          permission_model: "SERVICE_MANAGED",
          auto_deployment: { enabled: true },
          ...stackSet,
        },
      },
      ...(instances === undefined
        ? {}
        : {
            aws_cloudformation_stack_instances: {
              keys: { provider, stack_set_name, regions: ["us-east-1"], ...instances },
            },
          }),
    },
  });
}

const found = (instances: Json | undefined, orgkeys?: Json, stackSet?: Json) =>
  sample.withText(name, rollouts(instances, orgkeys, stackSet)).check([check]);
const onOus = (...ids: string[]) => ({ deployment_targets: { organizational_unit_ids: ids } });
const onAccounts = (...accounts: string[]) => ({
  deployment_targets: { organizational_unit_ids: ["r-ab12"], accounts, account_filter_type: "INTERSECTION" },
});
const alone = { auto_deployment: { enabled: false } };

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds a StackSet of zone pci that goes to", () => {
  test.each<[name: string, instances: Json, target: string, whose: string, stackSet?: Json]>([
    ["the organization's root", onOus("r-ab12"), "r-ab12", "root r-ab12, with every account of the organization"],
    [
      "the OU above, with another zone in it",
      onOus("ou-ab12-30000000"),
      "ou-ab12-30000000",
      "OU ou-ab12-30000000, which reaches zone hipaa",
    ],
    [
      "another zone's OU",
      onOus("ou-ab12-31000000", "ou-ab12-32000000"),
      "ou-ab12-32000000",
      "OU ou-ab12-32000000, which reaches zone hipaa",
    ],
    [
      "an OU below another zone's",
      onOus("ou-ab12-21000000"),
      "ou-ab12-21000000",
      "OU ou-ab12-21000000, which reaches zone corporate",
    ],
    [
      "another organization's OU",
      onOus("ou-gc34-20000000"),
      "ou-gc34-20000000",
      "OU ou-gc34-20000000, which reaches zone govcloud",
    ],
    [
      "an OU that nobody knows",
      onOus("ou-ab12-99999999"),
      "ou-ab12-99999999",
      "OU ou-ab12-99999999, which the map does not have as one of the zone's with everything below",
    ],
    [
      "another zone's account",
      onAccounts("310000000002", "320000000002"),
      "320000000002",
      "account patient-portal-prod (320000000002) of zone hipaa",
      alone,
    ],
    [
      "an account that nobody knows",
      onAccounts("999999999999"),
      "999999999999",
      "account 999999999999, which the map does not know",
      alone,
    ],
    [
      "the whole organization, when accounts are picked and others come by automatic deployment",
      onAccounts("310000000002"),
      "r-ab12",
      "root r-ab12, with every account of the organization",
    ],
    [
      "another zone's account beside the zone's OU",
      { deployment_targets: { organizational_unit_ids: ["ou-ab12-31000000"], accounts: ["320000000002"] } },
      "320000000002",
      "account patient-portal-prod (320000000002) of zone hipaa",
    ],
  ])("%s", (_name, instances, target, whose, stackSet = {}) => {
    expect(found(instances, {}, stackSet)).toMatchObject([
      {
        where: `${at} ${target}`,
        why: `is of zone pci and goes to ${whose}`,
        severity: "critical",
        place: { document: name, path: "/resource/aws_cloudformation_stack_set/keys" },
      },
    ]);
  });

  test("its own OU, when another zone has an OU in it", () => {
    const zones = sample.rules.zones.all.map((zone) => {
      if (zone.name === "pci") return { ...zone, wholeOus: [], ownOus: zone.wholeOus };
      if (zone.name !== "hipaa") return zone;
      const [pci] = sample.rules.zones.named("pci")?.wholeOus ?? [];
      const inside = { id: "ou-ab12-31200000", path: "Regulated/PCI/Test", idPath: `${pci?.idPath}ou-ab12-31200000/` };
      return { ...zone, wholeOus: [...zone.wholeOus, inside] };
    });
    const rules = { ...sample.rules, zones: new ZoneBoundaries(zones) };
    const nested = new Output(new Map([[name, rollouts(onOus("ou-ab12-31000000", "ou-ab12-31200000"))]]), rules);
    expect(nested.check([check]).map(({ why }) => why)).toEqual([
      "is of zone pci and goes to OU Regulated/PCI (ou-ab12-31000000), which reaches zone hipaa",
      "is of zone pci and goes to OU ou-ab12-31200000, which reaches zone hipaa",
    ]);
  });
});

test("finds every target of a StackSet that is of no zone", () => {
  const targets = { organizational_unit_ids: ["ou-ab12-31000000"], accounts: ["310000000002"] };
  expect(found({ deployment_targets: targets }, { zone: undefined })).toMatchObject([
    { where: `${at} 310000000002`, why: "goes to 310000000002, and its stack is of no zone that the map knows" },
    { where: `${at} ou-ab12-31000000` },
  ]);
});

test("finds a StackSet in an account's stack, by the account's zone and not by what the stack says", () => {
  const edited = sample.edit("commercial.workloads.prod.shop-prod", (json) => {
    const { resource } = JSON.parse(rollouts(onOus("ou-ab12-31000000")));
    Object.assign(json.resource, resource);
    json["//"].orgkeys.zone = "pci";
  });
  expect(edited.check([check])).toMatchObject([
    {
      where: "shop-prod aws_cloudformation_stack_set.keys ou-ab12-31000000",
      why: "is of zone corporate and goes to OU ou-ab12-31000000, which reaches zone pci",
    },
  ]);
});

describe("finds a StackSet that does not say in full how it goes:", () => {
  const instancesAt = `${name} aws_cloudformation_stack_instances.keys`;
  const zoneOu = { organizational_unit_ids: ["ou-ab12-31000000"] };
  test.each<[name: string, instances: Json, stackSet: Json, where: string, why: RegExp]>([
    [
      "it manages itself",
      onOus("ou-ab12-31000000"),
      { permission_model: "SELF_MANAGED" },
      `${at} permission_model`,
      /SELF_MANAGED/,
    ],
    [
      "it says nothing of permissions",
      onOus("ou-ab12-31000000"),
      { permission_model: undefined },
      `${at} permission_model`,
      /SELF_MANAGED/,
    ],
    [
      "it says nothing of automatic deployment",
      onOus("ou-ab12-31000000"),
      { auto_deployment: undefined },
      `${at} auto_deployment`,
      /join later/,
    ],
    [
      "it leaves accounts out",
      { deployment_targets: { ...zoneOu, accounts: ["310000000002"], account_filter_type: "DIFFERENCE" } },
      alone,
      `${instancesAt} account_filter_type`,
      /DIFFERENCE/,
    ],
    [
      "it adds accounts",
      { deployment_targets: { ...zoneOu, accounts: ["310000000002"], account_filter_type: "UNION" } },
      alone,
      `${instancesAt} account_filter_type`,
      /UNION/,
    ],
    [
      "it names accounts beside its targets",
      { ...onOus("ou-ab12-31000000"), accounts: ["310000000002"] },
      {},
      `${instancesAt} accounts`,
      /beside its targets/,
    ],
    ["it names accounts alone", { accounts: ["310000000002"] }, {}, `${instancesAt} accounts`, /beside its targets/],
  ])("%s", (_name, instances, stackSet, where, why) => {
    expect(found(instances, {}, stackSet)).toMatchObject([
      { where, severity: "critical", why: expect.stringMatching(why) },
    ]);
  });
});

describe("finds a stack of CloudFormation", () => {
  const direct = (accountId: string, orgkeys: Json = {}): readonly string[] => {
    const json = JSON.parse(rollouts(undefined, { kind: "direct-rollouts", accountId, ...orgkeys }));
    json.provider.aws[0].allowed_account_ids = [accountId];
    json.provider.aws[0].assume_role[0].role_arn = `arn:aws:iam::${accountId}:role/OrgKeysDeploy`;
    json.resource = { aws_cloudformation_stack: { roles: { provider: "aws.us-east-1", name: "orgkeys" } } };
    const findings = sample.withText(name, JSON.stringify(json)).check([check]);
    return findings.map(({ where, why }) => `${where}: ${why}`);
  };
  const stackAt = `${name} aws_cloudformation_stack.roles`;

  test("in another zone's account", () => {
    expect(direct("320000000002")).toEqual([
      `${stackAt} 320000000002: is of zone pci and in account patient-portal-prod (320000000002) of zone hipaa`,
    ]);
  });

  test("of no zone", () => {
    expect(direct("310000000002", { zone: "gone" })).toEqual([
      `${stackAt} 310000000002: is in account payments-prod (310000000002) of zone pci, and its stack is of no zone that the map knows`,
    ]);
  });

  test("in an account that nobody can tell", () => {
    expect(direct("310000000002", { accountId: "310000000001" })).toEqual([
      `${stackAt} account: is of zone pci and in an account that nobody can tell`,
    ]);
  });

  test("and is content with one in its zone", () => {
    expect(direct("310000000002")).toEqual([]);
  });
});

describe("is content with", () => {
  test.each<[name: string, instances: Json | undefined, stackSet: Json]>([
    ["a StackSet without instances", undefined, {}],
    ["the zone's OU", onOus("ou-ab12-31000000"), {}],
    ["an OU below it", onOus("ou-ab12-31200000"), {}],
    ["accounts of the zone, picked from all of the organization", onAccounts("310000000002", "312000000002"), alone],
  ])("%s", (_name, instances, stackSet) => {
    expect(found(instances, {}, stackSet)).toEqual([]);
  });
});
