import { describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { guardrailStack, textOf } from "./stack-fixture";

type Fields = Record<string, unknown>;

const template_body = JSON.stringify({ Resources: {} });

/** A stack with one StackSet, and its instances. */
function read(instances: Fields | undefined, stackSet: Fields = {}) {
  const stack = guardrailStack();
  stack.locals = {};
  stack.resource = {
    aws_cloudformation_stack_set: {
      keys: { provider: "aws.us-east-1", name: "orgkeys-pci", template_body, ...stackSet },
    },
    ...(instances === undefined
      ? {}
      : {
          aws_cloudformation_stack_instances: {
            keys: {
              provider: "aws.us-east-1",
              stack_set_name: "${aws_cloudformation_stack_set.keys.name}",
              regions: ["us-east-1"],
              ...instances,
            },
          },
        }),
  };
  const { stackSets, unreadable } = readSynthesizedStack("acme.rollouts.pci", textOf(stack));
  return { stackSets, unreadable: unreadable.map(({ path, why }) => `${path}: ${why}`) };
}

const instances = "/resource/aws_cloudformation_stack_instances/keys";
const stackSet = "/resource/aws_cloudformation_stack_set/keys";
const ous = ["ou-ab12-11111111"];
const accounts = ["310000000002"];

describe("a StackSet's targets", () => {
  test("are none without instances", () => {
    expect(read(undefined)).toEqual({
      stackSets: [
        {
          document: "acme.rollouts.pci",
          path: stackSet,
          address: "aws_cloudformation_stack_set.keys",
          name: "orgkeys-pci",
          permissionModel: "SELF_MANAGED",
          autoDeployment: undefined,
          preventsDestroy: false,
          tags: {},
          template: {
            document: "acme.rollouts.pci",
            path: `${stackSet}/template_body`,
            body: { Resources: {} },
            isText: true,
            parameters: {},
            bytes: 16,
          },
          ous: [],
          accountIds: [],
          regions: [],
          instances: [],
        },
      ],
      unreadable: [],
    });
  });

  test.each<[name: string, instances: Fields, ous: string[], accountIds: string[], stackSet?: Fields]>([
    ["OUs", { deployment_targets: { organizational_unit_ids: ous } }, ous, []],
    ["OUs in a list of one block", { deployment_targets: [{ organizational_unit_ids: ous }] }, ous, []],
    ["accounts of a StackSet that manages itself", { accounts }, [], accounts],
    [
      "accounts beside OUs",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "UNION" } },
      ous,
      accounts,
    ],
    [
      "accounts beside OUs, which is what no filter means",
      { deployment_targets: { organizational_unit_ids: ous, accounts } },
      ous,
      accounts,
    ],
    [
      "accounts beside OUs without filter",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "NONE" } },
      ous,
      accounts,
    ],
    [
      "OUs of which accounts only pick",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "INTERSECTION" } },
      ous,
      [],
    ],
    [
      "OUs of which accounts are left out",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "DIFFERENCE" } },
      ous,
      [],
    ],
    [
      "no OU, but the accounts that are picked, when nobody comes by automatic deployment",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "INTERSECTION" } },
      [],
      accounts,
      { auto_deployment: { enabled: false } },
    ],
    [
      "OUs of which accounts are left out, also without automatic deployment",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "DIFFERENCE" } },
      ous,
      [],
      { auto_deployment: [{ enabled: "false" }] },
    ],
    [
      "OUs of which accounts only pick, when nobody can tell about automatic deployment",
      { deployment_targets: { organizational_unit_ids: ous, accounts, account_filter_type: "INTERSECTION" } },
      ous,
      [],
      { auto_deployment: { retain_stacks_on_account_removal: true } },
    ],
    [
      "accounts that pick from no OU",
      { deployment_targets: { accounts, account_filter_type: "INTERSECTION" } },
      [],
      accounts,
    ],
  ])("are %s", (_name, given, expectedOus, accountIds, more = {}) => {
    const { stackSets, unreadable } = read(given, more);
    expect(unreadable).toEqual([]);
    expect(stackSets).toMatchObject([{ ous: expectedOus, accountIds, regions: ["us-east-1"] }]);
  });

  test("are those of all instances that name it", () => {
    const stack = guardrailStack();
    const of = (target: string, regions: string[]) => ({
      provider: "aws.us-east-1",
      stack_set_name: "${aws_cloudformation_stack_set.keys.id}",
      deployment_targets: { organizational_unit_ids: [target] },
      regions,
    });
    stack.resource = {
      aws_cloudformation_stack_set: {
        keys: { provider: "aws.us-east-1", name: "a", template_body },
        other: { provider: "aws.us-east-1", name: "b", template_body },
      },
      aws_cloudformation_stack_instances: { a: of("ou-1", ["us-east-1"]), b: of("ou-2", ["us-west-2"]) },
    };
    expect(readSynthesizedStack("x", textOf(stack)).stackSets).toMatchObject([
      { ous: ["ou-1", "ou-2"], regions: ["us-east-1", "us-west-2"] },
      { ous: [], regions: [] },
    ]);
  });
});

describe("what nobody can tell of a StackSet is said", () => {
  test.each<[name: string, instances: Fields, where: string]>([
    ["no target", {}, `${instances}: names neither accounts nor deployment_targets`],
    [
      "a target of nothing",
      { deployment_targets: {} },
      `${instances}/deployment_targets: names neither OUs nor accounts`,
    ],
    ["no Region", { accounts, regions: undefined }, `${instances}/regions: regions has to be a list of texts`],
    [
      "OUs by an expression",
      { deployment_targets: { organizational_unit_ids: "${var.ous}" } },
      `${instances}/deployment_targets/organizational_unit_ids: organizational_unit_ids has to be a list of texts`,
    ],
    [
      "accounts from elsewhere",
      { deployment_targets: { organizational_unit_ids: ous, accounts_url: "s3://b/k" } },
      `${instances}/deployment_targets/accounts_url: nobody knows here which accounts it names`,
    ],
    [
      "a filter by an expression",
      { deployment_targets: { organizational_unit_ids: ous, account_filter_type: "${var.x}" } },
      `${instances}/deployment_targets/account_filter_type: there is no filter "\${var.x}"`,
    ],
    [
      "parameters of some instances",
      { accounts, parameter_overrides: { A: "b" } },
      `${instances}/parameter_overrides: parameters that some instances have to themselves are not understood here`,
    ],
    ["an unknown argument", { accounts, for_each: {} }, `${instances}/for_each: unknown argument for_each`],
    [
      "an unknown argument of its targets",
      { deployment_targets: { organizational_unit_ids: ous, root: "r-1" } },
      `${instances}/deployment_targets/root: unknown argument root`,
    ],
    [
      "a StackSet that is not there",
      { accounts, stack_set_name: "${aws_cloudformation_stack_set.gone.name}" },
      `${instances}/stack_set_name: there is no aws_cloudformation_stack_set.gone`,
    ],
    [
      "a StackSet of elsewhere",
      { accounts, stack_set_name: "orgkeys" },
      `${instances}/stack_set_name: stack_set_name has to refer to a resource of this stack (aws_cloudformation_stack_set), found "orgkeys"`,
    ],
  ])("%s", (_name, given, where) => {
    expect(read(given).unreadable).toEqual([where]);
  });

  test.each<[name: string, given: Fields, where: string]>([
    ["no template", { template_body: undefined }, `${stackSet}/template_body: template_body is missing`],
    [
      "a template that is no JSON",
      { template_body: "Resources:" },
      `${stackSet}/template_body: the template is not JSON`,
    ],
    [
      "a template that is no object",
      { template_body: "[]" },
      `${stackSet}/template_body: a template has to be an object`,
    ],
    [
      "a template by an expression",
      { template_body: "${file(var.x)}" },
      `${stackSet}/template_body: template_body is neither a template text nor jsonencode of a local: "\${file(var.x)}"`,
    ],
    [
      "a template that is not there",
      { template_body: "${jsonencode(local.keys-template)}" },
      `${stackSet}/template_body: there is no local keys-template`,
    ],
    [
      "its template's address",
      { template_url: "https://x" },
      `${stackSet}/template_url: nobody knows here what the template at an address says`,
    ],
    [
      "a parameter by an expression",
      { parameters: { A: "${var.x}" } },
      `${stackSet}/parameters/A: is an expression: \${var.x}`,
    ],
    [
      "automatic deployment by more than is known",
      { auto_deployment: { enabled: true, depends_on_stack_sets: [] } },
      `${stackSet}/auto_deployment/depends_on_stack_sets: unknown argument depends_on_stack_sets`,
    ],
    ["an unknown argument", { count: 2 }, `${stackSet}/count: unknown argument count`],
    [
      "changes that are ignored",
      { lifecycle: { ignore_changes: ["template_body"] } },
      `${stackSet}/lifecycle/ignore_changes: Terraform leaves in AWS whatever is there: ["template_body"]`,
    ],
  ])("%s", (_name, given, where) => {
    expect(read({ accounts }, given).unreadable).toEqual([where]);
  });

  test("but not the one argument that always changes", () => {
    const lifecycle = { ignore_changes: ["administration_role_arn"] };
    expect(read({ accounts }, { lifecycle, call_as: "DELEGATED_ADMIN" }).unreadable).toEqual([]);
  });
});
