import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import type { Construct } from "constructs";
import type { PlannedDirectStack } from "../rollouts/rollout-plan";
import type { AccountProviders } from "./account-providers";
import { addTemplate } from "./add-template";
import type { LifecycleBlocks } from "./lifecycle-blocks";
import type { PolicyLocals } from "./policy-locals";
import { terraformTags } from "./terraform-text";

/**
 * A CloudFormation stack of Terraform's own. One that is there before Terraform is gets taken over by its name. It never says what to
 * do on failure: the provider does not read that back, and replaces a stack that it took over.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/cloudformation/stack.go
 */
export class DirectStack {
  constructor(
    scope: Construct,
    planned: PlannedDirectStack,
    providers: AccountProviders,
    policies: PolicyLocals,
    blocks: LifecycleBlocks,
  ) {
    const { id, name, template, bootstrapped } = planned;
    // The import reads no parameters, so that Terraform would update the stack whose role it works with.
    if (bootstrapped && Object.keys(template.parameters).length > 0)
      throw new Error(`${id} is taken over by Terraform, and its template has parameters`);
    const stack = new CloudformationStack(scope, `aws_cloudformation_stack ${id}`, {
      provider: providers.in(planned.region),
      name,
      ...addTemplate(id, template, policies),
      tags: terraformTags(planned.tags),
      lifecycle: { preventDestroy: true },
      ...(planned.after.length === 0 ? {} : { dependsOn: planned.after.map((each) => ({ fqn: addressOf(each) })) }),
    });
    stack.overrideLogicalId(id);
    if (bootstrapped) blocks.takeOver(addressOf(id), name);
  }
}

function addressOf(id: string): string {
  return `aws_cloudformation_stack.${id}`;
}
