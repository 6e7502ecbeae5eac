import { knownArguments } from "./resource-arguments";
import type { StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { IdentityPolicyAttachment, StackIdentityPolicy } from "./synthesized-stack";

const policyArguments = knownArguments("aws_iam_policy");
const attachmentTypes = [
  { type: "aws_iam_role_policy_attachment", kind: "role" },
  { type: "aws_iam_user_policy_attachment", kind: "user" },
] as const;

/** Consumer policies, each with the roles and users it is attached to. */
export function readIdentityPolicies(reading: StackReading, resources: StackResources): StackIdentityPolicy[] {
  const attachments = new Map<string, IdentityPolicyAttachment[]>();
  for (const { type, kind } of attachmentTypes) {
    const known = knownArguments(type);
    for (const [id, fields, path] of resources.of(type)) {
      reading.onlyKnown(fields, known, path);
      const policy = reading.reference(fields, "policy_arn", path, ["aws_iam_policy"], ["arn", "id"]);
      const name = reading.text(fields, kind, path);
      if (policy === undefined || name === undefined) continue;
      if (!resources.has("aws_iam_policy", policy.name)) {
        reading.note(`${path}/policy_arn`, `there is no aws_iam_policy.${policy.name}`);
      }
      const attachment = { address: `${type}.${id}`, target: `${kind}/${name}` };
      attachments.set(policy.name, [...(attachments.get(policy.name) ?? []), attachment]);
    }
  }
  return resources.of("aws_iam_policy").map(([id, fields, path]) => {
    reading.onlyKnown(fields, policyArguments, path);
    const own = attachments.get(id) ?? [];
    return {
      document: reading.document,
      path,
      address: `aws_iam_policy.${id}`,
      name: reading.text(fields, "name", path) ?? id,
      policy: reading.policy(fields, "policy", path, "identity"),
      attachedTo: own.map(({ target }) => target),
      attachments: own,
    };
  });
}
