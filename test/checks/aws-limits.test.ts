import { describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { check } from "../../modules/checks/aws-limits";
import { type CheckFinding, runChecks } from "../../modules/checks/frame/run-checks";
import { guardrailStack, ownerStack, type StackJson, textOf, userStack } from "../access/stack-fixture";
import { kindsOutput, vault } from "./kinds-output";
import { outputOf } from "./sample-output";

const sample = outputOf("config");

/** A stack as a hand has edited it. */
function read(stack: StackJson, name = "acme"): SynthesizedStack {
  return readSynthesizedStack(name, textOf(stack));
}

function found(...stacks: readonly SynthesizedStack[]): readonly CheckFinding[] {
  return runChecks(stacks, { ...sample.rules, exceptions: [] }, [check]).findings;
}

/** A policy with this many bytes of compact JSON, padded in a Sid. */
function policyOf(bytes: number): StackJson["locals"][string] {
  const of = (length: number) => ({
    Version: "2012-10-17",
    Statement: [{ Sid: "S".repeat(length), Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*" }],
  });
  return of(bytes - JSON.stringify(of(0)).length);
}

/** The same without a Principal, which only key policies and RCPs have. */
function principalFree(bytes: number): StackJson["locals"][string] {
  const of = (length: number) => ({
    Version: "2012-10-17",
    Statement: [{ Sid: "S".repeat(length), Effect: "Deny", Action: "kms:*", Resource: "*" }],
  });
  return of(bytes - JSON.stringify(of(0)).length);
}

const key = "payments_us-east-1";

describe("aws-limits", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...outputOf("test/fixtures/small").check([check])]).toEqual([]);
  });

  test.each([
    [32_768, []],
    [
      32_769,
      [
        {
          where: `pci-key-management aws_kms_key.${key} policy`,
          why: "its policy has 32769 bytes, more than the 32768 that AWS KMS takes in a key policy",
          severity: "high",
          place: { document: "acme", path: `/locals/${key}-policy` },
        },
      ],
    ],
  ])("knows a key policy of %d bytes", (bytes, expected) => {
    const stack = ownerStack();
    stack.locals[`${key}-policy`] = policyOf(bytes);
    expect(found(read(stack))).toMatchObject(expected);
  });

  test("counts a policy as Terraform writes it: compact, with its escapes, in UTF-8", () => {
    const stack = ownerStack();
    const sizes = ["S", "ä", "<", "$${"].map((character) => {
      const policy = policyOf(200);
      const [statement] = [policy.Statement].flat() as { Sid: string }[];
      if (statement !== undefined) statement.Sid = character;
      stack.locals[`${key}-policy`] = policy;
      return read(stack).keys[0]?.policy?.bytes ?? 0;
    });
    expect(sizes.map((size) => size - (sizes[0] ?? 0))).toEqual([0, 1, 5, 1]);
  });

  test("takes white space out of a key policy that is written as text, and leaves it in an organization policy", () => {
    const owner = ownerStack();
    const guardrails = guardrailStack();
    const resource = owner.resource.aws_kms_key?.[key] ?? {};
    const content = guardrails.resource.aws_organizations_policy?.rcp ?? {};
    const policy = policyOf(300);
    resource.policy = JSON.stringify(policy, null, 2);
    content.content = JSON.stringify(policy, null, 2);
    expect(read(owner).keys[0]?.policy?.bytes).toBe(300);
    expect(read(guardrails).guardrails[0]?.policy?.bytes).toBe(JSON.stringify(policy, null, 2).length);
  });

  test.each([
    [6144, []],
    [
      6145,
      [
        {
          where: "payments-prod aws_iam_policy.payments-api policy",
          why: "its policy has 6145 bytes, more than the 6144 that AWS takes in a managed IAM policy",
        },
      ],
    ],
  ])("knows a consumer policy of %d bytes", (bytes, expected) => {
    const stack = userStack();
    stack.locals["consumer_payments-api-policy"] = principalFree(bytes);
    expect(found(read(stack, "payments"))).toMatchObject(expected);
  });

  test.each([
    [5120, 0],
    [5121, 2],
  ])("knows guardrails of %d bytes", (bytes, count) => {
    const stack = guardrailStack();
    stack.locals["rcp-policy"] = policyOf(bytes);
    stack.locals["scp-policy"] = principalFree(bytes);
    const why = "its content has 5121 bytes, more than the 5120 that AWS Organizations takes in a policy";
    expect(found(read(stack)).map((finding) => finding.why)).toEqual(Array(count).fill(why));
  });

  test.each([
    [50, []],
    [
      51,
      [{ where: `pci-key-management aws_kms_key.${key} aliases`, why: "has 51 aliases, and AWS KMS takes 50 a key" }],
    ],
  ])("knows a key with %d aliases", (count, expected) => {
    const stack = ownerStack();
    const aliases = stack.resource.aws_kms_alias ?? {};
    for (let number = 2; number <= count; number += 1) {
      aliases[`more-${number}`] = { ...aliases[key], name: `alias/more-${number}` };
    }
    expect(found(read(stack))).toMatchObject(expected);
  });

  test.each([
    [50_000, []],
    [
      50_001,
      [
        {
          where: `pci-key-management aws_kms_key.${key} grants`,
          why: "has 50001 grants, and AWS KMS takes 50000 a key",
        },
      ],
    ],
  ])("knows a key with %d grants", (count, expected) => {
    const stack = read(ownerStack());
    const keys = stack.keys.map((each) => ({
      ...each,
      grants: each.kind === "key" ? Array(count).fill(each.grants[0]) : each.grants,
    }));
    expect(found({ ...stack, keys })).toMatchObject(expected);
  });

  test.each([
    [100_000, []],
    [
      100_001,
      [
        {
          where: "keys us-east-1",
          why: "has 100001 keys and replicas in us-east-1, and AWS KMS takes 100000 an account and Region",
        },
      ],
    ],
  ])("knows an account with %d keys in a Region, over several stacks", (count, expected) => {
    const stack = { ...read(ownerStack()), aliases: [] };
    const [first] = stack.keys;
    const half = { ...stack, keys: Array(50_000).fill({ ...first, grants: [] }) };
    const rest = { ...stack, name: "acme-2", keys: Array(count - 50_000).fill({ ...first, grants: [] }) };
    expect(found(half, rest).map(({ where, why }) => ({ where: where.replace(/^\S+ /, ""), why }))).toEqual(expected);
  });

  test("counts the keys of each Region for themselves", () => {
    const stack = { ...read(ownerStack()), aliases: [] };
    const keys = stack.keys.flatMap((key) => Array(60_000).fill({ ...key, grants: [] }));
    expect(found({ ...stack, keys })).toEqual([]);
  });

  describe("attachments", () => {
    /** As many guardrails of each kind on one target. */
    function attached(count: number, targetOf: (number: number) => string): SynthesizedStack {
      const stack = guardrailStack();
      const policies = stack.resource.aws_organizations_policy ?? {};
      const attachments = stack.resource.aws_organizations_policy_attachment ?? {};
      for (const kind of ["rcp", "scp"]) {
        for (let number = 2; number <= count; number += 1) {
          policies[`${kind}-${number}`] = { ...policies[kind], name: `more-${number}` };
          attachments[`${kind}-${number}`] = {
            ...attachments[kind],
            policy_id: `\${aws_organizations_policy.${kind}-${number}.id}`,
            target_id: targetOf(number),
          };
        }
      }
      return read(stack, "acme.guardrails.pci");
    }
    const ou = "ou-ab12-11111111";

    test("are four of a kind on a target, beside AWS's own", () => {
      expect(found(attached(4, () => ou))).toEqual([]);
    });

    test("are found when there are more", () => {
      expect(found(attached(5, () => ou)).map(({ where, why }) => [where, why])).toEqual([
        [
          `acme.guardrails.pci aws_organizations_policy.rcp-5 ${ou}`,
          `is one of 5 resource control policies on ${ou}, and AWS takes 4 beside its own`,
        ],
        [
          `acme.guardrails.pci aws_organizations_policy.scp-5 ${ou}`,
          `is one of 5 service control policies on ${ou}, and AWS takes 4 beside its own`,
        ],
      ]);
    });

    test("on several targets are not counted together", () => {
      expect(found(attached(6, (number) => `ou-ab12-${number}0000000`))).toEqual([]);
    });

    test("of several stacks are counted together", () => {
      const other = { ...attached(2, () => ou), name: "acme.guardrails.other" };
      expect(
        found(
          attached(2, () => ou),
          other,
        ),
      ).toEqual([]);
      expect(
        found(
          attached(3, () => ou),
          other,
        ),
      ).toHaveLength(2);
    });
  });

  test.each([
    [10, []],
    [
      11,
      ["vault key stores us-east-1: has 11 custom key stores in us-east-1, and AWS KMS takes 10 an account and Region"],
    ],
  ])("counts custom key stores by Region: %d", (count, expected) => {
    const edited = kindsOutput().edit(vault.stack, (json) => {
      const stores = json.resource.aws_kms_custom_key_store;
      for (let index = 2; index < count; index += 1) stores[`more-${index}`] = stores["hsm_us-east-1"];
    });
    expect(edited.check([check]).map(({ where, why }) => `${where}: ${why}`)).toEqual(expected);
  });
});
