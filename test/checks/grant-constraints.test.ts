import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/grant-constraints";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = "payments_prod_us-east-1";
const replica = "payments_prod_us-west-2";
const batch = `${key}_payments-batch`;
const role = "arn:aws:iam::310000000002:role/payments-batch";
const unconstrained = {
  where: `pci-key-management aws_kms_grant.${batch}`,
  why: `lets ${role} do Decrypt, GenerateDataKey in any encryption context, and data class regulated asks for a constraint`,
  severity: "high",
  place: { document: stack, path: `/resource/aws_kms_grant/${batch}` },
  sources: ["workloads/payments.yaml payments.environments.prod"],
};
const classless =
  "lets arn:aws:iam::310000000002:role/payments-batch do Decrypt, GenerateDataKey in any encryption context, and nobody knows whether it may: the key's data class is none of the map";

type Edit = (grant: Json, json: Json) => void;

function edited(change: Edit) {
  return sample.edit(stack, (json) => change(json.resource.aws_kms_grant[batch], json)).check([check]);
}

const metadata = (json: Json): Json => json["//"].orgkeys.keys[key];
const withoutConstraint = (grant: Json): void => {
  delete grant.constraints;
};

describe("grant-constraints", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(outputOf(config).check([check])).toEqual([]);
  });

  test("the sample asks for constraints somewhere", () => {
    expect([...sample.rules.dataClasses.values()].filter((each) => each.grantsNeedConstraint)).not.toEqual([]);
  });

  test.each<[string, Edit]>([
    ["no constraint", withoutConstraint],
    ["an empty list of constraints", (grant) => (grant.constraints = [])],
    ["an empty block", (grant) => (grant.constraints = [{}])],
    ["no pairs", (grant) => (grant.constraints = [{ encryption_context_subset: {} }])],
    ["pairs without a text", (grant) => (grant.constraints = { encryption_context_equals: { app: 1 } })],
    ["an expression", (grant) => (grant.constraints = { encryption_context_equals: "${var.context}" })],
    ["an expression for a value", (grant) => (grant.constraints = { encryption_context_equals: { app: "${var.x}" } })],
    ["another constraint than AWS has", (grant) => (grant.constraints = [{ encryption_context: { app: "payments" } }])],
    [
      "a dynamic block",
      (grant) => {
        delete grant.constraints;
        grant.dynamic = { constraints: { for_each: [1], content: { encryption_context_subset: { app: "payments" } } } };
      },
    ],
  ])("finds %s", (_, change) => {
    expect(edited(change)).toMatchObject([unconstrained]);
  });

  test("finds a grant that lets somebody grant on without a constraint", () => {
    const found = edited((grant) => {
      delete grant.constraints;
      grant.operations = ["CreateGrant", "DescribeKey"];
    });
    expect(found).toMatchObject([{ where: unconstrained.where }]);
  });

  test.each([[["describekey"]], [["Sign"]], [[]], ["Decrypt"]])("finds operations in doubt: %j", (operations) => {
    const found = edited((grant) => {
      delete grant.constraints;
      grant.operations = operations;
    });
    expect(found).toMatchObject([{ where: unconstrained.where }]);
  });

  test("finds a grant on a replica, which is held to its primary's data class", () => {
    const found = sample.edit(
      stack,
      (json) => delete json.resource.aws_kms_grant[`${replica}_payments-batch`].constraints,
    );
    expect(found.check([check])).toMatchObject([
      { where: `pci-key-management aws_kms_grant.${replica}_payments-batch`, sources: unconstrained.sources },
    ]);
  });

  test.each(["key_id", "arn", "id"])("finds a grant that is added by hand and names its key by %s", (attribute) => {
    const found = edited((grant, json) => {
      json.resource.aws_kms_grant.extra = {
        ...grant,
        name: "extra",
        key_id: `\${aws_kms_key.${key}.${attribute}}`,
        constraints: undefined,
      };
    });
    expect(found).toMatchObject([{ where: "pci-key-management aws_kms_grant.extra" }]);
  });

  test.each<[string, (json: Json) => void]>([
    ["that the map does not have", (json) => (metadata(json).dataClass = "regulatd")],
    ["with keys of AWS's own", (json) => (metadata(json).dataClass = "internal")],
    ["that is no text", (json) => (metadata(json).dataClass = ["confidential"])],
    ["that is missing", (json) => delete metadata(json).dataClass],
    ["that nobody noted, for lack of the key", (json) => delete json["//"].orgkeys.keys[key]],
    ["that nobody noted, for lack of everything", (json) => delete json["//"].orgkeys.keys],
  ])("holds a key of a data class %s to all that a data class can ask for", (_, change) => {
    const found = edited((grant, json) => {
      withoutConstraint(grant);
      change(json);
    });
    expect(found).toMatchObject([{ where: unconstrained.where, why: classless }]);
  });

  test.each<[string, Edit]>([
    ["a constraint written as one block", (grant) => ([grant.constraints] = grant.constraints)],
    [
      "a subset instead of equal pairs",
      (grant) => (grant.constraints = [{ encryption_context_subset: { app: "payments" } }]),
    ],
    [
      "operations that carry no encryption context",
      (grant) => {
        delete grant.constraints;
        grant.operations = ["DescribeKey", "RetireGrant"];
      },
    ],
    ["a data class that nobody knows, with a constraint", (_, json) => delete metadata(json).dataClass],
    [
      "a data class that leaves it open",
      (grant, json) => {
        delete grant.constraints;
        metadata(json).dataClass = "confidential";
      },
    ],
  ])("is content with %s", (_, change) => {
    expect(edited(change)).toEqual([]);
  });

  test("asks for none where AWS has no encryption context", () => {
    const kinds = kindsOutput();
    const grant = "deposit_prod_us-east-1_deposit-batch";
    const demanding = [...kinds.rules.dataClasses].map(
      ([name, each]) => [name, { ...each, grantsNeedConstraint: true }] as const,
    );
    const edited = kinds
      .withRules({ dataClasses: new Map(demanding) })
      .edit(vault.stack, ({ resource: { aws_kms_grant: grants } }) => {
        grants.tokens = {
          ...grants[grant],
          key_id: "${aws_kms_key.tokens_prod_us-east-1.key_id}",
          operations: ["GenerateMac"],
        };
      });
    expect(edited.check([check]).map(({ where }) => where)).toEqual([
      `vault aws_kms_grant.${grant}`,
      "vault aws_kms_grant.deposit_prod_us-west-2_deposit-batch",
    ]);
  });
});
