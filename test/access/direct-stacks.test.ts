import { expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { guardrailStack, textOf } from "./stack-fixture";

function read(fields: Record<string, unknown>) {
  const stack = guardrailStack();
  stack.locals = { "roles-template": { Resources: { Role: "$${AWS::AccountId}" } } } as never;
  stack.resource = {
    aws_cloudformation_stack: {
      roles: {
        provider: "aws.us-east-1",
        name: "orgkeys-pci-access-roles",
        template_body: "${jsonencode(local.roles-template)}",
        capabilities: ["CAPABILITY_NAMED_IAM"],
        lifecycle: { prevent_destroy: true },
        ...fields,
      },
    },
  };
  const { directStacks, unreadable } = readSynthesizedStack("s", textOf(stack));
  return { directStacks, unreadable: unreadable.map(({ path, why }) => `${path}: ${why}`) };
}

const at = "/resource/aws_cloudformation_stack/roles";

test("a stack of CloudFormation has its template, with Terraform's escapes undone", () => {
  expect(read({ parameters: { A: "$${x}" } })).toEqual({
    directStacks: [
      {
        document: "s",
        path: at,
        address: "aws_cloudformation_stack.roles",
        name: "orgkeys-pci-access-roles",
        region: "us-east-1",
        tags: {},
        preventsDestroy: true,
        template: {
          document: "s",
          path: "/locals/roles-template",
          body: { Resources: { Role: "${AWS::AccountId}" } },
          isText: false,
          parameters: { A: "${x}" },
          bytes: 42,
        },
      },
    ],
    unreadable: [],
  });
});

test.each<[name: string, fields: Record<string, unknown>, why: string]>([
  ["replaced on failure", { on_failure: "DELETE" }, `${at}/on_failure: unknown argument on_failure`],
  ["made with another role's rights", { iam_role_arn: "x" }, `${at}/iam_role_arn: unknown argument iam_role_arn`],
  ["without a template", { template_body: undefined }, `${at}/template_body: template_body is missing`],
  ["of parameters that are no texts", { parameters: { A: ["x"] } }, `${at}/parameters/A: a parameter has to be a text`],
])("what nobody can tell of one that is %s is said", (_, fields, why) => {
  expect(read(fields).unreadable).toEqual([why]);
});
