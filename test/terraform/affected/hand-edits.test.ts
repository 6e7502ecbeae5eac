import { describe, expect, test } from "@jest/globals";
import { affectedStacks } from "../../../modules/terraform/affected/affected-stacks";
import type { Json } from "../../checks/sample-output";
import { affected, comparedTexts, reasonLines, type Texts, textsAfter } from "./affected-small";

const base = textsAfter();
const keys = "acme.security.keys";
const consumer = "acme.workloads.prod.shop-prod";
const guardrails = "acme.guardrails.corporate";
const rollouts = "acme.rollouts.corporate";
const direct = "acme.rollouts.corporate.management";

const ledger = "ledger_us-east-1";
const ledgerReplica = "ledger_us-west-2";

/** The output with one stack's JSON edited by hand. */
function edited(stack: string, change: (json: Json) => void): Texts {
  const json: Json = JSON.parse(base.get(stack) ?? "");
  change(json);
  return new Map([...base, [stack, JSON.stringify(json, null, 2)]]);
}

/** What is told of the one stack that is edited. */
function reasons(stack: string, change: (json: Json) => void): string[] {
  const found = affected(base, edited(stack, change));
  expect(found.map((each) => each.stack)).toEqual([stack]);
  return found.flatMap(reasonLines);
}

const first = <Value>(fields: Record<string, Value>): [string, Value] => {
  const [entry] = Object.entries(fields);
  if (entry === undefined) throw new Error("there is none");
  return entry;
};

type Case = readonly [name: string, stack: string, change: (json: Json) => void, ...reasons: string[]];

const cases: readonly Case[] = [
  [
    "a disabled key",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].is_enabled = false;
    },
    `enabled-changed aws_kms_key.${ledger} is_enabled: true -> false`,
  ],
  [
    "a disabled replica",
    keys,
    (json) => {
      json.resource.aws_kms_replica_key[ledgerReplica].enabled = false;
    },
    `enabled-changed aws_kms_replica_key.${ledgerReplica} enabled: true -> false`,
  ],
  [
    "a key that may be destroyed",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].lifecycle.prevent_destroy = false;
    },
    `lifecycle-changed aws_kms_key.${ledger} lifecycle: {"prevent_destroy":true} -> {"prevent_destroy":false}`,
  ],
  [
    "no rotation",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].enable_key_rotation = false;
      delete json.resource.aws_kms_key[ledger].rotation_period_in_days;
    },
    `rotation-changed aws_kms_key.${ledger} enable_key_rotation: true -> false; rotation_period_in_days: 365 -> none`,
  ],
  [
    "another spec, which replaces the key",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].customer_master_key_spec = "RSA_2048";
    },
    `key-changed aws_kms_key.${ledger} customer_master_key_spec: none -> RSA_2048`,
  ],
  [
    "an argument that nobody here knows",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].bypass_policy_lockout_safety_check = true;
    },
    `key-changed aws_kms_key.${ledger} bypass_policy_lockout_safety_check: none -> true`,
  ],
  [
    "an alias with another target",
    keys,
    (json) => {
      json.resource.aws_kms_alias[ledger].target_key_id = "${aws_kms_key.ledger__ebs_us-east-1.key_id}";
    },
    `alias-moved aws_kms_alias.${ledger} target_key_id: \${aws_kms_key.ledger_us-east-1.key_id} -> \${aws_kms_key.ledger__ebs_us-east-1.key_id}`,
  ],
  [
    "an alias with another name",
    keys,
    (json) => {
      json.resource.aws_kms_alias[ledger].name = "alias/books";
    },
    `alias-changed aws_kms_alias.${ledger} name: alias/ledger -> alias/books`,
  ],
  [
    "a policy that lets in one more",
    keys,
    (json) => {
      json.locals[`${ledger}-policy`].Statement.push({
        Effect: "Allow",
        Principal: "*",
        Action: "kms:*",
        Resource: "*",
      });
    },
    `key-policy-changed aws_kms_key.${ledger} 1 statement added ({"Action":["kms:*"],"Effect":"Allow","Principal":"*","Resou…)`,
  ],
  [
    "a policy with another version",
    keys,
    (json) => {
      json.locals[`${ledger}-policy`].Version = "2008-10-17";
    },
    `key-policy-changed aws_kms_key.${ledger} Version`,
  ],
  [
    "a policy that is another local",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].policy = "${jsonencode(local.shared_confidential_prod_us-east-1-policy)}";
    },
    expect.stringContaining(`key-policy-changed aws_kms_key.${ledger} `) as unknown as string,
  ],
  [
    "a policy that is an expression",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].policy = '${file("policy.json")}';
    },
    `key-policy-changed aws_kms_key.${ledger} written another way`,
  ],
  [
    "a variable where a literal was",
    keys,
    (json) => {
      const [statement] = json.locals[`${ledger}-policy`].Statement;
      statement.Sid = "${var.sid}";
    },
    expect.stringContaining(`key-policy-changed aws_kms_key.${ledger} 1 statement added (`) as unknown as string,
  ],
  [
    "a key in another Region",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].provider = "aws.us-west-2";
    },
    `key-changed aws_kms_key.${ledger} provider: aws.us-east-1 -> aws.us-west-2`,
  ],
  [
    "a grant for somebody else",
    keys,
    (json) => {
      const [, grant] = first<Json>(json.resource.aws_kms_grant);
      grant.grantee_principal = "arn:aws:iam::210000000001:role/else";
    },
    expect.stringMatching(
      /^grant-changed aws_kms_grant\.\S+ grantee_principal: \S+ -> \S+role\/else$/,
    ) as unknown as string,
  ],
  [
    "a role that Terraform becomes",
    keys,
    (json) => {
      json.provider.aws[0].assume_role[0].role_arn = "arn:aws:iam::100000000001:role/Other";
    },
    "provider-changed aws.us-east-1 assume_role.role_arn: arn:aws:iam::100000000001:role/OrgKeysDeploy -> arn:aws:iam::100000000001:role/Other",
  ],
  [
    "a Region that a provider is for",
    keys,
    (json) => {
      json.provider.aws[1].region = "eu-west-1";
    },
    "provider-changed aws.us-west-2 region: us-west-2 -> eu-west-1",
  ],
  [
    "one more provider",
    keys,
    (json) => {
      json.provider.aws.push({ alias: "eu-west-1", region: "eu-west-1" });
    },
    "provider-changed aws.eu-west-1 added",
  ],
  [
    "another version of Terraform",
    keys,
    (json) => {
      json.terraform.required_version = ">= 1.11.0";
    },
    "requirements-changed required_version: >= 1.10.0 -> >= 1.11.0",
  ],
  [
    "another version of the provider",
    keys,
    (json) => {
      json.terraform.required_providers.aws.version = "6.0.0";
    },
    expect.stringMatching(/^requirements-changed aws/) as unknown as string,
  ],
  [
    "a backend of another kind",
    keys,
    (json) => {
      json.terraform.backend = { local: { path: "../../../state/100000000001.tfstate" } };
    },
    "state-moved local, s3",
  ],
  [
    "experiments of Terraform",
    keys,
    (json) => {
      json.terraform.experiments = ["x"];
    },
    "other terraform.experiments",
  ],
  [
    "a key to adopt",
    keys,
    (json) => {
      json.import = { to: `aws_kms_key.${ledger}`, id: "mrk-1" };
    },
    `import-changed aws_kms_key.${ledger} added`,
  ],
  [
    "a key to let go",
    keys,
    (json) => {
      json.removed = [{ from: "aws_kms_key.old", lifecycle: { destroy: false } }];
    },
    "let-go-changed aws_kms_key.old added",
  ],
  [
    "a resource with another address",
    keys,
    (json) => {
      json.moved = [{ from: "aws_kms_key.a", to: "aws_kms_key.b" }];
    },
    "moved-changed aws_kms_key.a to aws_kms_key.b added",
  ],
  [
    "a variable",
    keys,
    (json) => {
      json.variable = { password: { type: "string" } };
    },
    "variable-changed var.password added",
  ],
  [
    "an output",
    keys,
    (json) => {
      json.output[ledger].value = "x";
    },
    `output-changed output.${ledger} value`,
  ],
  [
    "a lookup",
    keys,
    (json) => {
      json.data = { aws_kms_key: { other: { key_id: "alias/other" } } };
    },
    "lookup-changed data.aws_kms_key.other added",
  ],
  [
    "a local that something else uses",
    keys,
    (json) => {
      json.locals.extra = 1;
    },
    "other local.extra",
  ],
  [
    "a resource of another type",
    keys,
    (json) => {
      json.resource.aws_s3_bucket = { logs: { bucket: "logs" } };
    },
    "other aws_s3_bucket.logs added",
  ],
  [
    "a module",
    keys,
    (json) => {
      json.module = { keys: { source: "./keys" } };
    },
    "other module",
  ],
  [
    "another order of resources",
    keys,
    (json) => {
      json.resource.aws_kms_alias[ledger].depends_on = ["aws_kms_key.other"];
    },
    `order-changed aws_kms_alias.${ledger} depends_on: none -> ["aws_kms_key.other"]`,
  ],
  [
    "a tag that looks like a comment",
    keys,
    (json) => {
      json.resource.aws_kms_key[ledger].tags["//"] = "x";
    },
    `tags-changed aws_kms_key.${ledger} //`,
  ],
  [
    "a consumer policy with another path, which replaces it",
    consumer,
    (json) => {
      json.resource.aws_iam_policy["role_shop-api"].description = "Another";
    },
    "consumer-policy-changed aws_iam_policy.role_shop-api ",
  ],
  [
    "a consumer policy for another role",
    consumer,
    (json) => {
      json.resource.aws_iam_role_policy_attachment["role_shop-api"].role = "other";
    },
    "consumer-policy-attached aws_iam_role_policy_attachment.role_shop-api role: shop-api -> other",
  ],
  [
    "a guardrail in another order, which the provider writes anew",
    guardrails,
    (json) => {
      const [name] = first<Json>(json.resource.aws_organizations_policy);
      json.locals[`${name}-policy`].Statement.reverse();
    },
    expect.stringMatching(/^guardrail-policy-changed .* only the order$/) as unknown as string,
  ],
  [
    "a guardrail of another type",
    guardrails,
    (json) => {
      const [, policy] = first<Json>(json.resource.aws_organizations_policy);
      policy.type = "TAG_POLICY";
    },
    expect.stringMatching(/^guardrail-changed \S+ type: \S+ -> TAG_POLICY$/) as unknown as string,
  ],
  [
    "parameters of a StackSet",
    rollouts,
    (json) => {
      const [, stackSet] = first<Json>(json.resource.aws_cloudformation_stack_set);
      stackSet.parameters = { A: "b" };
    },
    expect.stringMatching(/^rollout-parameters-changed \S+ parameters: none -> {"A":"b"}$/) as unknown as string,
  ],
  [
    "a StackSet that stays in accounts that leave",
    rollouts,
    (json) => {
      const [, stackSet] = first<Json>(json.resource.aws_cloudformation_stack_set);
      stackSet.auto_deployment.retain_stacks_on_account_removal = true;
    },
    expect.stringMatching(/^rollout-targets-changed /) as unknown as string,
  ],
  [
    "a template with one more resource",
    direct,
    (json) => {
      const [name] = first<Json>(json.resource.aws_cloudformation_stack);
      json.locals[`${name}-template`].Resources.Extra = { Type: "AWS::KMS::Key" };
    },
    expect.stringMatching(/^rollout-template-changed \S+ Resources: 1 added \(Extra\)$/) as unknown as string,
  ],
];

describe("a hand's edit of a stack has its reason", () => {
  test.each(cases)("%s", (_, stack, change, ...expected) => {
    expect(reasons(stack, change)).toEqual(expected.map((text) => (typeof text === "string" ? text.trim() : text)));
  });

  test("resources as a list of blocks are others, which nobody here writes", () => {
    const found = reasons(keys, (json) => {
      json.resource = [json.resource];
    });
    expect(found).toContain(`key-removed aws_kms_key.${ledger}`);
  });

  test.each([
    ["text that is no JSON", "{"],
    ["a list", "[]"],
    ["a name that stands twice", '{"locals": {"a": 1, "a": 2}}'],
    ["more digits than can be compared", '{"locals": {"a": 12345678901234567890}}'],
    ["a number with a power", '{"locals": {"a": 1e400}}'],
  ])("%s counts as affected", (_, text) => {
    const [stack, ...others] = affected(base, new Map([...base, [keys, text]]));
    expect(others).toEqual([]);
    expect(stack?.stack).toBe(keys);
    expect(stack?.summary).toBe("unreadable");
  });

  test("a stack without its JSON counts as affected", () => {
    const files = comparedTexts(base);
    const without = { ...files, filesOf: (name: string) => ({ ...files.filesOf(name), json: undefined }) };
    expect(affectedStacks(files, without).map(({ summary }) => summary)).toEqual(
      [...base.keys()].map(() => "unreadable"),
    );
  });
});

describe("files beside a stack's JSON", () => {
  const beside = (...files: (readonly [string, string])[]) => comparedTexts(base, new Map([[keys, new Map(files)]]));

  test.each([
    ["that come", beside(), beside(["override.tf", ""]), "file-changed override.tf added"],
    ["that go", beside(["terraform.tfvars", ""]), beside(), "file-changed terraform.tfvars removed"],
    ["that change", beside(["a.tf", "1"]), beside(["a.tf", "2"]), "file-changed a.tf"],
    [
      "that choose other providers",
      beside([".terraform.lock.hcl", "1"]),
      beside([".terraform.lock.hcl", "2"]),
      "file-changed .terraform.lock.hcl",
    ],
  ])("%s are a reason", (_, before, after, expected) => {
    const found = affectedStacks(before, after);
    expect(found.map(({ stack }) => stack)).toEqual([keys]);
    expect(found.flatMap(reasonLines)).toEqual([expected]);
  });

  test("are none where terraform init alone has written one", () => {
    expect(affectedStacks(beside(), beside([".terraform.lock.hcl", "1"]))).toEqual([]);
  });
});

describe("stacks", () => {
  const renamed = (from: string, to: string): Texts =>
    new Map([...base].map(([name, text]) => [name === from ? to : name, text]));

  test("go on with their state, whatever they are called", () => {
    const [stack, ...others] = affected(base, renamed(consumer, "acme.elsewhere.shop-prod"));
    expect(others).toEqual([]);
    expect(stack).toMatchObject({ stack: "acme.elsewhere.shop-prod", before: consumer, summary: "stack renamed" });
  });

  test("that change names are two that are renamed", () => {
    const texts = new Map(base);
    texts.set(consumer, base.get(keys) ?? "");
    texts.set(keys, base.get(consumer) ?? "");
    expect(affected(base, texts).map(({ before, after }) => [before, after])).toEqual([
      [consumer, keys],
      [keys, consumer],
    ]);
  });

  test("that come and go are both told", () => {
    const without = new Map([...base].filter(([name]) => name !== consumer));
    expect(affected(base, without)).toMatchObject([{ stack: consumer, after: undefined, summary: "stack removed" }]);
    expect(affected(without, base)).toMatchObject([{ stack: consumer, before: undefined, summary: "stack added" }]);
  });
});
