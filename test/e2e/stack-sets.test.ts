import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActivateOrganizationsAccessCommand } from "@aws-sdk/client-cloudformation";
import { GetKeyPolicyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { ListAccountsCommand } from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Emulator, type Environment, startEmulator } from "./emulator";
import { type HandWrittenStack, type JsonObject, writeStack } from "./hand-written-stack";
import { apply, expectNoChanges, init, showPlanJson, terraformVariables } from "./terraform";

const MANAGEMENT = "444444444444";

const guardrail = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*" }],
};

const template = {
  Resources: {
    Key: {
      Type: "AWS::KMS::Key",
      DeletionPolicy: "Retain",
      Properties: {
        KeyPolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: { "Fn::Sub": `arn:aws:iam::\${AWS::AccountId}:root` } },
              Action: "kms:*",
              Resource: "*",
            },
          ],
        },
      },
    },
  },
};

/** A service-managed StackSet on an OU with one account and a resource control policy. */
function managementStack(stackSet: JsonObject): HandWrittenStack {
  const afterOrganization = { depends_on: ["aws_organizations_organization.org"] };
  const pci = `\${aws_organizations_organizational_unit.pci.id}`;
  return {
    accountId: MANAGEMENT,
    partition: "aws",
    regions: ["us-east-1"],
    locals: { guardrail },
    resource: {
      aws_organizations_organization: {
        org: { feature_set: "ALL", enabled_policy_types: ["RESOURCE_CONTROL_POLICY"] },
      },
      aws_organizations_organizational_unit: {
        pci: { name: "PCI", parent_id: `\${aws_organizations_organization.org.roots[0].id}` },
      },
      aws_organizations_account: { member: { name: "pci-prod", email: "pci@example.com", parent_id: pci } },
      aws_organizations_policy: {
        guardrail: {
          name: "pci",
          type: "RESOURCE_CONTROL_POLICY",
          content: `\${jsonencode(local.guardrail)}`,
          ...afterOrganization,
        },
      },
      aws_organizations_policy_attachment: {
        guardrail: { policy_id: `\${aws_organizations_policy.guardrail.id}`, target_id: pci },
      },
      aws_cloudformation_stack_set: {
        pci: {
          name: "orgkeys-pci",
          permission_model: "SERVICE_MANAGED",
          // Text, not a local: a template's own `\${…}` has to reach CloudFormation as it is.
          template_body: JSON.stringify(template).replaceAll("${", () => "$${"),
          ...stackSet,
          ...afterOrganization,
        },
      },
      aws_cloudformation_stack_instances: {
        pci: {
          stack_set_name: `\${aws_cloudformation_stack_set.pci.name}`,
          regions: ["us-east-1"],
          deployment_targets: [{ organizational_unit_ids: [pci] }],
          depends_on: ["aws_organizations_account.member"],
        },
      },
    },
  };
}

let folder: string;
let directory: string;
let emulator: Emulator;
let environment: Environment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-e2e-"));
  emulator = await startEmulator({ name: "stack-sets" });
  environment = { ...emulator.environment(), ...terraformVariables(folder) };
  const stackSet = {
    auto_deployment: [{ enabled: true, retain_stacks_on_account_removal: false }],
    capabilities: ["CAPABILITY_NAMED_IAM"],
  };
  directory = writeStack(folder, "management", managementStack(stackSet));
  const management = await emulator.clientsFor({ accountId: MANAGEMENT, region: "us-east-1" });
  await management.cloudFormation.send(new ActivateOrganizationsAccessCommand({}));
  await init(directory, environment);
  await apply(directory, environment);
});

afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("an organization with a service-managed StackSet and a guardrail has nothing to change once it is applied", async () => {
  await expectNoChanges(directory, environment);
});

test("the StackSet made its key in the OU's account, with a readable policy", async () => {
  const management = await emulator.clientsFor({ accountId: MANAGEMENT, region: "us-east-1" });
  const { Accounts = [] } = await management.organizations.send(new ListAccountsCommand({}));
  const accountId = Accounts.find((account) => account.Name === "pci-prod")?.Id ?? "";
  const { kms } = await emulator.clientsFor({ accountId, region: "us-east-1" });
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  expect(Keys).toHaveLength(1);
  const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId: Keys[0]?.KeyId }));
  expect(JSON.parse(Policy).Statement[0].Principal).toEqual({ AWS: `arn:aws:iam::${accountId}:root` });
});

test("a StackSet's deployment settings change in place", async () => {
  const stackSet = {
    auto_deployment: [{ enabled: true, retain_stacks_on_account_removal: true }],
    capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
  };
  writeStack(folder, "management", managementStack(stackSet));
  const { resource_changes = [] } = await showPlanJson(directory, environment);
  const changed = resource_changes.filter(({ change }) => change.actions.join() !== "no-op");
  expect(changed.map(({ address, change }) => [address, change.actions])).toEqual([
    ["aws_cloudformation_stack_set.pci", ["update"]],
  ]);
  await apply(directory, environment);
  await expectNoChanges(directory, environment);
});
