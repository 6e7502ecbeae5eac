import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { locatePointers } from "../../modules/access/json-text";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { guardrailStack, ownerAccount, ownerStack, type StackJson, textOf, userStack } from "./stack-fixture";

const read = (stack: StackJson): SynthesizedStack => readSynthesizedStack("acme.pci.keys", textOf(stack));
const golden = join(__dirname, "../stacks/golden");

describe("what we synthesize", () => {
  test.each(readdirSync(golden))("%s is understood to the last byte", (file) => {
    const stack = readSynthesizedStack(file, readFileSync(join(golden, file), "utf8"));
    expect(stack.unreadable).toEqual([]);
    expect(stack.accountId).toMatch(/^\d{12}$/);
  });

  test("has keys, replicas, aliases and grants, with their Regions and their policies", () => {
    const stack = read(ownerStack());
    expect(stack.unreadable).toEqual([]);
    expect([stack.accountId, stack.partition]).toEqual([ownerAccount, "aws"]);
    expect(stack.metadata).toEqual({
      kind: "account",
      keys: new Map(),
      keyStores: new Map(),
      stackSets: new Map(),
      directStacks: new Map(),
      consumerPolicies: new Map(),
      userGrants: new Map(),
      account: "keys",
      accountId: ownerAccount,
      organization: "acme",
      ou: "PCI",
      zone: "pci",
    });
    expect(stack.providers.map(({ reference, region, assumedRoleArn }) => [reference, region, assumedRoleArn])).toEqual(
      [
        ["aws.us-east-1", "us-east-1", `arn:aws:iam::${ownerAccount}:role/Deploy`],
        ["aws.us-west-2", "us-west-2", `arn:aws:iam::${ownerAccount}:role/Deploy`],
      ],
    );
    expect(stack.backend).toMatchObject({ kind: "local", file: `../../../state/${ownerAccount}.tfstate` });
    expect(stack.keys.map(({ kind, address, region, primary }) => [kind, address, region, primary])).toEqual([
      ["key", "aws_kms_key.payments_us-east-1", "us-east-1", undefined],
      ["replica", "aws_kms_replica_key.payments_us-west-2", "us-west-2", "aws_kms_key.payments_us-east-1"],
    ]);
    expect(stack.keys.map((key) => key.grants.map((grant) => [grant.id, grant.constraint?.kind]))).toEqual([
      [["east", "equals"]],
      [["west", "equals"]],
    ]);
    expect(stack.aliases.map(({ name, region, target }) => [name, region, target])).toEqual([
      ["alias/payments", "us-east-1", "aws_kms_key.payments_us-east-1"],
      ["alias/payments", "us-west-2", "aws_kms_replica_key.payments_us-west-2"],
    ]);
  });

  test("has what Terraform takes over and what it lets go of, in a list or alone", () => {
    const stack = ownerStack();
    stack.import = { to: "aws_kms_key.payments_us-east-1", id: "mrk-1234" };
    stack.removed = [
      { from: "aws_kms_key.old_us-east-1", lifecycle: { destroy: false } },
      { from: "aws_kms_alias.old_us-east-1", lifecycle: [{ destroy: false }] },
    ];
    const { imports, removals, unreadable } = read(stack);
    expect(unreadable).toEqual([]);
    expect(imports).toEqual([
      { document: "acme.pci.keys", path: "/import", address: "aws_kms_key.payments_us-east-1", id: "mrk-1234" },
    ]);
    expect(removals.map(({ address, path }) => [address, path])).toEqual([
      ["aws_kms_key.old_us-east-1", "/removed/0"],
      ["aws_kms_alias.old_us-east-1", "/removed/1"],
    ]);
  });

  test("has its escapes undone: in policies, and in everything else", () => {
    const [key] = read(ownerStack()).keys;
    expect(key?.arguments.description).toBe("100 ${literally}");
    expect(key?.policy?.statements[1]?.conditions[0]?.values).toEqual(["pay${$}ments"]);
  });

  test("has consumer policies with the roles they are attached to", () => {
    const stack = read(userStack());
    expect(stack.unreadable).toEqual([]);
    expect(stack.identityPolicies.map(({ name, attachedTo }) => [name, attachedTo])).toEqual([
      ["orgkeys-payments-api", ["role/payments-api"]],
      ["orgkeys-offered", []],
    ]);
  });

  test("has guardrails with their targets", () => {
    const stack = read(guardrailStack());
    expect(stack.unreadable).toEqual([]);
    expect(stack.guardrails.map(({ kind, targets }) => [kind, targets])).toEqual([
      ["resource-control", ["ou-ab12-11111111"]],
      ["service-control", ["ou-ab12-11111111"]],
    ]);
  });
});

/** Hand edits that mean the same. */
const harmless: readonly (readonly [string, (stack: StackJson) => void])[] = [
  [
    "single texts in place of lists",
    ({ locals }) => {
      locals["payments_us-east-1-policy"] = {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Principal: { AWS: ownerAccount }, Action: "kms:*", Resource: "*" },
      };
    },
  ],
  [
    "a policy as JSON text",
    ({ resource }) => {
      const policy = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
      };
      Object.assign(resource.aws_kms_key?.["payments_us-east-1"] ?? {}, { policy: JSON.stringify(policy) });
    },
  ],
  [
    "an S3 backend",
    ({ terraform }) => {
      terraform.backend = {
        s3: { bucket: "acme-pci", key: "310000000001.tfstate", region: "us-east-1", encrypt: true },
      };
    },
  ],
  [
    "one provider as an object",
    (stack) => {
      const [first, second] = stack.provider.aws;
      Object.assign(stack.provider, {
        aws: [first, { ...second, assume_role: { role_arn: `arn:aws:iam::${ownerAccount}:role/Deploy` } }],
      });
    },
  ],
  [
    "a data source that looks a key up, and an order of resources",
    (stack) => {
      stack.data = { aws_kms_alias: { other: { name: "alias/other" } } };
      Object.assign(stack.resource.aws_kms_key?.["payments_us-east-1"] ?? {}, { depends_on: ["aws_kms_alias.x"] });
    },
  ],
  [
    "spaces inside of an expression",
    ({ resource }) => {
      Object.assign(resource.aws_kms_key?.["payments_us-east-1"] ?? {}, {
        policy: "${ jsonencode( local.payments_us-east-1-policy ) }",
      });
    },
  ],
];

describe("a hand edit that means the same", () => {
  test.each(harmless)("is understood: %s", (_name, edit) => {
    const stack = ownerStack();
    edit(stack);
    expect(read(stack).unreadable).toEqual([]);
  });
});

const key = (stack: StackJson) => stack.resource.aws_kms_key?.["payments_us-east-1"] ?? {};
const statement = (stack: StackJson, change: Record<string, unknown>) => {
  stack.locals["payments_us-east-1-policy"] = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*", ...change }],
  };
};
const inPolicy = "/locals/payments_us-east-1-policy";
const inStatement = `${inPolicy}/Statement/0`;

/** Hand edits that nobody can be sure of, and where each is found. */
const unreadable: readonly (readonly [string, (stack: StackJson) => void, string])[] = [
  [
    "another expression",
    (s) => Object.assign(key(s), { policy: "${data.aws_iam_policy_document.x.json}" }),
    "/resource/aws_kms_key/payments_us-east-1/policy",
  ],
  [
    "jsonencode of something else",
    (s) => Object.assign(key(s), { policy: "${jsonencode({})}" }),
    "/resource/aws_kms_key/payments_us-east-1/policy",
  ],
  [
    "a policy text that is no JSON",
    (s) => Object.assign(key(s), { policy: "{" }),
    "/resource/aws_kms_key/payments_us-east-1/policy",
  ],
  [
    "a policy text with a name twice",
    (s) => Object.assign(key(s), { policy: '{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}' }),
    "/resource/aws_kms_key/payments_us-east-1/policy",
  ],
  ["no policy", (s) => Object.assign(key(s), { policy: undefined }), "/resource/aws_kms_key/payments_us-east-1/policy"],
  [
    "a local that is not there",
    (s) => Reflect.deleteProperty(s.locals, "payments_us-east-1-policy"),
    "/resource/aws_kms_key/payments_us-east-1/policy",
  ],
  [
    "an expression inside of a policy",
    (s) => statement(s, { Principal: { AWS: ["${var.who}"] } }),
    `${inStatement}/Principal/AWS/0`,
  ],
  ["a directive inside of a policy", (s) => statement(s, { Sid: "%{ if true }x%{ endif }" }), `${inStatement}/Sid`],
  ["an unknown element", (s) => statement(s, { Resources: ["*"] }), `${inStatement}/Resources`],
  [
    "a condition key that stands twice in other letters",
    (s) => statement(s, { Condition: { StringEquals: { "aws:PrincipalAccount": "1", "AWS:principalaccount": "2" } } }),
    `${inStatement}/Condition/StringEquals/AWS:principalaccount`,
  ],
  [
    "an unknown operator",
    (s) => statement(s, { Condition: { StringMatches: { a: "b" } } }),
    `${inStatement}/Condition/StringMatches`,
  ],
  ["an unknown effect", (s) => statement(s, { Effect: "allow" }), `${inStatement}/Effect`],
  ["Action and NotAction", (s) => statement(s, { NotAction: "kms:Decrypt" }), `${inStatement}/NotAction`],
  ["Principal and NotPrincipal", (s) => statement(s, { NotPrincipal: { AWS: "*" } }), `${inStatement}/NotPrincipal`],
  ["no Principal", (s) => statement(s, { Principal: undefined }), `${inStatement}/Principal`],
  ["an unknown kind of principal", (s) => statement(s, { Principal: { Aws: "*" } }), `${inStatement}/Principal/Aws`],
  ["no Resource", (s) => statement(s, { Resource: undefined }), `${inStatement}/Resource`],
  ["an empty list of actions", (s) => statement(s, { Action: [] }), `${inStatement}/Action`],
  [
    "a condition value that is an object",
    (s) => statement(s, { Condition: { StringEquals: { "a/b~c": {} } } }),
    `${inStatement}/Condition/StringEquals/a~1b~0c`,
  ],
  [
    "an unknown policy version",
    (s) => Object.assign(s.locals, { "payments_us-east-1-policy": { Version: "2020-01-01", Statement: [] } }),
    `${inPolicy}/Version`,
  ],
  ["a policy that is a list", (s) => Object.assign(s.locals, { "payments_us-east-1-policy": [] }), inPolicy],
  ["an unknown argument", (s) => Object.assign(key(s), { count: 2 }), "/resource/aws_kms_key/payments_us-east-1/count"],
  [
    "an unknown resource type",
    (s) => Object.assign(s.resource, { aws_kms_key_policy: { x: {} } }),
    "/resource/aws_kms_key_policy",
  ],
  [
    "an inline role policy",
    (s) => Object.assign(s.resource, { aws_iam_role_policy: { x: {} } }),
    "/resource/aws_iam_role_policy",
  ],
  ["a module", (s) => Object.assign(s, { module: { x: {} } }), "/module"],
  ["data sources", (s) => Object.assign(s, { data: { aws_iam_policy_document: {} } }), "/data/aws_iam_policy_document"],
  ["another provider", (s) => Object.assign(s.provider, { external: [{}] }), "/provider/external"],
  [
    "a provider for another account",
    (s) => Object.assign(s.provider.aws[0] ?? {}, { allowed_account_ids: ["320000000001"] }),
    "/provider",
  ],
  [
    "a provider for any account",
    (s) => Object.assign(s.provider.aws[0] ?? {}, { allowed_account_ids: [] }),
    "/provider/aws/0/allowed_account_ids",
  ],
  [
    "a foreign deploy role",
    (s) =>
      Object.assign(s.provider.aws[0] ?? {}, { assume_role: [{ role_arn: "arn:aws:iam::320000000001:role/Deploy" }] }),
    "/provider",
  ],
  [
    "a deploy role of another partition",
    (s) =>
      Object.assign(s.provider.aws[0] ?? {}, {
        assume_role: [{ role_arn: `arn:aws-us-gov:iam::${ownerAccount}:role/Deploy` }],
      }),
    "/provider",
  ],
  [
    "no deploy role",
    (s) => Object.assign(s.provider.aws[0] ?? {}, { assume_role: undefined }),
    "/provider/aws/0/assume_role",
  ],
  ["a Region that does not exist", (s) => Object.assign(s.provider.aws[0] ?? {}, { region: "us-moon-1" }), "/provider"],
  ["metadata of another account", (s) => Object.assign(s["//"].orgkeys, { accountId: "320000000001" }), "/provider"],
  ["no metadata", (s) => Object.assign(s["//"], { orgkeys: undefined }), "/~1~1/orgkeys/accountId"],
  [
    "a provider that is not there",
    (s) => Object.assign(key(s), { provider: "aws.eu-west-1" }),
    "/resource/aws_kms_key/payments_us-east-1/provider",
  ],
  ["an unknown backend", (s) => Object.assign(s.terraform, { backend: { http: {} } }), "/terraform/backend/http"],
  [
    "an alias for a key of elsewhere",
    (s) => Object.assign(s.resource.aws_kms_alias?.["payments_us-east-1"] ?? {}, { target_key_id: "mrk-1234" }),
    "/resource/aws_kms_alias/payments_us-east-1/target_key_id",
  ],
  [
    "an alias for a key that is not there",
    (s) =>
      Object.assign(s.resource.aws_kms_alias?.["payments_us-east-1"] ?? {}, {
        target_key_id: "${aws_kms_key.gone.key_id}",
      }),
    "/resource/aws_kms_alias/payments_us-east-1/target_key_id",
  ],
  [
    "a replica of a key of elsewhere",
    (s) =>
      Object.assign(s.resource.aws_kms_replica_key?.["payments_us-west-2"] ?? {}, {
        primary_key_arn: "arn:aws:kms:us-east-1:320000000001:key/mrk-1",
      }),
    "/resource/aws_kms_replica_key/payments_us-west-2/primary_key_arn",
  ],
  [
    "a grant on a key of elsewhere",
    (s) => Object.assign(s.resource.aws_kms_grant?.east ?? {}, { key_id: "mrk-1234" }),
    "/resource/aws_kms_grant/east/key_id",
  ],
  [
    "a grantee that is an expression",
    (s) => Object.assign(s.resource.aws_kms_grant?.east ?? {}, { grantee_principal: "${var.who}" }),
    "/resource/aws_kms_grant/east/grantee_principal",
  ],
  [
    "two constraints",
    (s) =>
      Object.assign(s.resource.aws_kms_grant?.east ?? {}, {
        constraints: [{ encryption_context_equals: { a: "b" }, encryption_context_subset: { a: "b" } }],
      }),
    "/resource/aws_kms_grant/east/constraints/0",
  ],
];

describe("what cannot be understood exactly", () => {
  test.each(unreadable)("is said: %s", (_name, edit, path) => {
    const stack = ownerStack();
    edit(stack);
    const found = read(stack).unreadable;
    expect(found.map((entry) => entry.path)).toContain(path);
    expect(found.every((entry) => entry.why !== "")).toBe(true);
  });

  test("is said: a name that stands twice, and where", () => {
    const text = textOf(ownerStack()).replace('"locals": {', '"locals": {\n    "payments_us-east-1-policy": {},');
    const [found] = readSynthesizedStack("x", text).unreadable;
    expect(found).toEqual({ path: "/locals/payments_us-east-1-policy", why: "stands twice in its object" });
  });

  test("is said: text that is no JSON at all", () => {
    expect(readSynthesizedStack("x", "{").unreadable[0]?.path).toBe("");
    expect(readSynthesizedStack("x", "[]").unreadable[0]?.why).toBe("has to be an object");
  });

  test("leaves no account where places disagree", () => {
    const stack = ownerStack();
    Object.assign(stack["//"].orgkeys, { accountId: "320000000001" });
    expect(read(stack).accountId).toBeUndefined();
  });

  test("leaves policies that decide nothing for certain", () => {
    const stack = ownerStack();
    statement(stack, { Principal: { Aws: "*" } });
    const [first] = read(stack).keys;
    expect(first?.policy?.statements[0]).toMatchObject({ understood: false, principal: { names: [{ type: "Any" }] } });
  });
});

test.each([
  ["an Allow for some", { Effect: "Allow", Action: "kms:*" }, "/Effect"],
  ["a principal of its own", { Principal: { AWS: "310000000001" } }, "/Principal"],
  ["NotAction", { Action: undefined, NotAction: "kms:Decrypt" }, "/NotAction"],
])("an RCP that AWS would refuse is not understood: %s", (_name, change, at) => {
  const stack = guardrailStack();
  stack.locals["rcp-policy"] = {
    Version: "2012-10-17",
    Statement: { Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*", ...change },
  };
  expect(read(stack).unreadable.map(({ path }) => path)).toEqual([`/locals/rcp-policy/Statement${at}`]);
});

describe("a JSON pointer", () => {
  const text = textOf(ownerStack());
  const lines = text.split("\n");

  test("leads to the line of every statement and every resource", () => {
    const stack = read(ownerStack());
    const pointers = stack.keys.flatMap((entry) => [
      entry.path,
      ...(entry.policy?.statements ?? []).map(({ path }) => path),
    ]);
    const positions = locatePointers(text, pointers);
    expect([...positions.keys()].sort()).toEqual([...new Set(pointers)].sort());
    const at = (pointer: string) => lines[(positions.get(pointer)?.line ?? 0) - 1];
    expect(at("/resource/aws_kms_key/payments_us-east-1")).toContain('"payments_us-east-1": {');
    const start = positions.get("/locals/payments_us-east-1-policy/Statement/1")?.line ?? 0;
    expect(lines.slice(start, start + 2).join()).toContain("UsePayments");
  });

  test("leads nowhere when there is nothing", () => {
    expect(locatePointers(text, ["/nowhere"]).size).toBe(0);
  });

  test("counts lines and columns from one, and reads escapes in names", () => {
    const small = '{"a": 1,\n  "b/\\u00e9": [10, {"c~": "x\\"y"}]}';
    expect([...locatePointers(small, ["/a", "/b~1é", "/b~1é/0", "/b~1é/1/c~0"])]).toEqual([
      ["/a", { line: 1, column: 2 }],
      ["/b~1é", { line: 2, column: 3 }],
      ["/b~1é/0", { line: 2, column: 16 }],
      ["/b~1é/1/c~0", { line: 2, column: 21 }],
    ]);
  });
});
