import { isFields } from "../../access/stack-reading";
import { type ChangedEntry, changedEntries, entryText } from "../../continuity/stack-json/changed-entries";
import { policyChangeText, tagsChangeText, templateChangeText } from "../../continuity/stack-json/document-changes";
import type { AffectedReason, ReasonKind } from "./affected-reason";

/** What a change of a resource is called. */
interface ResourceKinds {
  readonly added: ReasonKind;
  readonly removed: ReasonKind;
  /** Of every argument that has no word of its own below. */
  readonly changed: ReasonKind;
  readonly arguments?: Readonly<Record<string, ReasonKind>>;
}

const keyArguments = {
  deletion_window_in_days: "deletion-window-changed",
  description: "description-changed",
  enable_key_rotation: "rotation-changed",
  enabled: "enabled-changed",
  is_enabled: "enabled-changed",
  policy: "key-policy-changed",
  rotation_period_in_days: "rotation-changed",
} as const;
const key: ResourceKinds = {
  added: "key-added",
  removed: "key-removed",
  changed: "key-changed",
  arguments: keyArguments,
};
const replica: ResourceKinds = {
  added: "replica-added",
  removed: "replica-removed",
  changed: "replica-changed",
  arguments: keyArguments,
};
const attachment: ResourceKinds = {
  added: "consumer-policy-attached",
  removed: "consumer-policy-detached",
  changed: "consumer-policy-attached",
};

const kinds: Readonly<Record<string, ResourceKinds>> = {
  aws_cloudformation_stack: {
    added: "rollout-added",
    removed: "rollout-removed",
    changed: "rollout-changed",
    arguments: {
      parameters: "rollout-parameters-changed",
      template_body: "rollout-template-changed",
      timeouts: "rollout-preferences-changed",
    },
  },
  aws_cloudformation_stack_instances: {
    added: "rollout-targets-changed",
    removed: "rollout-targets-changed",
    changed: "rollout-changed",
    arguments: {
      deployment_targets: "rollout-targets-changed",
      operation_preferences: "rollout-preferences-changed",
      parameter_overrides: "rollout-parameters-changed",
      regions: "rollout-targets-changed",
      timeouts: "rollout-preferences-changed",
    },
  },
  aws_cloudformation_stack_set: {
    added: "rollout-added",
    removed: "rollout-removed",
    changed: "rollout-changed",
    arguments: {
      auto_deployment: "rollout-targets-changed",
      description: "description-changed",
      managed_execution: "rollout-preferences-changed",
      operation_preferences: "rollout-preferences-changed",
      parameters: "rollout-parameters-changed",
      template_body: "rollout-template-changed",
      timeouts: "rollout-preferences-changed",
    },
  },
  // A description of an IAM policy is no harmless one: another makes another policy.
  // Source: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_policy#description-1
  aws_iam_policy: {
    added: "consumer-policy-added",
    removed: "consumer-policy-removed",
    changed: "consumer-policy-changed",
  },
  aws_iam_role_policy_attachment: attachment,
  aws_iam_user_policy_attachment: attachment,
  aws_kms_alias: {
    added: "alias-added",
    removed: "alias-removed",
    changed: "alias-changed",
    arguments: { target_key_id: "alias-moved" },
  },
  aws_kms_custom_key_store: {
    added: "key-store-added",
    removed: "key-store-removed",
    changed: "key-store-changed",
  },
  aws_kms_external_key: key,
  aws_kms_grant: { added: "grant-added", removed: "grant-removed", changed: "grant-changed" },
  aws_kms_key: key,
  aws_kms_replica_external_key: replica,
  aws_kms_replica_key: replica,
  aws_organizations_policy: {
    added: "guardrail-added",
    removed: "guardrail-removed",
    changed: "guardrail-changed",
    arguments: { content: "guardrail-policy-changed", description: "description-changed" },
  },
  aws_organizations_policy_attachment: {
    added: "guardrail-targets-changed",
    removed: "guardrail-targets-changed",
    changed: "guardrail-targets-changed",
  },
};

/** Arguments with one meaning everywhere. */
const everywhere: Readonly<Record<string, ReasonKind>> = {
  depends_on: "order-changed",
  lifecycle: "lifecycle-changed",
  tags: "tags-changed",
};

/** What is another in `resource`: each resource on its own, each argument under its word. */
export function changedResources(before: unknown, after: unknown): AffectedReason[] {
  return changedEntries(before, after).flatMap((type): AffectedReason[] => {
    const parts = [type.before, type.after].filter((part) => part !== undefined);
    if (!parts.every(isFields)) return [{ kind: "other", address: `resource.${type.name}`, text: "" }];
    return changedEntries(type.before, type.after).flatMap((resource) => changedResource(type.name, resource));
  });
}

function changedResource(type: string, { name, before, after }: ChangedEntry): AffectedReason[] {
  const address = `${type}.${name}`;
  const words = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (words === undefined) {
    const how = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    return [{ kind: "other", address, text: how }];
  }
  if (before === undefined) return [{ kind: words.added, address, text: endpointText(type, after, "added") }];
  if (after === undefined) return [{ kind: words.removed, address, text: endpointText(type, before, "removed") }];
  if (!isFields(before) || !isFields(after)) return [{ kind: words.changed, address, text: "written another way" }];
  const texts = new Map<ReasonKind, string[]>();
  for (const entry of changedEntries(before, after)) {
    const kind = kindOf(words, entry.name);
    texts.set(kind, [...(texts.get(kind) ?? []), argumentText(type, entry)]);
  }
  return [...texts].map(([kind, parts]) => ({ kind, address, text: parts.join("; ") }));
}

function kindOf(words: ResourceKinds, argument: string): ReasonKind {
  const own = words.arguments ?? {};
  if (Object.hasOwn(own, argument)) return own[argument] ?? words.changed;
  return Object.hasOwn(everywhere, argument) ? (everywhere[argument] ?? words.changed) : words.changed;
}

/** Of what only ties two ends together, the other end. */
function endpointText(type: string, fields: unknown, how: string): string {
  if (!isFields(fields)) return "";
  if (type === "aws_organizations_policy_attachment") return `${how} ${String(fields.target_id)}`;
  if (type === "aws_cloudformation_stack_instances") return how;
  if (type === "aws_kms_alias") return String(fields.name);
  return "";
}

function argumentText(type: string, entry: ChangedEntry): string {
  const { name, before, after } = entry;
  if (name === "template_body") return templateChangeText(before, after);
  if (name === "policy" || (type === "aws_organizations_policy" && name === "content")) {
    return policyChangeText(before, after);
  }
  if (name === "tags") return tagsChangeText(before, after);
  return name === "description" ? "" : entryText(entry);
}
