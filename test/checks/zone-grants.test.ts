import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/zone-grants";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const grant = "payments_prod_us-east-1_payments-batch";
const at = `pci-key-management aws_kms_grant.${grant}`;
const role = "arn:aws:iam::210000000001:role/web";
const shop = "account shop-prod (210000000001) of zone corporate";

function found(edit: (grant: Json) => void) {
  return sample.edit(stack, (json) => edit(json.resource.aws_kms_grant[grant])).check([check]);
}

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds a holder outside the zone", () => {
  test.each<[name: string, holder: string, outside: string]>([
    ["a foreign role", role, shop],
    ["a foreign session", "arn:aws:sts::210000000001:assumed-role/web/me", shop],
    ["a foreign root", "arn:aws:iam::210000000001:root", shop],
    [
      "an account that nobody knows",
      "arn:aws:iam::999999999999:role/web",
      "account 999999999999, which the map does not know",
    ],
    ["a bare account id", "210000000001", "210000000001 is not a principal's ARN"],
    ["a bare account id of the zone, which AWS does not take", "310000000002", "310000000002 is not a principal's ARN"],
    ["a wildcard", "arn:aws:iam::310000000002:role/*", "arn:aws:iam::310000000002:role/* is not a principal's ARN"],
    ["everybody", "*", "* is not a principal's ARN"],
    ["an AWS service", "rds.amazonaws.com", "rds.amazonaws.com acts for whoever uses the service"],
    [
      "the same number in another partition",
      "arn:aws-us-gov:iam::310000000002:role/x",
      "arn:aws-us-gov:iam::310000000002:role/x is of another partition",
    ],
  ])("%s", (_name, holder, outside) => {
    const text = (may: string) =>
      outside.startsWith("account")
        ? `lets ${outside} ${may} a key of zone pci`
        : `lets anybody ${may} a key of zone pci: ${outside}`;
    expect(found((fields) => Object.assign(fields, { grantee_principal: holder }))).toMatchObject([
      {
        where: `${at} grantee ${holder}`,
        why: text("do Decrypt, GenerateDataKey with"),
        severity: "critical",
        place: { document: stack, path: `/resource/aws_kms_grant/${grant}/grantee_principal` },
        sources: ["workloads/payments.yaml payments.environments.prod"],
      },
    ]);
    expect(found((fields) => Object.assign(fields, { retiring_principal: holder }))).toMatchObject([
      {
        where: `${at} retiring principal ${holder}`,
        why: text("end a grant on"),
        place: { path: `/resource/aws_kms_grant/${grant}/retiring_principal` },
      },
    ]);
  });

  test("whose operations cannot be read", () => {
    const changed = { grantee_principal: role, operations: "${local.operations}" };
    expect(found((fields) => Object.assign(fields, changed))).toMatchObject([
      { where: `${at} grantee ${role}`, why: `lets ${shop} do nobody knows what with a key of zone pci` },
    ]);
  });

  test("on a replica", () => {
    const onReplica = "payments_prod_us-west-2_payments-batch";
    const edited = sample.edit(stack, (json) => {
      json.resource.aws_kms_grant[onReplica].grantee_principal = role;
    });
    expect(edited.check([check])).toMatchObject([
      { where: `pci-key-management aws_kms_grant.${onReplica} grantee ${role}` },
    ]);
  });

  test("in a grant that nobody planned", () => {
    const edited = sample.edit(stack, (json) => {
      json.resource.aws_kms_grant.extra = {
        provider: "aws.us-east-1",
        name: "extra",
        key_id: "${aws_kms_key.pci-foundation_us-east-1.arn}",
        grantee_principal: role,
        operations: ["Decrypt"],
      };
    });
    expect(edited.check([check])).toMatchObject([{ where: `pci-key-management aws_kms_grant.extra grantee ${role}` }]);
  });
});

test("finds a grant that lets its holder choose the next one", () => {
  expect(found((fields) => fields.operations.push("CreateGrant"))).toMatchObject([
    {
      where: `${at} operation CreateGrant`,
      why: "lets arn:aws:iam::310000000002:role/payments-batch grant a key of zone pci to anybody in any account",
      severity: "high",
      place: { path: `/resource/aws_kms_grant/${grant}/operations` },
    },
  ]);
});

describe("a statement that lets somebody of the zone make grants", () => {
  const deploy = "arn:aws:iam::310000000001:role/OrgKeysDeploy";
  const promising = (condition: Json) =>
    sample
      .edit(stack, (json) => {
        json.locals["payments_prod_us-east-1-policy"].Statement.push({
          Sid: "Extra",
          Effect: "Allow",
          Principal: { AWS: [deploy] },
          Action: ["kms:creategrant"],
          Resource: ["*"],
          Condition: condition,
        });
      })
      .check([check])
      .map(({ where, why }) => [where, why]);
  const where = "pci-key-management aws_kms_key.payments_prod_us-east-1 statement Extra";

  test.each<[name: string, operator: string, key: string, grantee: string, whom: string]>([
    ["to a foreign role", "StringEquals", "kms:GranteePrincipal", role, shop],
    ["to a foreign role, in other words", "ArnLike", "KMS:granteeprincipal", role, shop],
    ["to a foreign role, if the key is there", "StringEqualsIfExists", "kms:GranteePrincipal", role, shop],
    [
      "to a name that reaches further",
      "StringLike",
      "kms:GranteePrincipal",
      "arn:aws:iam::*:role/web",
      "anybody: arn:aws:iam::*:role/web is not a principal's ARN",
    ],
  ])("is found: %s", (_name, operator, key, grantee, whom) => {
    const [outside = "", because = ""] = whom.split(/(?=: )/);
    const own = "arn:aws:iam::310000000002:role/payments-batch";
    expect(promising({ [operator]: { [key]: [own, grantee] } })).toEqual([
      [`${where} ${deploy} grants to ${grantee}`, `lets ${deploy} grant a key of zone pci to ${outside}${because}`],
    ]);
  });

  test("is found for whoever may end them", () => {
    const ended = { "kms:GranteePrincipal": "arn:aws:iam::310000000002:role/payments-batch" };
    expect(promising({ StringEquals: { ...ended, "kms:RetiringPrincipal": [deploy, role] } })).toEqual([
      [
        `${where} ${deploy} grants retired by ${role}`,
        `lets ${deploy} make grants on a key of zone pci that can be ended by ${shop}`,
      ],
    ]);
    expect(promising({ StringEquals: { ...ended, "kms:RetiringPrincipal": deploy } })).toEqual([]);
  });

  test("is fine to principals of the zone, and to all but some", () => {
    const own = "arn:aws:iam::310000000002:role/payments-batch";
    expect(promising({ StringEquals: { "kms:GranteePrincipal": own } })).toEqual([]);
    expect(promising({ StringNotEquals: { "kms:GranteePrincipal": role } })).toEqual([]);
  });
});

describe("is content with", () => {
  test.each<[name: string, edit: (grant: Json) => void]>([
    [
      "another role of the zone",
      (fields) => Object.assign(fields, { grantee_principal: "arn:aws:iam::312000000002:role/a/b" }),
    ],
    [
      "a whole account of the zone",
      (fields) => Object.assign(fields, { grantee_principal: "arn:aws:iam::310000000002:root" }),
    ],
    ["nobody who may end it", (fields) => Reflect.deleteProperty(fields, "retiring_principal")],
    ["other operations", (fields) => Object.assign(fields, { operations: ["RetireGrant", "Encrypt"] })],
    [
      "a service-linked role that makes grants, as Auto Scaling does",
      (fields) =>
        Object.assign(fields, {
          grantee_principal:
            "arn:aws:iam::310000000002:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
          operations: ["CreateGrant", "Decrypt"],
        }),
    ],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toEqual([]);
  });
});
