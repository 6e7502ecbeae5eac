import { CloudformationStackInstances } from "@cdktf/provider-aws/lib/cloudformation-stack-instances";
import { CloudformationStackSet } from "@cdktf/provider-aws/lib/cloudformation-stack-set";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { RolloutQuantity } from "../organization/rollout";
import type { PlannedStackSet, RolloutPlan } from "../rollouts/rollout-plan";
import { addTemplate } from "./add-template";
import type { PolicyLocals } from "./policy-locals";
import { referenceTo } from "./reference";
import { terraformTags, terraformText } from "./terraform-text";

/**
 * How long Terraform waits for a rollout. The operation goes on in AWS when Terraform gives up, and what is applied next then
 * fails, because a StackSet has one operation at a time.
 */
const ROLLOUT_TIMEOUT = "12h";

export interface StackSetConfig {
  readonly provider: AwsProvider;
  /** The same for both resources: a StackSet that is asked for as somebody else is not there. */
  readonly callAs: RolloutPlan["callAs"];
}

/**
 * A StackSet with its instances. There is exactly one resource of instances: each takes those of any other for its own, and deletes
 * them. Ids come from the zone, the template and the wave, so that no change of an OU replaces anything.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/cloudformation/stack_instances.go
 */
export class StackSet {
  constructor(
    scope: Construct,
    planned: PlannedStackSet,
    { provider, callAs }: StackSetConfig,
    policies: PolicyLocals,
  ) {
    const { id, targets, regions } = planned;
    // An update of the StackSet is an update of all its instances: it waits as well.
    const waits = planned.after.length === 0 ? {} : { dependsOn: planned.after.map(instancesOf) };
    const stackSet = new CloudformationStackSet(scope, `aws_cloudformation_stack_set ${id}`, {
      provider,
      name: planned.name,
      description: terraformText(planned.description),
      callAs,
      permissionModel: "SERVICE_MANAGED",
      // Without the block the provider replaces the StackSet as soon as it reads one in AWS.
      autoDeployment: planned.autoDeployment
        ? { enabled: true, retainStacksOnAccountRemoval: planned.retain }
        : // AWS takes no retention here, and the provider would plan it for ever.
          { enabled: false },
      managedExecution: { active: true },
      operationPreferences: preferencesOf(planned),
      ...addTemplate(id, planned.template, policies),
      tags: terraformTags(planned.tags),
      timeouts: { update: ROLLOUT_TIMEOUT },
      // AWS answers a role of its own for service-managed StackSets, which the provider would take away in every plan.
      lifecycle: { preventDestroy: true, ignoreChanges: ["administration_role_arn"] },
      ...waits,
    });
    stackSet.overrideLogicalId(id);
    const instances = new CloudformationStackInstances(scope, `aws_cloudformation_stack_instances ${id}`, {
      provider,
      stackSetName: referenceTo(stackSet, "name"),
      callAs,
      deploymentTargets: {
        organizationalUnitIds: [...targets.ous],
        accountFilterType: targets.filter,
        ...(targets.accounts.length === 0 ? {} : { accounts: [...targets.accounts] }),
      },
      regions: [...regions],
      operationPreferences: {
        ...preferencesOf(planned),
        concurrencyMode: planned.concurrencyMode === "strict" ? "STRICT_FAILURE_TOLERANCE" : "SOFT_FAILURE_TOLERANCE",
      },
      retainStacks: planned.retain,
      timeouts: { create: ROLLOUT_TIMEOUT, update: ROLLOUT_TIMEOUT, delete: ROLLOUT_TIMEOUT },
      lifecycle: { preventDestroy: true },
      ...waits,
    });
    instances.overrideLogicalId(id);
  }
}

function instancesOf(id: string): ITerraformDependable {
  return { fqn: `aws_cloudformation_stack_instances.${id}` };
}

/**
 * What both resources take. Version 5.100 of the provider drops the order of Regions on its way to AWS, which then takes its own.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/pull/41810
 */
function preferencesOf({ concurrency, failureTolerance, regionConcurrency, regions }: PlannedStackSet) {
  return {
    ...quantity(concurrency, "maxConcurrentCount", "maxConcurrentPercentage"),
    ...quantity(failureTolerance, "failureToleranceCount", "failureTolerancePercentage"),
    regionConcurrencyType: regionConcurrency === "sequential" ? "SEQUENTIAL" : "PARALLEL",
    regionOrder: [...regions],
  };
}

/** One of the two: the provider refuses both, even where one is 0. */
function quantity(value: RolloutQuantity, count: string, percentage: string): Readonly<Record<string, number>> {
  return "count" in value ? { [count]: value.count } : { [percentage]: value.percentage };
}
