import { OrganizationsPolicy } from "@cdktf/provider-aws/lib/organizations-policy";
import { OrganizationsPolicyAttachment } from "@cdktf/provider-aws/lib/organizations-policy-attachment";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { controlPolicyTypes } from "../aws/organizations";
import type { PlannedGuardrail } from "../keys/guardrail-plan";
import type { PolicyLocals } from "./policy-locals";
import { referenceTo } from "./reference";
import { terraformTags } from "./terraform-text";

/**
 * A resource or service control policy with its attachments. Ids come from the zone and the targets' ids, so that an OU
 * that is renamed or moved never loses its guardrail meanwhile.
 */
export class Guardrail {
  constructor(scope: Construct, planned: PlannedGuardrail, provider: AwsProvider, policies: PolicyLocals) {
    const policy = new OrganizationsPolicy(scope, `aws_organizations_policy ${planned.id}`, {
      provider,
      name: planned.name,
      description: planned.description,
      type: controlPolicyTypes[planned.kind],
      content: policies.add(`${planned.id}-policy`, planned.document),
      tags: terraformTags(planned.tags),
      lifecycle: { preventDestroy: true },
    });
    policy.overrideLogicalId(planned.id);
    for (const { id } of planned.targets) {
      const attachment = new OrganizationsPolicyAttachment(
        scope,
        `aws_organizations_policy_attachment ${planned.id}_${id}`,
        { provider, policyId: referenceTo(policy, "id"), targetId: id },
      );
      attachment.overrideLogicalId(`${planned.id}_${id}`);
    }
  }
}
