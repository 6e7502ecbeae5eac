import { type DriftId, driftIds } from "../findings/drift-ids";
import type { Severity } from "../findings/finding";

/** One kind of drift, for the table in docs/drift.md and for reports. */
export interface DriftKind {
  readonly id: DriftId;
  /** Where what it means here does not make it worse or better. */
  readonly severity: Severity;
  /** What is not as reviewed, in one sentence. */
  readonly means: string;
  /** What makes one more or less severe than that; empty where nothing does. */
  readonly unless: string;
  /** What to do about any of the kind, as an instruction; `nextStep` has the commands for one of them. */
  readonly fix: string;
}

const outsiders = "critical when somebody outside the zone gains by it";

/** One table, long as it is: who weighs a kind weighs it against its neighbours, and docs/drift.md is made of it. */
const kinds: Readonly<Record<DriftId, Omit<DriftKind, "id">>> = {
  "alias-missing": {
    severity: "high",
    means:
      "AWS has the key, and not the alias that it was reviewed with: whoever asks for the key by it finds nothing.",
    unless: "",
    fix: "make the alias again, or apply the stack",
  },
  "alias-moved": {
    severity: "high",
    means:
      "The alias leads to another key: new data is under that one, and the policies that name keys by alias mean it.",
    unless: "",
    fix: "lead the alias back; keep the other key for as long as there is data under it",
  },
  "alias-taken": {
    severity: "high",
    means: "A key that nobody reviewed has the alias of one that is missing, so that an apply cannot make it.",
    unless: "",
    fix: "find out which key holds the data, and take that one over",
  },
  "alias-unmanaged": {
    severity: "medium",
    means: "A key of the map has an alias that nobody reviewed, or an alias leads nowhere.",
    unless: "",
    fix: "put it under aliases in the map, with adopt; or delete it when nobody uses it",
  },
  "consumer-policy-attached": {
    severity: "high",
    means: "A consumer policy is attached to a principal that nobody reviewed, who can use the keys behind it.",
    unless: outsiders,
    fix: "detach it; who is meant to use the keys belongs into the map",
  },
  "consumer-policy-changed": {
    severity: "high",
    means: "A consumer policy says something else than was reviewed.",
    unless: `${outsiders}; medium when it gives less`,
    fix: "apply the stack, which puts the reviewed policy back",
  },
  "consumer-policy-detached": {
    severity: "medium",
    means: "A consumer policy is not attached to a principal that needs it: one half of its access is missing.",
    unless: "",
    fix: "apply the stack, which attaches it",
  },
  "consumer-policy-missing": {
    severity: "medium",
    means: "A consumer policy is not there: whoever was reviewed as a user of its keys cannot use them.",
    unless: "",
    fix: "apply the stack, which makes and attaches it",
  },
  "consumer-policy-unmanaged": {
    severity: "medium",
    means: "There is a policy where only consumer policies of the map are, and nobody reviewed it.",
    unless: `${outsiders}; high when somebody inside has it`,
    fix: "find out who made it and who has it, then detach and delete it",
  },
  "description-changed": {
    severity: "low",
    means: "The key's description is another one.",
    unless: "",
    fix: "apply the stack, which puts the reviewed one back",
  },
  "direct-stack-changed": {
    severity: "high",
    means: "A CloudFormation stack of Terraform's own has another template than was reviewed.",
    unless: "",
    fix: "apply the stack, which updates it",
  },
  "direct-stack-missing": {
    severity: "high",
    means: "A CloudFormation stack of Terraform's own is not there.",
    unless: "",
    fix: "look for what it retained, and apply the stack, which makes it",
  },
  "grant-changed": {
    severity: "high",
    means: "A grant of the reviewed name has another grantee, other operations or another constraint.",
    unless: outsiders,
    fix: "revoke it, and apply the stack, which makes the reviewed one",
  },
  "grant-expired": {
    severity: "medium",
    means: "A grant is past the day on which the map ends it, and AWS never ends one by itself.",
    unless: "",
    fix: "revoke it, synthesize for today, and apply the stack",
  },
  "grant-missing": {
    severity: "medium",
    means: "A grant is not there: somebody revoked or retired it, and its grantee cannot use the key.",
    unless: "",
    fix: "apply the stack that makes the grant",
  },
  "grant-unmanaged": {
    severity: "high",
    means: "A key has a grant that nobody reviewed, and that no AWS service made for itself.",
    unless: outsiders,
    fix: "revoke it; what is meant belongs into the map",
  },
  "guardrail-attached": {
    severity: "medium",
    means: "A guardrail is attached to a root, an OU or an account that nobody reviewed.",
    unless: "",
    fix: "detach it there, or let the zone have that OU",
  },
  "guardrail-changed": {
    severity: "high",
    means: "A guardrail says something else than was reviewed.",
    unless: "critical when it denies less",
    fix: "apply the guardrails stack, which puts the reviewed one back",
  },
  "guardrail-detached": {
    severity: "critical",
    means: "A guardrail does not hold for something that it was reviewed for: nothing is above the key policies there.",
    unless: "",
    fix: "apply the guardrails stack, which attaches it",
  },
  "guardrail-missing": {
    severity: "critical",
    means: "A guardrail is not there: nothing is above the zone's key policies.",
    unless: "",
    fix: "apply the guardrails stack, which makes and attaches it",
  },
  "key-different": {
    severity: "critical",
    means:
      "The key has another spec, usage or origin than was reviewed, or is multi-Region where it should not be: none of it can change.",
    unless: "",
    fix: "find out which key holds the data; none of the two becomes the other",
  },
  "key-disabled": {
    severity: "high",
    means: "The key is disabled: nobody can use it, and everything under it is there.",
    unless: "",
    fix: "enable it, or record in the map that it is being ended",
  },
  "key-doubled": {
    severity: "medium",
    means: "A second key has the tags and the description of a reviewed one: data may be under either.",
    unless: `${outsiders}, or when AWS is to delete it; high when it is the older of the two`,
    fix: "find out whether data is under it; encrypt that anew, then end it",
  },
  "key-enabled": {
    severity: "medium",
    means: "A key that the map ends is enabled, or no longer waits for its deletion.",
    unless: "",
    fix: "take the step again as the break-glass role, or take it back in the map",
  },
  "key-missing": {
    severity: "critical",
    means: "No key in AWS is the reviewed one: it was never made, or AWS has deleted it and all data under it is lost.",
    unless: "",
    fix: "find out what became of it before anything is applied",
  },
  "key-pending-deletion": {
    severity: "critical",
    means: "AWS will delete the key on a day that is set, and with it all data under it for good.",
    unless: "",
    fix: "cancel the deletion before that day, and before anything is applied",
  },
  "key-pending-import": {
    severity: "high",
    means: "The key has no material: it was never imported, was deleted, or has expired. Nobody can use the key.",
    unless: "",
    fix: "import its material: the very same again, where it has had any",
  },
  "key-store-changed": {
    severity: "high",
    means: "A custom key store stands before another cluster or another proxy than was reviewed.",
    unless: "",
    fix: "find out who changed it, disconnect it, and apply the stack",
  },
  "key-store-disconnected": {
    severity: "high",
    means: "A custom key store is not connected: none of its keys can be used.",
    unless: "",
    fix: "mend what AWS says of the connection, and connect it",
  },
  "key-store-missing": {
    severity: "critical",
    means: "A custom key store is not there: AWS deletes one only when it has no key any more.",
    unless: "",
    fix: "find out what became of its keys before anything is applied",
  },
  "key-unavailable": {
    severity: "high",
    means: "AWS cannot reach the key's material, or is still at work on the key.",
    unless: "",
    fix: "connect its custom key store, or look again in a few minutes",
  },
  "key-unmanaged": {
    severity: "medium",
    means: "A customer managed key is in no reviewed JSON.",
    unless: `${outsiders}, or when AWS is to delete it`,
    fix: "take it over, end it, or let somebody answer for it in config/drift.yaml",
  },
  "policy-narrowed": {
    severity: "medium",
    means: "The key policy in AWS allows less than the reviewed one, or denies more.",
    unless: "high when the account or an administrator loses management, or a user loses use",
    fix: "put the reviewed policy back",
  },
  "policy-principal-deleted": {
    severity: "medium",
    means:
      "The key policy names a role or user that was deleted: AWS shows its id, and a new one of the same name is somebody else.",
    unless: "",
    fix: "make the principal again and put the reviewed policy back, or mark it as pending in the map",
  },
  "policy-reordered": {
    severity: "information",
    means: "The key policy is written otherwise, and means the same.",
    unless: "",
    fix: "leave it, or put the reviewed text back",
  },
  "policy-widened": {
    severity: "high",
    means: "The key policy in AWS allows more than the reviewed one, or denies less.",
    unless: `${outsiders}, or when it cannot be read`,
    fix: "put the reviewed policy back; what is meant belongs into the map",
  },
  "primary-moved": {
    severity: "high",
    means: "Another Region has become the primary of a multi-Region key: rotation and replicas are managed from there.",
    unless: "",
    fix: "move the primary back, or let the map have it there",
  },
  "replica-extra": {
    severity: "medium",
    means: "The key has a replica that nobody reviewed, in a Region of the zone.",
    unless: outsiders,
    fix: "let the map have it, with adopt, or end it; its data stays readable with the primary",
  },
  "replica-forbidden-region": {
    severity: "critical",
    means: "The key has a replica in a Region that is not the zone's: its data can be read there.",
    unless: "",
    fix: "disable the replica, and schedule its deletion",
  },
  "replica-missing": {
    severity: "high",
    means: "A replica is not there: what runs in its Region cannot read its data, which is readable with the primary.",
    unless: "",
    fix: "apply the stack, which makes it again",
  },
  "replica-out-of-parity": {
    severity: "high",
    means: "A replica has no material, and its primary has: what runs in its Region cannot read its data.",
    unless: "",
    fix: "import the material of the primary into the Region of the replica",
  },
  "rollout-changed": {
    severity: "high",
    means: "A StackSet has another template than was reviewed: every account that it reaches next gets that one.",
    unless: "",
    fix: "apply the rollouts stack, which updates it",
  },
  "rollout-extra": {
    severity: "critical",
    means: "A StackSet, or an instance of one, is where the map has none.",
    unless: "",
    fix: "find out who made it; delete the instance with its stack retained",
  },
  "rollout-inoperable": {
    severity: "critical",
    means: "CloudFormation has given up an instance: every later update leaves it out.",
    unless: "high for a status that nobody knows here",
    fix: "delete the instance with its stack retained, mend the stack, and create the instance anew",
  },
  "rollout-left-behind": {
    severity: "medium",
    means: "An account has the stack of a StackSet that it left: nobody updates it, and its names are taken.",
    unless: "",
    fix: "delete what is not needed any more, or import the stack into its StackSet",
  },
  "rollout-missing": {
    severity: "high",
    means: "A StackSet is not there, or an account or Region has no instance of it.",
    unless: "",
    fix: "mend what failed, and create the instance; a StackSet comes by applying the rollouts stack",
  },
  "rollout-outdated": {
    severity: "high",
    means: "An instance has an older template than its StackSet.",
    unless: "",
    fix: "mend what failed, and update the instance",
  },
  "rotation-off": {
    severity: "high",
    means: "The key does not rotate by itself.",
    unless: "",
    fix: "apply the stack, which switches it on, or enable it by hand",
  },
  "rotation-on": {
    severity: "low",
    means: "The key rotates by itself, and was reviewed as one that does not.",
    unless: "",
    fix: "apply the stack, which switches it off, or let the map have it",
  },
  "rotation-period": {
    severity: "medium",
    means: "The key rotates by itself, with another period.",
    unless: "",
    fix: "apply the stack, or set the period by hand",
  },
  "stack-not-applied": {
    severity: "high",
    means: "Nothing at all of a stack is in AWS: it was never applied, or AWS has deleted all of it.",
    unless: "critical when it has keys: data may have been under them",
    fix: "find out whether it was ever applied, then apply it: keys that AWS has deleted come back as new ones, without the data",
  },
  "tags-changed": {
    severity: "low",
    means: "The key has other tags.",
    unless: "",
    fix: "apply the stack, which puts the reviewed ones back",
  },
  "terraform-drift": {
    severity: "medium",
    means: "A refresh of Terraform shows a difference that nothing else here shows.",
    unless: "",
    fix: "plan the stack, look at the difference, and apply it",
  },
  unchecked: {
    severity: "high",
    means: "Something could not be read, so that nobody knows whether it is as reviewed.",
    unless: "",
    fix: "let the audit role read it, and run drift again",
  },
};

/** In name order. */
export const driftKinds: readonly DriftKind[] = driftIds.map((id) => ({ id, ...kinds[id] }));

export function kindOf(id: DriftId): DriftKind {
  return { id, ...kinds[id] };
}
