import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { IamUserPolicyAttachment } from "@cdktf/provider-aws/lib/iam-user-policy-attachment";
import type { Construct } from "constructs";
import type { PlannedConsumerPolicy } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import type { KeyLookups } from "./key-lookups";
import type { PolicyLocals } from "./policy-locals";
import { referenceTo } from "./reference";
import { terraformLiteral, terraformTags, terraformText } from "./terraform-text";

/** IAM replaces a policy whose description changes, and takes access away meanwhile: this text never changes. */
const DESCRIPTION = "Use of KMS keys of other accounts, written by orgkeys";

/** The using account's half of cross-account access: a policy, and its attachment where the map names the principal. */
export class ConsumerPolicy {
  constructor(
    scope: Construct,
    planned: PlannedConsumerPolicy,
    region: string,
    providers: AccountProviders,
    policies: PolicyLocals,
    lookups: KeyLookups,
  ) {
    const provider = providers.in(region);
    const policy = new IamPolicy(scope, `aws_iam_policy ${planned.id}`, {
      provider,
      name: planned.name,
      path: "/orgkeys/",
      description: DESCRIPTION,
      policy: policies.addTerraform(`consumer_${planned.id}-policy`, {
        Version: planned.policy.Version,
        Statement: planned.policy.Statement.map((statement) => ({
          ...fieldsOf(terraformLiteral(statement)),
          Resource: statement.Resource.map((resource) => lookups.arnOf(resource) ?? terraformText(resource)),
        })),
      }),
      tags: terraformTags(planned.tags),
    });
    policy.overrideLogicalId(planned.id);
    if (planned.attachTo === undefined) return;
    const policyArn = referenceTo(policy, "arn");
    const [kind, ...path] = planned.attachTo.split("/");
    const name = path.at(-1) ?? "";
    if (kind === "role") {
      const attachment = new IamRolePolicyAttachment(scope, `aws_iam_role_policy_attachment ${planned.id}`, {
        provider,
        role: name,
        policyArn,
      });
      attachment.overrideLogicalId(planned.id);
    } else {
      const attachment = new IamUserPolicyAttachment(scope, `aws_iam_user_policy_attachment ${planned.id}`, {
        provider,
        user: name,
        policyArn,
      });
      attachment.overrideLogicalId(planned.id);
    }
  }
}

function fieldsOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
