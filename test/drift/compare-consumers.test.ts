import { describe, expect, test } from "@jest/globals";
import { compareConsumers } from "../../modules/drift/compare/compare-consumers";
import { isOfferedTo } from "../../modules/drift/compare/offered-to";
import type { Drift } from "../../modules/drift/drift";
import type { LiveIdentityPolicy } from "../../modules/live/live-account";
import { type Json, outputOf } from "../checks/sample-output";
import { contextOf, denied, editing, policiesOf, sampleStack } from "./sample-in-aws";

const stack = sampleStack("commercial.regulated.pci.payments-prod");
const context = contextOf(stack);
const name = "orgkeys-payments-api";
const api = "arn:aws:iam::310000000002:role/payments-api";

const compare = (live: readonly LiveIdentityPolicy[]): Drift[] => compareConsumers(stack, { value: live }, context);
const edited = (edit: Parameters<typeof editing<LiveIdentityPolicy>>[2]): Drift[] =>
  compare(editing(policiesOf(stack), name, edit));
const statement = (document: Json, sid: string): Json => {
  const found = document.Statement.find(({ Sid }: Json) => Sid === sid);
  if (found === undefined) throw new Error(`there is no ${sid}`);
  return found;
};
const ids = (found: readonly Drift[]) => found.map(({ id, detail }) => [id, ...detail]);

test("what was applied is as reviewed, in every account", () => {
  const sample = outputOf("config");
  let policies = 0;
  for (const each of sample.texts.keys()) {
    const other = sampleStack(each);
    if (other.identityPolicies.length === 0) continue;
    policies += other.identityPolicies.length;
    expect(compareConsumers(other, { value: policiesOf(other) }, contextOf(other))).toEqual([]);
  }
  expect(policies).toBeGreaterThan(30);
});

describe("a document", () => {
  const rows: readonly [string, (document: Json) => void][] = [
    ["with its statements in another order", (document) => document.Statement.reverse()],
    [
      "with values in another order, and single ones without a list",
      (document) => {
        for (const each of document.Statement) {
          each.Action.reverse();
          each.Resource.reverse();
          const aliases = each.Condition["ForAnyValue:StringEquals"];
          [aliases["kms:ResourceAliases"]] = aliases["kms:ResourceAliases"];
        }
      },
    ],
    [
      "with actions in capitals",
      (document) => (statement(document, "DescribePaymentsProd").Action = "KMS:describekey"),
    ],
  ];
  test.each(rows)("%s is the same", (_what, edit) => {
    expect(edited((document) => void edit(document))).toEqual([]);
  });

  test("with more actions gives more, to those who have it", () => {
    const [found, ...others] = edited((document) => {
      statement(document, "DescribePaymentsProd").Action = ["kms:DescribeKey", "kms:GetPublicKey"];
      return undefined;
    });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "high" });
    expect(found?.access).toEqual([
      expect.objectContaining({ effect: "gains", who: api, actions: ["kms:GetPublicKey"], outside: undefined }),
    ]);
    expect(found?.why).toMatch(/^gives more than reviewed: GetPublicKey \(statement DescribePaymentsProd/);
    expect(found?.subject?.policy?.name).toBe(name);
    expect(found?.place).toEqual({
      account: "payments-prod",
      accountId: "310000000002",
      partition: "aws",
      zone: "pci",
      region: undefined,
      stack: stack.name,
      address: "aws_iam_policy.role_payments-api",
      resource: `policy ${name}`,
    });
  });

  test("with actions of another service gives more, and reaches no other zone's keys by them", () => {
    const [found] = edited((document) => {
      document.Statement.push({ Sid: "Mine", Effect: "Allow", Action: ["s3:GetObject", "iam:*"], Resource: "*" });
      return undefined;
    });
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "high" });
    expect(found?.access).toEqual([
      { effect: "gains", who: api, actions: ["iam:*", "s3:GetObject"], through: "statement Mine", outside: undefined },
    ]);
  });

  test("with every action but some is critical", () => {
    const [found] = edited((document) => {
      document.Statement.push({ Sid: "Mine", Effect: "Allow", NotAction: "s3:*", Resource: "*" });
      return undefined;
    });
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "critical" });
    expect(found?.access?.[0]?.actions).toEqual(["everything but s3:*"]);
  });

  test("without a condition gives more", () => {
    const [found] = edited((document) => {
      delete statement(document, "UsePaymentsProd").Condition.StringEquals;
      return undefined;
    });
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "high" });
    expect(found?.access?.map(({ effect }) => effect)).toContain("gains");
  });

  test("that reaches beyond the zone is critical", () => {
    const [found] = edited((document) => {
      statement(document, "UsePaymentsProd").Resource.push("arn:aws:kms:us-east-1:210000000001:key/*");
      return undefined;
    });
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "critical" });
  });

  test("with less gives less", () => {
    const [found, ...others] = edited((document) => {
      document.Statement = document.Statement.filter(({ Sid }: Json) => Sid !== "UsePaymentsProd");
      return undefined;
    });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "medium" });
    expect(new Set(found?.access?.map(({ effect }) => effect))).toEqual(new Set(["loses"]));
    expect(found?.why).toMatch(/^gives less than reviewed: .*Decrypt/);
  });

  test("with a Deny more gives less", () => {
    const [found] = edited((document) => {
      document.Statement.push({ Sid: "Mine", Effect: "Deny", Action: "kms:*", Resource: "*" });
      return undefined;
    });
    expect(found).toMatchObject({ id: "consumer-policy-changed" });
    expect(found?.severity === "medium" || found?.severity === "information").toBe(true);
  });

  test("that says the same in other statements is information", () => {
    const [found] = edited((document) => {
      statement(document, "UsePaymentsProd").Sid = "Mine";
      return undefined;
    });
    expect(found).toMatchObject({
      id: "consumer-policy-changed",
      severity: "information",
      why: "gives the same as reviewed in other statements",
    });
  });

  test("that nobody can read is critical", () => {
    const deny = { Effect: "Deny", Action: "kms:*", Resource: "*", Mood: "bad" };
    const values = [
      "no JSON",
      { Extra: 1, Statement: [] },
      { Statement: [{ ...deny, Effect: "Allow" }] },
      { Statement: deny },
    ];
    for (const document of values) {
      const value = typeof document === "string" ? document : JSON.stringify({ Version: "2012-10-17", ...document });
      const [found] = edited(() => ({ document: { value } }));
      expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "critical" });
      expect(found?.why).toContain("nobody can read");
    }
  });
});

test("a document that says one thing twice is critical, whichever of both is as reviewed", () => {
  const [found] = edited((document) => ({
    document: { value: JSON.stringify(document).replace("{", '{"Statement":[],') },
  }));
  expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "critical" });
});

describe("an attachment", () => {
  test("that is gone takes access away", () => {
    const [found, ...others] = edited(() => ({ attachedTo: { value: [] } }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: "consumer-policy-detached",
      // By which Terraform knows it as well.
      place: { address: "aws_iam_role_policy_attachment.role_payments-api" },
      detail: ["role/payments-api"],
      subject: { target: "role/payments-api" },
      why: "is not attached to role/payments-api, which cannot use the keys in it",
    });
    expect(found?.access?.[0]).toMatchObject({ effect: "loses", who: api });
  });

  test.each(["role/web", "user/me", "group/people"])("to %s gives access", (holder) => {
    const [found, ...others] = edited(() => ({ attachedTo: { value: ["role/payments-api", holder] } }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: "consumer-policy-attached", detail: [holder], subject: { target: holder } });
    expect(found?.severity).toBeUndefined();
    expect(found?.access?.[0]).toMatchObject({ effect: "gains", who: `arn:aws:iam::310000000002:${holder}` });
  });

  test("of what was changed to reach beyond the zone is critical, too", () => {
    const found = edited((document) => {
      statement(document, "UsePaymentsProd").Resource.push("arn:aws:kms:us-east-1:210000000001:key/*");
      return { attachedTo: { value: ["role/payments-api", "role/web"] } };
    });
    expect(found.map(({ id, severity }) => [id, severity])).toEqual([
      ["consumer-policy-changed", "critical"],
      ["consumer-policy-attached", "critical"],
    ]);
  });

  test("of an offered policy is the account's own", () => {
    const shop = sampleStack("commercial.workloads.dev.shop-dev");
    const live = editing(policiesOf(shop), "orgkeys-offered", () => ({
      attachedTo: { value: ["role/any", "group/all"] },
    }));
    expect(compareConsumers(shop, { value: live }, contextOf(shop))).toEqual([]);
  });

  test.each<[string, string, boolean]>([
    ["orgkeys-offered", "group/all", true],
    ["orgkeys-api-offered", "role/api", true],
    ["orgkeys-api-offered", "user/api", false],
    ["orgkeys-api-offered", "role/web", false],
    ["orgkeys-user-api-offered", "user/api", true],
    ["orgkeys-api-offered", "group/api", false],
    ["orgkeys-permission-set-Reader", "role/AWSReservedSSO_Reader_0123456789abcdef", true],
    ["orgkeys-permission-set-Reader", "role/AWSReservedSSO_Reader_Admin_0123456789abcdef", false],
    ["orgkeys-permission-set-Reader", "role/Reader", false],
  ])("%s is offered to %s: %s", (policy, holder, expected) => {
    expect(isOfferedTo(policy, holder)).toBe(expected);
  });
});

test("a policy that is not there is missing, with who loses what", () => {
  const [found, ...others] = compare(policiesOf(stack).filter((each) => each.name !== name));
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    id: "consumer-policy-missing",
    detail: [],
    why: "IAM has no such policy below /orgkeys/, so that role/payments-api cannot use the keys in it",
    goneAlong: [{ stack: stack.name, address: expect.stringMatching(/^aws_iam_role_policy_attachment\./) }],
  });
  expect(found?.access?.some(({ effect, who }) => effect === "loses" && who === api)).toBe(true);
});

describe("a policy that nobody reviewed", () => {
  const mine = (Resource: string, change: Partial<LiveIdentityPolicy> = {}): LiveIdentityPolicy => ({
    arn: "arn:aws:iam::310000000002:policy/orgkeys/orgkeys-mine",
    name: "orgkeys-mine",
    path: "/orgkeys/",
    document: {
      value: JSON.stringify({
        Version: "2012-10-17",
        Statement: { Sid: "Mine", Effect: "Allow", Action: "kms:Decrypt", Resource },
      }),
    },
    attachedTo: { value: ["role/web"] },
    ...change,
  });
  const inZone = "arn:aws:kms:us-east-1:310000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const beside = (policy: LiveIdentityPolicy): Drift[] => compare([...policiesOf(stack), policy]);

  test("is unmanaged, in no stack", () => {
    const [found, ...others] = beside(mine(inZone));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: "consumer-policy-unmanaged",
      place: { stack: undefined, address: undefined, resource: "policy orgkeys-mine" },
      why: "no reviewed JSON has it, and role/web can do what it gives",
      access: [{ effect: "gains", who: "arn:aws:iam::310000000002:role/web", actions: ["kms:Decrypt"] }],
      severity: "high",
    });
    const [idle] = beside(mine(inZone, { attachedTo: { value: [] } }));
    expect(idle?.severity).toBeUndefined();
  });

  test("is critical where it reaches beyond the zone, also when nobody has it yet", () => {
    const [found] = beside(mine("arn:aws:kms:us-east-1:210000000001:key/*", { attachedTo: { value: [] } }));
    expect(found).toMatchObject({
      id: "consumer-policy-unmanaged",
      severity: "critical",
      why: "no reviewed JSON has it",
    });
  });

  test("is unchecked besides, as far as AWS does not tell", () => {
    expect(ids(beside(mine(inZone, { document: denied, attachedTo: denied })))).toEqual([
      ["consumer-policy-unmanaged"],
      ["unchecked", "policy"],
      ["unchecked", "attachments"],
    ]);
  });
});

test("what AWS does not tell is unchecked, and nothing else", () => {
  expect(compareConsumers(stack, denied, context)).toEqual([
    expect.objectContaining({
      id: "unchecked",
      why: denied.unread,
      whatToDo: denied.whatToDo,
      place: expect.objectContaining({ resource: "consumer policies", stack: stack.name }),
    }),
  ]);
  expect(ids(edited(() => ({ document: denied })))).toEqual([["unchecked", "policy"]]);
  expect(ids(edited(() => ({ attachedTo: denied })))).toEqual([["unchecked", "attachments"]]);
});

describe("a key that is looked up by its alias", () => {
  const users = outputOf("test/fixtures/users");
  const shop = sampleStack("acme.workloads.shop-prod", users);
  const lookup = shop.identityPolicies.find(({ policy }) =>
    policy?.statements.some(({ resource }) => resource.patterns.some((pattern) => pattern.includes("${alias/"))),
  );
  const unknown = contextOf(shop, () => undefined, users);
  const known = contextOf(shop, undefined, users);
  const change = (edit: (arn: string) => string, action: string[] = []): LiveIdentityPolicy[] =>
    editing(policiesOf(shop), lookup?.name ?? "", (document) => {
      for (const each of document.Statement) {
        each.Resource = each.Resource.map((arn: string) => (/key\/[\w-]+$/.test(arn) ? edit(arn) : arn));
        each.Action.push(...action);
      }
      return undefined;
    });
  const moved = (arn: string): string => arn.replace(/key\/.*/, "key/mrk-0123456789abcdef0123456789abcdef");

  test("is that key where it is known", () => {
    expect(compareConsumers(shop, { value: policiesOf(shop) }, known)).toEqual([]);
    const [found] = compareConsumers(shop, { value: change(moved) }, known);
    expect(found?.id).toBe("consumer-policy-changed");
    expect(new Set(found?.access?.map(({ effect }) => effect))).toEqual(new Set(["gains", "loses"]));
  });

  test("is any one key of its account and Region where nobody knows", () => {
    expect(compareConsumers(shop, { value: policiesOf(shop) }, unknown)).toEqual([]);
    expect(compareConsumers(shop, { value: change(moved) }, unknown)).toEqual([]);
  });

  test("does not count as changed with what else is changed", () => {
    const [found] = compareConsumers(shop, { value: change(moved, ["kms:GetPublicKey"]) }, unknown);
    expect(found?.access?.map(({ effect, actions }) => [effect, actions])).toEqual(
      found?.access?.map(() => ["gains", ["kms:GetPublicKey"]]),
    );
    expect(found?.severity).toBe("high");
  });

  test("is none of another account", () => {
    const away = (arn: string): string => arn.replace(/:\d{12}:/, ":999999999999:");
    const [found] = compareConsumers(shop, { value: change(away) }, unknown);
    expect(found).toMatchObject({ id: "consumer-policy-changed", severity: "critical" });
  });
});
