import { knownArguments } from "./resource-arguments";
import type { StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { GuardrailAttachment, StackGuardrail } from "./synthesized-stack";

const kinds: ReadonlyMap<string, StackGuardrail["kind"]> = new Map([
  ["RESOURCE_CONTROL_POLICY", "resource-control"],
  ["SERVICE_CONTROL_POLICY", "service-control"],
]);
const policyArguments = knownArguments("aws_organizations_policy");
const attachmentArguments = knownArguments("aws_organizations_policy_attachment");

/** Resource and service control policies with the roots, OUs and accounts they are attached to. */
export function readGuardrails(reading: StackReading, resources: StackResources): StackGuardrail[] {
  const attachments = new Map<string, GuardrailAttachment[]>();
  for (const [id, fields, path] of resources.of("aws_organizations_policy_attachment")) {
    reading.onlyKnown(fields, attachmentArguments, path);
    const policy = reading.reference(fields, "policy_id", path, ["aws_organizations_policy"], ["id"]);
    const target = reading.text(fields, "target_id", path);
    if (policy === undefined || target === undefined) continue;
    if (!resources.has("aws_organizations_policy", policy.name)) {
      reading.note(`${path}/policy_id`, `there is no aws_organizations_policy.${policy.name}`);
    }
    const address = `aws_organizations_policy_attachment.${id}`;
    const attachment: GuardrailAttachment = { document: reading.document, path: `${path}/target_id`, address, target };
    attachments.set(policy.name, [...(attachments.get(policy.name) ?? []), attachment]);
  }
  return resources.of("aws_organizations_policy").flatMap(([id, fields, path]): StackGuardrail[] => {
    reading.onlyKnown(fields, policyArguments, path);
    const type = reading.optionalText(fields, "type", path) ?? "SERVICE_CONTROL_POLICY";
    const kind = kinds.get(type);
    if (kind === undefined) {
      reading.note(`${path}/type`, `organization policies of type ${type} are not understood here`);
      return [];
    }
    const place = { document: reading.document, path };
    const policy = reading.policy(fields, "content", path, kind);
    const attached = attachments.get(id) ?? [];
    const targets = attached.map(({ target }) => target);
    const name = reading.text(fields, "name", path) ?? id;
    return [
      { ...place, address: `aws_organizations_policy.${id}`, name, kind, policy, targets, attachments: attached },
    ];
  });
}
