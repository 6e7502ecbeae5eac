import { describe, expect, test } from "@jest/globals";
import { type AccountPlace, indexStacks, type KeyEntry } from "../../modules/access/access-index";
import { explainDecision } from "../../modules/access/explain-decision";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { parseRequester, type Requester } from "../../modules/access/requester";
import { type Access, whoCan } from "../../modules/access/who-can";
import {
  guardrailStack,
  ownerAccount,
  ownerStack,
  rootStatement,
  type StackJson,
  textOf,
  userAccount,
  userStack,
} from "./stack-fixture";

const api = `arn:aws:iam::${userAccount}:role/payments/payments-api`;
const ou: AccountPlace = {
  organizationId: "o-a1b2c3d4e5",
  path: ["r-ab12", "ou-ab12-11111111"],
  isManagementAccount: false,
};
const places = new Map([
  [ownerAccount, ou],
  [userAccount, ou],
]);

function indexOf(owner: StackJson = ownerStack(), user: StackJson = userStack(), others: readonly StackJson[] = []) {
  return indexStacks(
    [owner, user, ...others].map((stack, number) => readSynthesizedStack(`stack-${number}`, textOf(stack))),
    places,
  );
}
function keyIn(index: ReturnType<typeof indexOf>, region: string): KeyEntry {
  const key = index.keysByAlias("alias/payments").find((entry) => entry.key.region === region);
  if (key === undefined) throw new Error(`no key in ${region}`);
  return key;
}
function requester(arn: string): Requester {
  const found = parseRequester(arn);
  if (found === undefined) throw new Error(arn);
  return found;
}
const named = (row: Access): string =>
  row.who.kind === "principal" ? row.who.arn : row.who.kind === "account" ? row.who.accountId : row.who.kind;

describe("who can do what with a key", () => {
  const index = indexOf();
  const { access, complete } = whoCan(index, keyIn(index, "us-east-1"));
  const of = (who: string) => access.filter((row) => named(row) === who);

  test("has the account, whose IAM decides, with what a Deny may take away", () => {
    const [root] = of(ownerAccount);
    expect(root?.actions).toContain("kms:Decrypt");
    expect(root?.actions).toContain("kms:ScheduleKeyDeletion");
    expect(root?.identity.kind).toBe("needed");
    expect(root?.unless.map(({ sid }) => sid)).toEqual(["OnlyBreakGlassDestroys"]);
    expect(complete).toBe(true);
  });

  test("has the role of another account, with conditions, statement and its consumer policy", () => {
    const [row] = of(api);
    expect(row).toMatchObject({
      actions: ["kms:Decrypt", "kms:DescribeKey"],
      through: {
        kind: "key-policy",
        statement: { sid: "UsePayments", path: "/locals/payments_us-east-1-policy/Statement/1" },
      },
      conditions: [{ operator: "StringEquals", key: "kms:EncryptionContext:app", values: ["pay${$}ments"] }],
    });
    expect([...(row?.bounds.accounts ?? [])]).toEqual([userAccount]);
    expect(row?.identity.kind === "needed" && row.identity.known.map(({ statement }) => statement.path)).toEqual([
      "/locals/consumer_payments-api-policy/Statement/0",
    ]);
  });

  test("has the grantee and the retiring principal, each through the grant", () => {
    expect(of(`arn:aws:iam::${userAccount}:role/payments-batch`)).toMatchObject([
      {
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        through: { kind: "grant", grant: { path: "/resource/aws_kms_grant/east" } },
        conditions: [{ operator: "EncryptionContextEquals", key: "kms:EncryptionContext:app", values: ["payments"] }],
        identity: { kind: "needed", known: [] },
      },
    ]);
    expect(of(`arn:aws:iam::${userAccount}:role/payments-operations`)).toMatchObject([
      { actions: ["kms:RetireGrant"], through: { kind: "retiring-principal" }, identity: { kind: "not-needed" } },
    ]);
  });

  test("has nobody else", () => {
    expect(access).toHaveLength(4);
  });

  test("takes away what a Deny surely denies", () => {
    const owner = ownerStack();
    const statements = owner.locals["payments_us-east-1-policy"]?.Statement;
    if (!Array.isArray(statements)) throw new Error("no statements");
    for (const role of ["Admin", "BreakGlass"]) {
      statements.push({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ownerAccount}:role/${role}` },
        Action: ["kms:ScheduleKeyDeletion", "kms:EnableKey"],
        Resource: "*",
      });
    }
    const other = indexOf(owner);
    const rows = whoCan(other, keyIn(other, "us-east-1")).access;
    const actions = (role: string) => rows.find((row) => named(row).endsWith(role))?.actions;
    expect(actions("role/Admin")).toEqual(["kms:EnableKey"]);
    expect(actions("role/BreakGlass")).toEqual(["kms:EnableKey", "kms:ScheduleKeyDeletion"]);
  });

  test("takes away only the actions whose requests surely meet a Deny's condition", () => {
    const json = ownerStack();
    json.locals["payments_us-east-1-policy"] = {
      Version: "2012-10-17",
      Statement: [
        rootStatement,
        {
          Sid: "Own",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${ownerAccount}:role/app` },
          Action: ["kms:CancelKeyDeletion", "kms:CreateGrant", "kms:Decrypt"],
          Resource: "*",
        },
        {
          Sid: "WithoutGrantee",
          Effect: "Deny",
          Principal: { AWS: `arn:aws:iam::${ownerAccount}:root` },
          Action: "kms:*",
          Resource: "*",
          Condition: { Null: { "kms:GranteePrincipal": "true" } },
        },
      ],
    };
    const index = indexOf(json);
    const own = whoCan(index, keyIn(index, "us-east-1")).access.filter((row) => named(row).endsWith("role/app"));
    expect(own.map(({ actions, unless }) => [actions, unless.map(({ sid }) => sid)])).toEqual([
      [["kms:CreateGrant"], ["WithoutGrantee"]],
    ]);
  });

  test("leaves out actions that do not work across accounts", () => {
    const owner = ownerStack();
    owner.locals["payments_us-east-1-policy"] = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { AWS: api }, Action: "kms:*", Resource: "*" },
    };
    const other = indexOf(owner);
    const [row] = whoCan(other, keyIn(other, "us-east-1")).access;
    expect(row?.actions).toContain("kms:Decrypt");
    expect(row?.actions).not.toContain("kms:PutKeyPolicy");
  });

  test("says that there may be more when the policy cannot be read", () => {
    const owner = ownerStack();
    Object.assign(owner.resource.aws_kms_key?.["payments_us-east-1"] ?? {}, { policy: "${var.policy}" });
    const other = indexOf(owner);
    expect(whoCan(other, keyIn(other, "us-east-1")).complete).toBe(false);
  });

  test("has everybody with the one bound that a condition gives", () => {
    const owner = ownerStack();
    owner.locals["payments_us-east-1-policy"] = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { AWS: ["*", api] },
        NotAction: "kms:Put*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
      },
    };
    const other = indexOf(owner);
    const rows = whoCan(other, keyIn(other, "us-east-1")).access.filter((row) => row.through.kind === "key-policy");
    expect(rows.map((row) => [row.who.kind, [...row.bounds.accounts], [...row.bounds.organizationPaths]])).toEqual([
      ["everybody", [], ["o-a1b2c3d4e5/*"]],
      ["principal", [userAccount], []],
    ]);
    expect(rows[0]?.actions).toContain("kms:ScheduleKeyDeletion");
    expect(rows[0]?.actions).not.toContain("kms:PutKeyPolicy");
  });
});

describe("the index", () => {
  test("finds consumer statements by account, Region and alias", () => {
    const index = indexOf();
    const paths = (region: string) =>
      index.consumerStatementsOf(keyIn(index, region)).map(({ statement }) => statement.path);
    expect(paths("us-east-1")).toEqual(["/locals/consumer_payments-api-policy/Statement/0"]);
    expect(paths("us-west-2")).toEqual(["/locals/consumer_offered-policy/Statement/0"]);
  });

  test.each([
    ["any resource", { Resource: "*" }],
    ["any account", { Resource: "arn:aws:kms:us-east-1:*:key/*" }],
    ["a variable", { Resource: `arn:aws:kms:us-east-1:${ownerAccount}:key/$\${aws:PrincipalTag/key}` }],
    ["NotResource", { NotResource: "arn:aws:kms:us-east-1:320000000001:key/*", Resource: undefined }],
    ["no alias", { Resource: `arn:aws:kms:us-east-1:${ownerAccount}:key/*` }],
    ["a key's id", { Resource: `arn:aws:kms:us-east-1:${ownerAccount}:key/mrk-1234` }],
    [
      "aliases by wildcard",
      {
        Resource: `arn:aws:kms:us-east-1:${ownerAccount}:key/*`,
        Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } },
      },
    ],
  ])("finds a statement that means a key by %s", (_name, change) => {
    const user = userStack();
    user.locals["consumer_offered-policy"] = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "kms:Decrypt", ...change },
    };
    const index = indexOf(ownerStack(), user);
    const paths = index.consumerStatementsOf(keyIn(index, "us-east-1")).map(({ statement }) => statement.path);
    expect(paths).toContain("/locals/consumer_offered-policy/Statement");
  });

  test("keeps keys apart whose account is not certain", () => {
    const owner = ownerStack();
    Object.assign(owner["//"].orgkeys, { accountId: "320000000001" });
    const index = indexOf(owner);
    expect(index.keys).toEqual([]);
    expect(index.unplacedKeys).toHaveLength(2);
  });
});

describe("a decision is explained", () => {
  const index = indexOf();
  const key = keyIn(index, "us-east-1");
  const ask = (
    principal: string,
    action: string,
    more: Partial<Parameters<typeof explainDecision>[1]> = {},
    from = index,
  ) => explainDecision(from, { principal: requester(principal), action, key: keyIn(from, "us-east-1"), ...more });

  test("with the step that decided, and the first thing that did not match", () => {
    const explanation = ask(api, "kms:Decrypt", { encryptionContext: { app: "orders" } });
    expect([explanation.outcome, explanation.because]).toEqual(["denied", "implicit deny"]);
    expect(explanation.steps.map(({ stage }) => stage)).toEqual([
      "deny",
      "resource-control",
      "service-control",
      "key-policy",
      "identity",
      "grants",
      "result",
    ]);
    const line = explanation.steps.flatMap(({ lines }) => lines).find(({ name }) => name === "UsePayments");
    expect(line?.applies).toBe(false);
    expect(line?.why).toBe(
      "Condition: wants StringEquals kms:EncryptionContext:app pay${$}ments; the request has orders",
    );
    expect(explanation.steps.filter(({ decides }) => decides).map(({ stage }) => stage)).toEqual(["result"]);
  });

  test("both halves allow, whatever path the role has", () => {
    expect(ask(api, "kms:Decrypt", { encryptionContext: { app: "pay$ments" } }).outcome).toBe("allowed");
  });

  test("and what is not known of the request leaves it open", () => {
    expect(ask(api, "kms:Decrypt").outcome).toBe("unknown");
  });

  test("a grantee without a known IAM policy may have one", () => {
    const batch = `arn:aws:iam::${userAccount}:role/payments-batch`;
    expect(ask(batch, "kms:Decrypt", { encryptionContext: { app: "payments" } }).outcome).toBe("unknown");
    expect(ask(batch, "kms:Decrypt", { encryptionContext: { app: "orders" } }).outcome).toBe("denied");
  });

  test("an explicit deny ends it", () => {
    const explanation = ask(`arn:aws:iam::${ownerAccount}:role/Admin`, "kms:ScheduleKeyDeletion");
    expect([explanation.outcome, explanation.because]).toEqual(["denied", "explicit deny"]);
    expect(explanation.steps).toHaveLength(1);
    expect(explanation.steps[0]?.lines[0]).toMatchObject({
      name: "OnlyBreakGlassDestroys",
      applies: true,
      why: undefined,
    });
  });

  test("a guardrail on the OU holds even where the key policy would allow", () => {
    const guarded = indexOf(ownerStack(), userStack(), [guardrailStack()]);
    const breakGlass = `arn:aws:iam::${ownerAccount}:role/BreakGlass`;
    expect(ask(breakGlass, "kms:ScheduleKeyDeletion").outcome).toBe("unknown");
    const explanation = ask(breakGlass, "kms:ScheduleKeyDeletion", {}, guarded);
    expect(explanation.because).toBe("explicit deny");
    expect(explanation.steps[0]?.lines[0]).toMatchObject({
      policyType: "service control policy",
      name: "NoDestruction",
    });
    expect(ask(api, "kms:Decrypt", { encryptionContext: { app: "pay$ments" } }, guarded).outcome).toBe("allowed");
  });

  test("an RCP stops a role of elsewhere that the key policy lets in", () => {
    const hipaa = "arn:aws:iam::320000000001:role/claims";
    const owner = ownerStack();
    owner.locals["payments_us-east-1-policy"] = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { AWS: hipaa }, Action: "kms:Decrypt", Resource: "*" },
    };
    const elsewhere: AccountPlace = { ...ou, path: ["r-ab12", "ou-ab12-22222222"] };
    const stacks = (others: StackJson[]) =>
      indexStacks(
        [owner, ...others].map((stack) => readSynthesizedStack("x", textOf(stack))),
        new Map([...places, ["320000000001", elsewhere]]),
      );
    expect(ask(hipaa, "kms:Decrypt", {}, stacks([])).outcome).toBe("unknown");
    const guarded = ask(hipaa, "kms:Decrypt", {}, stacks([guardrailStack()]));
    expect([guarded.outcome, guarded.because]).toEqual(["denied", "explicit deny"]);
    expect(guarded.steps[0]?.lines[0]).toMatchObject({ policyType: "resource control policy", name: "OnlyTheZone" });
  });

  test("says what it takes for granted", () => {
    const unplaced = indexStacks(index.stacks);
    const { assumptions } = explainDecision(unplaced, { principal: requester(api), action: "kms:Decrypt", key });
    expect(assumptions.filter((line) => line.startsWith("no guardrail"))).toHaveLength(2);
  });

  test("a policy that cannot be read leaves everything open", () => {
    const owner = ownerStack();
    Object.assign(owner.resource.aws_kms_key?.["payments_us-east-1"] ?? {}, { policy: "${var.policy}" });
    expect(ask("arn:aws:iam::999999999999:role/x", "kms:Decrypt", {}, indexOf(owner)).outcome).toBe("unknown");
  });

  test("no guardrail reaches the management account", () => {
    const guarded = indexOf(ownerStack(), userStack(), [guardrailStack()]);
    const managed = indexStacks(guarded.stacks, new Map([[ownerAccount, { ...ou, isManagementAccount: true }]]));
    const breakGlass = `arn:aws:iam::${ownerAccount}:role/BreakGlass`;
    expect(ask(breakGlass, "kms:ScheduleKeyDeletion", {}, managed).because).not.toBe("explicit deny");
  });

  test("an IAM policy that names one key's id may or may not mean this key, whose id only AWS knows", () => {
    const reaching = (resource: string) => {
      const user = userStack();
      user.locals["consumer_payments-api-policy"] = {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "kms:*", Resource: resource },
      };
      const steps = ask(api, "kms:Decrypt", {}, indexOf(ownerStack(), user)).steps;
      return steps.find(({ stage }) => stage === "identity")?.lines[0]?.applies;
    };
    const keys = `arn:aws:kms:us-east-1:${ownerAccount}:key`;
    expect(reaching(`${keys}/*`)).toBe(true);
    expect(reaching(`${keys}/mrk-*`)).toBe(true);
    expect(reaching(`${keys}/mrk-1234`)).toBe("unknown");
    expect(reaching(`${keys}/mrk-`)).toBe(false);
    expect(reaching(`${keys}/1234abcd-12ab-34cd-56ef-1234567890ab`)).toBe(false);
  });

  test("a grant's operations are known to be missing from every request but CreateGrant", () => {
    const owner = ownerStack();
    owner.locals["payments_us-east-1-policy"] = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ownerAccount}:role/Deploy` },
        Action: "kms:*",
        Resource: "*",
        Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } },
      },
    };
    const deploy = `arn:aws:iam::${ownerAccount}:role/Deploy`;
    expect(ask(deploy, "kms:CreateGrant", {}, indexOf(owner)).outcome).toBe("unknown");
    // The trap of ForAllValues: without the key it holds.
    expect(ask(deploy, "kms:PutKeyPolicy", {}, indexOf(owner)).outcome).toBe("allowed");
  });
});
