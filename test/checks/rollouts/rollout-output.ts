import { ZoneBoundaries } from "../../../modules/access/zone-boundary";
import { type Json, type Output, outputOf } from "../sample-output";
import { accessRoles, baselineKeys, baselineReplicas, keyEvents, keyEventsBus, pipelines } from "./rollout-templates";

export const rolloutStack = "commercial.rollouts.pci";
export const directStack = "commercial.rollouts.pci.pci-key-management";
/** It keeps the StackSets too, as no account of another zone does. */
const administrator = "310000000001";
const wholeZone = { organizational_unit_ids: ["ou-ab12-31000000"], account_filter_type: "NONE" };
const busAccount = {
  organizational_unit_ids: ["r-ab12"],
  account_filter_type: "INTERSECTION",
  accounts: ["310000000001"],
};

/** As Terraform writes a text that is no expression. */
function escaped(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll("${", () => "$${"));
}

function base(kind: string, accountId: string, state: string): Json {
  return {
    "//": { orgkeys: { schema: "orgkeys/stack/v1", kind, accountId, organization: "commercial", zone: "pci" } },
    provider: {
      aws: ["us-east-1", "us-west-2"].map((region) => ({
        alias: region,
        region,
        allowed_account_ids: [accountId],
        assume_role: [
          {
            role_arn: `arn:aws:iam::${accountId}:role/OrgKeysDeploy`,
            session_name: "orgkeys",
            tags: { Project: pipelines.project },
          },
        ],
      })),
    },
    terraform: {
      backend: { local: { path: `../../../state/${state}.tfstate` } },
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } },
    },
  };
}

interface Part {
  readonly template: Json;
  readonly targets: Json;
  readonly regions: readonly string[];
  readonly autoDeployment: boolean;
  readonly retain: boolean;
}

function stackSets(parts: Readonly<Record<string, Part>>): Json {
  const provider = "aws.us-east-1";
  const json: Json = {
    locals: {},
    resource: { aws_cloudformation_stack_set: {}, aws_cloudformation_stack_instances: {} },
  };
  for (const [id, { template, targets, regions, autoDeployment, retain }] of Object.entries(parts)) {
    json.locals[`${id}-template`] = escaped(template);
    json.resource.aws_cloudformation_stack_set[id] = {
      provider,
      name: `orgkeys-${id.replaceAll("_", "-")}`,
      description: "what every account of zone pci gets",
      call_as: "SELF",
      permission_model: "SERVICE_MANAGED",
      auto_deployment: autoDeployment
        ? { enabled: true, retain_stacks_on_account_removal: retain }
        : { enabled: false },
      managed_execution: { active: true },
      operation_preferences: { max_concurrent_count: 1, failure_tolerance_count: 0, region_order: regions },
      capabilities: ["CAPABILITY_NAMED_IAM"],
      template_body: `\${jsonencode(local.${id}-template)}`,
      tags: { Zone: "pci" },
      timeouts: { update: "12h" },
      lifecycle: { prevent_destroy: true, ignore_changes: ["administration_role_arn"] },
    };
    json.resource.aws_cloudformation_stack_instances[id] = {
      provider,
      stack_set_name: `\${aws_cloudformation_stack_set.${id}.name}`,
      call_as: "SELF",
      deployment_targets: targets,
      regions,
      retain_stacks: retain,
      operation_preferences: { concurrency_mode: "STRICT_FAILURE_TOLERANCE" },
      timeouts: { create: "12h", update: "12h", delete: "12h" },
      lifecycle: { prevent_destroy: true },
    };
  }
  return json;
}

function rolloutsOfPci(): Json {
  const home = { targets: wholeZone, regions: ["us-east-1"], autoDeployment: true };
  return {
    ...base("rollouts", administrator, `${administrator}-rollouts-pci`),
    ...stackSets({
      "pci_access-roles": { ...home, template: accessRoles(), retain: false },
      "pci_baseline-keys": { ...home, template: baselineKeys(), retain: true },
      "pci_baseline-keys_replicas": { ...home, template: baselineReplicas(), regions: ["us-west-2"], retain: true },
      "pci_key-events_bus": {
        ...home,
        template: keyEventsBus(),
        targets: busAccount,
        autoDeployment: false,
        retain: false,
      },
      "pci_key-events": { ...home, template: keyEvents(), regions: ["us-east-1", "us-west-2"], retain: false },
    }),
  };
}

/** Of the account that keeps StackSets, whose deploy role is there before they are. */
function directInPci(): Json {
  const id = "pci_access-roles_us-east-1";
  const of = base("direct-rollouts", administrator, `${administrator}-direct-rollouts-pci`);
  of["//"].orgkeys.directStacks = {
    [id]: {
      rollout: "pci.access-roles",
      template: "access-roles",
      sources: ["rollouts.yaml pci.templates.access-roles"],
    },
  };
  return {
    ...of,
    import: [{ to: `aws_cloudformation_stack.${id}`, id: "orgkeys-pci-access-roles" }],
    locals: { [`${id}-template`]: escaped(accessRoles()) },
    resource: {
      aws_cloudformation_stack: {
        [id]: {
          provider: "aws.us-east-1",
          name: "orgkeys-pci-access-roles",
          capabilities: ["CAPABILITY_NAMED_IAM"],
          template_body: `\${jsonencode(local.${id}-template)}`,
          tags: { Zone: "pci" },
          lifecycle: { prevent_destroy: true },
        },
      },
    },
  };
}

/** Zone pci of the sample organization, and the guardrails of all, with rollouts of its own: StackSets, and a stack where they do not go. */
export function rolloutOutput(): Output {
  const sample = outputOf("config");
  const zones = sample.rules.zones.all.map((zone) =>
    zone.name === "pci"
      ? {
          ...zone,
          rolloutAdministratorId: administrator,
          externalId: pipelines.externalId,
          pipelines: {
            deploy: [pipelines.deploy],
            audit: [pipelines.audit],
            sessionTags: { Project: pipelines.project },
          },
        }
      : zone,
  );
  return [...sample.texts.keys()]
    .filter((name) => !/pci|\.guardrails\./.test(name))
    .reduce((output, name) => output.without(name), sample)
    .withRules({ zones: new ZoneBoundaries(zones) })
    .withText(rolloutStack, JSON.stringify(rolloutsOfPci(), null, 2))
    .withText(directStack, JSON.stringify(directInPci(), null, 2));
}
