import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/zone-guardrails";
import { nestedZones } from "./nested-zones";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const small = outputOf("test/fixtures/small");
const stack = "commercial.guardrails.pci";
const policy = "aws_organizations_policy.pci_resource-control";
const attachment = "pci_resource-control_ou-ab12-31000000";
const place = `/resource/aws_organizations_policy_attachment/${attachment}/target_id`;

const attachTo =
  (target: string): ((json: Json) => void) =>
  (json) => {
    json.resource.aws_organizations_policy_attachment[attachment].target_id = target;
  };

/** Another attachment of a guardrail, as a hand would add it. */
const alsoTo =
  (target: string, id = "by-hand"): ((json: Json) => void) =>
  (json) => {
    const attachments = json.resource.aws_organizations_policy_attachment;
    attachments[id] = { ...attachments[attachment], target_id: target };
  };

/** The pci guardrails, as resources of another stack. */
function guardrailsIn(name: string): Output {
  let resource: Json;
  let locals: Json;
  sample.edit(stack, (json) => ({ resource, locals } = json));
  return sample.edit(name, (json) => {
    Object.assign(json.resource, resource);
    Object.assign(json.locals, locals);
  });
}

const outside = (path: string, zones: string): string =>
  `attaches ${policy}, a guardrail of zone pci, to organization path o-a1b2c3d4e5/r-ab12/${path}*, which reaches ${zones}`;

describe("zone-guardrails", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...small.check([check])]).toEqual([]);
  });

  const targets: readonly [string, string, string][] = [
    ["another zone's OU", "ou-ab12-32000000", outside("ou-ab12-30000000/ou-ab12-32000000/", "zone hipaa")],
    [
      "an OU below another zone's",
      "ou-ab12-32200000",
      outside("ou-ab12-30000000/ou-ab12-32000000/ou-ab12-32200000/", "zone hipaa"),
    ],
    ["an OU above another zone's too", "ou-ab12-30000000", outside("ou-ab12-30000000/", "zone hipaa")],
    ["the organization's root", "r-ab12", outside("", "zone corporate and zone hipaa")],
    [
      "another zone's account",
      "320000000002",
      `attaches ${policy}, a guardrail of zone pci, to account patient-portal-prod (320000000002) of zone hipaa`,
    ],
    [
      "the management account, which is another zone's",
      "100000000001",
      `attaches ${policy}, a guardrail of zone pci, to account org-management (100000000001) of zone corporate`,
    ],
    [
      "an OU of another organization",
      "ou-gc34-20000000",
      `attaches ${policy}, a guardrail of zone pci, to organization path o-g1h2i3j4k5/r-gc34/ou-gc34-20000000/*, which reaches zone govcloud`,
    ],
    [
      "an OU that the map does not know",
      "ou-ab12-99999999",
      `attaches ${policy}, a guardrail of zone pci, to ou-ab12-99999999, which the map does not know`,
    ],
    [
      "an account that the map does not know",
      "999999999999",
      `attaches ${policy}, a guardrail of zone pci, to account 999999999999, which the map does not know`,
    ],
    ["something else", "pci", `attaches ${policy}, a guardrail of zone pci, to pci, which the map does not know`],
  ];

  test.each(targets)("finds a guardrail on %s", (_, target, why) => {
    const address = `aws_organizations_policy_attachment.${attachment}`;
    const found = { where: `${stack} ${address} ${target}`, why, severity: "critical", sources: ["zones.yaml pci"] };
    expect(sample.edit(stack, attachTo(target)).check([check])).toMatchObject([
      { ...found, place: { document: stack, path: place } },
    ]);
    const byHand = "aws_organizations_policy_attachment.by-hand";
    expect(sample.edit(stack, alsoTo(target)).check([check])).toMatchObject([
      { ...found, where: `${stack} ${byHand} ${target}` },
    ]);
  });

  const stacks: readonly [string, (json: Json) => void, string, string][] = [
    [
      "a stack that names no zone",
      (json) => {
        delete json["//"].orgkeys.zone;
      },
      `${stack} zone none`,
      "does not say which zone it guards",
    ],
    [
      "a stack that names a zone nobody knows",
      (json) => {
        json["//"].orgkeys.zone = "pcj";
      },
      `${stack} zone pcj`,
      "guards zone pcj, which the map does not have",
    ],
    [
      "a stack in a member account",
      (json) => {
        json["//"].orgkeys.accountId = "310000000001";
        json.provider.aws[0].allowed_account_ids = ["310000000001"];
        json.provider.aws[0].assume_role[0].role_arn = "arn:aws:iam::310000000001:role/OrgKeysDeploy";
      },
      `${stack} account 310000000001`,
      "manages guardrails of zone pci from account 310000000001 of partition aws; organization commercial has its management account in 100000000001 of partition aws",
    ],
    [
      "a stack in another partition, in an account of the same number",
      (json) => {
        json.provider.aws[0].region = "us-gov-west-1";
        json.provider.aws[0].assume_role[0].role_arn = "arn:aws-us-gov:iam::100000000001:role/OrgKeysDeploy";
      },
      `${stack} account 100000000001`,
      "manages guardrails of zone pci from account 100000000001 of partition aws-us-gov; organization commercial has its management account in 100000000001 of partition aws",
    ],
    [
      "a stack whose account nobody can tell",
      (json) => {
        json["//"].orgkeys.accountId = "310000000001";
      },
      `${stack} account not known`,
      "manages guardrails of zone pci from account (not known) of partition aws; organization commercial has its management account in 100000000001 of partition aws",
    ],
    [
      "a key among the guardrails",
      (json) => {
        json.resource.aws_kms_key = { stray: { provider: "aws.us-east-1" } };
      },
      `${stack} aws_kms_key.stray`,
      "is in the stack with the guardrails of zone pci, which holds nothing else",
    ],
    [
      "an IAM policy among the guardrails",
      (json) => {
        json.resource.aws_iam_policy = { stray: { provider: "aws.us-east-1", name: "stray", policy: "{}" } };
      },
      `${stack} aws_iam_policy.stray`,
      "is in the stack with the guardrails of zone pci, which holds nothing else",
    ],
    [
      "a StackSet among the guardrails",
      (json) => {
        json.resource.aws_cloudformation_stack_set = { stray: { provider: "aws.us-east-1", name: "stray" } };
      },
      `${stack} aws_cloudformation_stack_set.stray`,
      "is in the stack with the guardrails of zone pci, which holds nothing else",
    ],
  ];

  test.each(stacks)("finds %s", (_, change, where, why) => {
    expect(sample.edit(stack, change).check([check])).toMatchObject([{ where, why, severity: "critical" }]);
  });

  test("finds guardrails in a stack of another organization's zone", () => {
    const found = sample
      .edit(stack, (json) => {
        json["//"].orgkeys.zone = "govcloud";
      })
      .check([check]);
    expect(found.map(({ where }) => where)).toEqual([
      `${stack} account 100000000001`,
      `${stack} aws_organizations_policy_attachment.${attachment} ou-ab12-31000000`,
      `${stack} aws_organizations_policy_attachment.pci_service-control_ou-ab12-31000000 ou-ab12-31000000`,
    ]);
  });

  test("judges a stack that no longer says what it is by its account's zone", () => {
    const found = sample
      .edit(stack, (json) => {
        delete json["//"].orgkeys.kind;
      })
      .check([check]);
    expect(found.map(({ why }) => why)).toEqual(
      ["resource", "service"].map(
        (kind) =>
          `attaches aws_organizations_policy.pci_${kind}-control, a guardrail of zone corporate, to organization path o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*, which reaches zone pci`,
      ),
    );
  });

  test("finds guardrails in the stack of a member account, even on its own zone", () => {
    const found = guardrailsIn("commercial.regulated.pci.payments-prod").check([check]);
    expect(found.map(({ where }) => where)).toEqual(["payments-prod account 310000000002"]);
  });

  test("finds guardrails in the stack of an account of another zone", () => {
    const found = guardrailsIn("commercial.workloads.prod.shop-prod").check([check]);
    expect(found.map(({ where }) => where)).toEqual([
      "shop-prod account 210000000001",
      `shop-prod aws_organizations_policy_attachment.${attachment} ou-ab12-31000000`,
      "shop-prod aws_organizations_policy_attachment.pci_service-control_ou-ab12-31000000 ou-ab12-31000000",
    ]);
  });

  test("finds guardrails of an account that the map does not know", () => {
    const unknown = "777777777777";
    const found = guardrailsIn("commercial.workloads.prod.shop-prod").edit(
      "commercial.workloads.prod.shop-prod",
      (json) => {
        json["//"].orgkeys.accountId = unknown;
        for (const provider of json.provider.aws) {
          provider.allowed_account_ids = [unknown];
          provider.assume_role[0].role_arn = `arn:aws:iam::${unknown}:role/OrgKeysDeploy`;
        }
      },
    );
    expect(found.check([check])).toMatchObject([
      {
        where: "commercial.workloads.prod.shop-prod zone none",
        why: `holds guardrails, and its account ${unknown} is in no zone`,
      },
    ]);
  });

  test("finds a guardrail on an OU of the zone with another zone's OU below", () => {
    const nested = nestedZones();
    expect(nested.check([check])).toEqual([]);
    const [id = ""] = Object.keys(resourcesOf(nested, stack).aws_organizations_policy_attachment);
    const edited = nested.edit(stack, (json) => {
      json.resource.aws_organizations_policy_attachment[id].target_id = "ou-ab12-30000000";
    });
    expect(edited.check([check])).toMatchObject([
      {
        where: `${stack} aws_organizations_policy_attachment.${id} ou-ab12-30000000`,
        why: outside("ou-ab12-30000000/", "zone hipaa"),
      },
    ]);
  });

  const harmless: readonly [string, (json: Json) => void][] = [
    ["on an OU below the zone's", attachTo("ou-ab12-31200000")],
    ["also on an OU below the zone's", alsoTo("ou-ab12-31200000")],
    ["also on an account of the zone", alsoTo("310000000002")],
    [
      "attached nowhere",
      (json) => {
        json.resource.aws_organizations_policy_attachment = {};
      },
    ],
    [
      "with a policy written as text",
      (json) => {
        json.resource.aws_organizations_policy["pci_resource-control"].content = JSON.stringify(
          json.locals["pci_resource-control-policy"],
        );
      },
    ],
    [
      "under another name and description",
      (json) => {
        Object.assign(json.resource.aws_organizations_policy["pci_resource-control"], { name: "x", description: "y" });
      },
    ],
    [
      "that deny more, or nothing: what they say is another check's business",
      (json) => {
        json.locals["pci_resource-control-policy"].Statement = [];
      },
    ],
  ];

  test.each(harmless)("leaves guardrails alone that are %s", (_, change) => {
    expect(sample.edit(stack, change).check([check])).toEqual([]);
  });

  test("knows an OU of a zone in which there is no account yet", () => {
    const elsewhere = [...sample.rules.places].filter(([, { path }]) => !path.includes("ou-ab12-31000000"));
    expect(sample.withRules({ places: new Map(elsewhere) }).check([check])).toEqual([]);
  });

  test("leaves a missing guardrail stack to another check", () => {
    expect(sample.without(stack).check([check])).toEqual([]);
  });
});

function resourcesOf(output: Output, name: string): Json {
  let resource: Json;
  output.edit(name, (json) => ({ resource } = json));
  return resource;
}
