import { nameOrder } from "../../modules/aws/name-order";
import type { Account, OrganizationMap, Zone } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import type {
  DirectRolloutPlan,
  PlannedDirectStack,
  PlannedStackSet,
  RolloutPlan,
  RolloutPlans,
} from "../../modules/rollouts/rollout-plan";
import type { RenderedTemplate, TemplateDocument } from "../../modules/rollouts/template";
import type { LoadedPlan } from "../../stacks/load-plan";
import { plannedStacks } from "../../stacks/planned-stack";
import { plainRollout } from "../rollouts/plain-rollout";

const home = "us-east-1";

/** Rollouts of the small organization's corporate zone, as planning would make them: waves, keys with replicas, and the management account. */
export function corporateRollouts(map: OrganizationMap): RolloutPlans {
  const zone = zoneOf(map, "corporate");
  const management = accountOf(map, "management");
  const roles = rolloutOf(zone, "access-roles", { retain: false, administrator: management });
  const keys = rolloutOf(zone, "baseline-keys", { replicas: ["us-west-2"], administrator: management });
  const stackSet = (suffix: string, rollout: Rollout, more: Partial<PlannedStackSet>): PlannedStackSet => ({
    id: `corporate_${suffix}`,
    name: `orgkeys-corporate-${suffix.replaceAll("_", "-")}`,
    rollout,
    wave: undefined,
    description: `${rollout.template} of zone corporate, with \${literal} text`,
    template: rolesTemplate,
    targets: { ous: ["ou-ab12-10000000", "ou-ab12-20000000"], filter: "NONE", accounts: [] },
    autoDeployment: true,
    retain: rollout.retain,
    regions: [home],
    concurrency: { count: 1 },
    failureTolerance: { count: 0 },
    concurrencyMode: "strict",
    regionConcurrency: "sequential",
    tags: { Company: "Acme", Zone: "corporate" },
    after: [],
    reaches: ["keys", "shop-prod", "shop-test"].map((name) => accountOf(map, name)),
    leavesEmpty: [],
    why: [`zone corporate asks for ${rollout.template}`],
    sources: [rollout.source],
    ...more,
  });
  const direct = (rollout: Rollout, more: Partial<PlannedDirectStack>): PlannedDirectStack => ({
    id: `corporate_${rollout.template}_${home}`,
    name: `orgkeys-corporate-${rollout.template}`,
    rollout,
    region: home,
    template: rolesTemplate,
    bootstrapped: false,
    tags: { Company: "Acme", Zone: "corporate" },
    after: [],
    why: ["StackSets never reach the management account"],
    sources: [rollout.source],
    ...more,
  });
  return {
    zones: [
      {
        stack: "acme.rollouts.corporate",
        zone,
        administrator: management,
        callAs: "SELF",
        sessionTags: {},
        stackSets: [
          stackSet("access-roles_test", roles, {
            wave: "test",
            targets: { ous: ["ou-ab12-22000000"], filter: "NONE", accounts: [] },
            reaches: [accountOf(map, "shop-test")],
          }),
          stackSet("access-roles_prod", roles, {
            wave: "prod",
            targets: { ous: ["ou-ab12-10000000", "ou-ab12-21000000"], filter: "NONE", accounts: [] },
            concurrency: { percentage: 20 },
            failureTolerance: { percentage: 10 },
            concurrencyMode: "soft",
            reaches: [accountOf(map, "keys"), accountOf(map, "shop-prod")],
            after: ["corporate_access-roles_test"],
          }),
          stackSet("baseline-keys", keys, { template: keysTemplate }),
          stackSet("baseline-keys_replicas", keys, {
            template: replicasTemplate,
            regions: ["us-west-2"],
            after: ["corporate_baseline-keys"],
          }),
        ],
      },
    ],
    direct: [
      {
        stack: "acme.rollouts.corporate.management",
        zone,
        account: management,
        sessionTags: {},
        stacks: [
          direct(roles, { template: directRolesTemplate, bootstrapped: true }),
          direct(keys, { template: keysTemplate, after: [`corporate_access-roles_${home}`] }),
        ],
      },
    ],
  };
}

/** A plan with these rollouts in it, and in its map. */
export function withRollouts(loaded: LoadedPlan, rollouts: RolloutPlans): LoadedPlan {
  const inMap = new Map(
    [...rollouts.zones.flatMap(({ stackSets }) => stackSets), ...rollouts.direct.flatMap(({ stacks }) => stacks)].map(
      ({ rollout }) => [rollout.name, rollout],
    ),
  );
  return {
    ...loaded,
    map: { ...loaded.map, rollouts: [...inMap.values()].sort((a, b) => nameOrder(a.name, b.name)) },
    rollouts,
    stacks: plannedStacks(loaded.accounts, loaded.guardrails, rollouts),
  };
}

/** The only zone's stack, changed. */
export function editZone(plans: RolloutPlans, change: (plan: RolloutPlan) => Partial<RolloutPlan>): RolloutPlans {
  return { ...plans, zones: plans.zones.map((plan) => ({ ...plan, ...change(plan) })) };
}

/** One StackSet of the only zone's stack, changed. */
export function editStackSet(plans: RolloutPlans, id: string, change: Partial<PlannedStackSet>): RolloutPlans {
  return editZone(plans, ({ stackSets }) => {
    if (!stackSets.some((each) => each.id === id)) throw new Error(`there is no StackSet ${id}`);
    return { stackSets: stackSets.map((each) => (each.id === id ? { ...each, ...change } : each)) };
  });
}

export function editDirect(
  plans: RolloutPlans,
  change: (plan: DirectRolloutPlan) => Partial<DirectRolloutPlan>,
): RolloutPlans {
  return { ...plans, direct: plans.direct.map((plan) => ({ ...plan, ...change(plan) })) };
}

function rolloutOf(zone: Zone, template: string, more: Partial<Rollout> & Pick<Rollout, "administrator">): Rollout {
  return plainRollout({ zone: zone.name, template, regions: [home], ...more });
}

export function accountOf(map: OrganizationMap, name: string): Account {
  const account = map.accounts.find((each) => each.name === name);
  if (account === undefined) throw new Error(`there is no account ${name}`);
  return account;
}

export function zoneOf(map: OrganizationMap, name: string): Zone {
  const zone = map.zones.find((each) => each.name === name);
  if (zone === undefined) throw new Error(`there is no zone ${name}`);
  return zone;
}

export function templateOf(document: TemplateDocument, more: Partial<RenderedTemplate> = {}): RenderedTemplate {
  return { text: "", document, parameters: {}, capabilities: [], creates: [], ...more };
}

const rootPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "OnlyAdministration",
      Effect: "Allow",
      Principal: { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } },
      Action: ["kms:DescribeKey", "kms:PutKeyPolicy"],
      Resource: "*",
    },
  ],
};

export const rolesTemplate = templateOf(
  {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { Owner: { Type: "String" } },
    Resources: {
      DeployRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: "OrgKeysDeploy",
          Description: { "Fn::Sub": "<${Owner} & others> deploy in ${AWS::AccountId}" },
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::100000000001:role/Pipeline" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:PrincipalTag/Project": "%{project}" } },
              },
            ],
          },
        },
      },
    },
  },
  { parameters: { Owner: "platform" }, capabilities: ["CAPABILITY_NAMED_IAM"] },
);

/** What is there before Terraform is has no parameters. */
const directRolesTemplate = templateOf(
  {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: { DeployRole: { Type: "AWS::IAM::Role", Properties: { RoleName: "OrgKeysDeploy" } } },
  },
  { capabilities: ["CAPABILITY_NAMED_IAM"] },
);

export const keysDocument = {
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: {
    AccountDefaultKey: {
      Type: "AWS::KMS::Key",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: rootPolicy,
        MultiRegion: true,
        PendingWindowInDays: 30,
        RotationPeriodInDays: 365,
      },
    },
    AccountDefaultAlias: {
      Type: "AWS::KMS::Alias",
      Properties: { AliasName: "alias/default-account-default", TargetKeyId: { Ref: "AccountDefaultKey" } },
    },
  },
};

export const keysTemplate = templateOf(keysDocument);

export const replicasDocument = {
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: {
    AccountDefaultReplica: {
      Type: "AWS::KMS::ReplicaKey",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        KeyPolicy: rootPolicy,
        PendingWindowInDays: 30,
        PrimaryKeyArn: "{{resolve:secretsmanager:orgkeys/baseline-keys:SecretString:account-default}}",
      },
    },
  },
};

export const replicasTemplate = templateOf(replicasDocument);
