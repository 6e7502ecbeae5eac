import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/readable";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const account = "pci-key-management";
const key = "payments_prod_us-east-1";
const resource = `/resource/aws_kms_key/${key}`;
const local = `/locals/${key}-policy`;
const keyAt = `${account} aws_kms_key.${key}`;

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("says where nobody can tell what is written", () => {
  test.each<[name: string, edit: (json: Json) => void, where: string, why: string, path: string]>([
    [
      "a key without a policy, which AWS gives its own",
      (json) => Reflect.deleteProperty(json.resource.aws_kms_key[key], "policy"),
      `${keyAt} ${resource}/policy`,
      "policy is missing",
      `${resource}/policy`,
    ],
    [
      "a policy that is an expression",
      (json) => Object.assign(json.resource.aws_kms_key[key], { policy: "${var.policy}" }),
      `${keyAt} ${resource}/policy`,
      'policy is neither a policy text nor jsonencode of a local: "${var.policy}"',
      `${resource}/policy`,
    ],
    [
      "an element of a policy, at the key that has it",
      (json) => Object.assign(json.locals[`${key}-policy`].Statement[0], { Effect: "Maybe" }),
      `${keyAt} ${local}/Statement/0/Effect`,
      'Effect has to be Allow or Deny, found "Maybe"',
      `${local}/Statement/0/Effect`,
    ],
    [
      "a condition key that is an expression, which Terraform reads as one",
      (json) => {
        json.locals[`${key}-policy`].Statement[0].Condition = { StringEquals: { "${local.a}": "x" } };
      },
      `${keyAt} ${local}/Statement/0/Condition/StringEquals/\${local.a}`,
      "the name is an expression: ${local.a}",
      `${local}/Statement/0/Condition/StringEquals/\${local.a}`,
    ],
    [
      "two parts of a policy that is text, in one finding",
      (json) =>
        Object.assign(json.resource.aws_kms_key[key], {
          policy: '{"A":1,"Version":"2012-10-17","B":2,"Statement":[]}',
        }),
      `${keyAt} ${resource}/policy`,
      "unknown element A; unknown element B",
      `${resource}/policy`,
    ],
    [
      "a changed policy that Terraform leaves as it is",
      (json) => Object.assign(json.resource.aws_kms_key[key].lifecycle, { ignore_changes: ["policy"] }),
      `${keyAt} ${resource}/lifecycle/ignore_changes`,
      'Terraform leaves in AWS whatever is there: ["policy"]',
      `${resource}/lifecycle/ignore_changes`,
    ],
    [
      "a changed alias that Terraform leaves as it is",
      (json) =>
        Object.assign(json.resource.aws_kms_alias["payments-prod_us-east-1"], {
          lifecycle: [{ ignore_changes: "all" }],
        }),
      `${account} aws_kms_alias.payments-prod_us-east-1 /resource/aws_kms_alias/payments-prod_us-east-1/lifecycle/0/ignore_changes`,
      'Terraform leaves in AWS whatever is there: ["all"]',
      `/resource/aws_kms_alias/payments-prod_us-east-1/lifecycle/0/ignore_changes`,
    ],
    [
      "a replacement on another resource's command",
      (json) => Object.assign(json.resource.aws_kms_key[key].lifecycle, { replace_triggered_by: ["x"] }),
      `${keyAt} ${resource}/lifecycle/replace_triggered_by`,
      "unknown argument replace_triggered_by",
      `${resource}/lifecycle/replace_triggered_by`,
    ],
    [
      "a grant that its own provider makes on the replica",
      (json) => Object.assign(json.resource.aws_kms_grant[`${key}_payments-batch`], { provider: "aws.us-west-2" }),
      `${account} aws_kms_grant.${key}_payments-batch /resource/aws_kms_grant/${key}_payments-batch/provider`,
      "the grant is made in us-west-2, and its key is in us-east-1",
      `/resource/aws_kms_grant/${key}_payments-batch/provider`,
    ],
    [
      "a grant that goes wherever the credentials lead",
      (json) => Reflect.deleteProperty(json.resource.aws_kms_grant[`${key}_payments-batch`], "provider"),
      `${account} aws_kms_grant.${key}_payments-batch /resource/aws_kms_grant/${key}_payments-batch/provider`,
      'there is no provider "aws"',
      `/resource/aws_kms_grant/${key}_payments-batch/provider`,
    ],
    [
      "a resource of a type that is not understood",
      (json) => Object.assign(json.resource, { aws_kms_key_policy: {} }),
      `${account} /resource/aws_kms_key_policy`,
      "resources of type aws_kms_key_policy are not understood here",
      "/resource/aws_kms_key_policy",
    ],
    [
      "the place of one key given to another",
      (json) => Object.assign(json, { moved: [{ from: "aws_kms_key.a", to: "aws_kms_key.b" }] }),
      `${account} /moved`,
      "moved blocks are not understood here",
      "/moved",
    ],
    [
      "a key taken over from elsewhere",
      (json) => Object.assign(json, { import: [{ id: "1234", to: "aws_kms_key.a" }] }),
      `${account} /import/0/to`,
      "there is no aws_kms_key.a",
      "/import/0/to",
    ],
    [
      "a provider of another publisher",
      (json) => Object.assign(json.terraform.required_providers.aws, { source: "example/aws" }),
      `${account} /terraform/required_providers/aws`,
      'has to be hashicorp/aws, found {"source":"example/aws","version":">= 5.100.0, < 7.0.0"}',
      "/terraform/required_providers/aws",
    ],
    [
      "one more provider",
      (json) => Object.assign(json.terraform.required_providers, { shell: { source: "example/shell" } }),
      `${account} /terraform/required_providers/shell`,
      'has to be hashicorp/aws, found {"source":"example/shell"}',
      "/terraform/required_providers/shell",
    ],
    [
      "state in a cloud beside the backend",
      (json) => Object.assign(json.terraform, { cloud: { organization: "example" } }),
      `${account} /terraform/cloud`,
      "unknown argument cloud",
      "/terraform/cloud",
    ],
    [
      "a policy for the session that deploys",
      (json) => Object.assign(json.provider.aws[0].assume_role[0], { policy_arns: ["x"] }),
      `${account} /provider/aws/0/assume_role/0/policy_arns`,
      "unknown argument policy_arns",
      "/provider/aws/0/assume_role/0/policy_arns",
    ],
  ])("%s", (_name, edit, where, why, path) => {
    expect(sample.edit(stack, edit).check([check])).toMatchObject([
      { where, why, severity: "critical", place: { document: stack, path } },
    ]);
  });

  test("a file that is no JSON", () => {
    const [only, ...more] = sample
      .withText(stack, "{")
      .check([check])
      .filter(({ where }) => where.includes("file"));
    expect(more).toEqual([]);
    expect(only).toMatchObject({ where: `${stack} file`, place: { document: stack, path: "" } });
    expect(only?.why).toMatch(/^is not JSON: /);
  });

  test("a consumer policy, by its own local and not by one whose name begins alike", () => {
    const payments = "commercial.regulated.pci.payments-prod";
    const local = "consumer_role_payments-api-policy";
    const edited = sample.edit(payments, (json) => {
      json.locals[`${local}-2`] = { ...json.locals[local], Version: "2020-01-01" };
      json.resource.aws_iam_policy["role_vault-tokenizer"].policy = `\${jsonencode(local.${local}-2)}`;
    });
    expect(edited.check([check]).map(({ where }) => where)).toEqual([
      `payments-prod aws_iam_policy.role_vault-tokenizer /locals/${local}-2/Version`,
    ]);
  });

  test("the places of the map behind a key that cannot be read", () => {
    const edited = sample.edit(stack, (json) => Object.assign(json.resource.aws_kms_key[key], { count: 2 }));
    expect(edited.check([check])).toMatchObject([{ sources: ["workloads/payments.yaml payments.environments.prod"] }]);
  });
});

describe("is content with", () => {
  test.each<[name: string, edit: (json: Json) => void]>([
    [
      "a description that Terraform leaves alone",
      (json) => Object.assign(json.resource.aws_kms_key[key].lifecycle, { ignore_changes: ["description"] }),
    ],
    [
      "an order of resources",
      (json) => Object.assign(json.resource.aws_kms_key[key], { depends_on: ["aws_kms_alias.x"] }),
    ],
    [
      "a lifecycle in a list",
      (json) => Object.assign(json.resource.aws_kms_key[key], { lifecycle: [{ prevent_destroy: true }] }),
    ],
    [
      "the registry's full name of the provider",
      (json) => Object.assign(json.terraform.required_providers.aws, { source: "registry.terraform.io/hashicorp/aws" }),
    ],
    [
      "required providers in a list",
      (json) => Object.assign(json.terraform, { required_providers: [json.terraform.required_providers] }),
    ],
    [
      "no required providers, which are these by default",
      (json) => Reflect.deleteProperty(json.terraform, "required_providers"),
    ],
    [
      "an external id and a duration of the deploy role",
      (json) => Object.assign(json.provider.aws[0].assume_role[0], { external_id: "x", duration: "15m" }),
    ],
    ["an output of its own", (json) => Object.assign(json.output, { note: { value: "hello" } })],
  ])("%s", (_name, edit) => {
    expect(sample.edit(stack, edit).check([check])).toEqual([]);
  });
});
