import type { Severity } from "../findings/finding";
import { type ReviewId, reviewIds } from "./review-ids";

/** One kind of change, for the table in docs/review.md and for reports. */
export interface ReviewKind {
  readonly id: ReviewId;
  /** Where what it means here does not make it worse or better. */
  readonly risk: Severity;
  /** What is another by it, in one sentence. */
  readonly means: string;
  /** What makes one more or less risky than that; empty where nothing does. */
  readonly unless: string;
}

const kinds: Readonly<Record<ReviewId, Omit<ReviewKind, "id">>> = {
  "access-gained": {
    risk: "high",
    means: "Somebody inside of the key's zone can do what they could not do before.",
    unless:
      "critical when it takes keys away and the zone leaves that to its break-glass role; medium when it is nothing but reading what the key is; low for keys that are new as well, and where Terraform may make grants that are told besides",
  },
  "access-gained-outside": {
    risk: "critical",
    means: "Somebody who is, or may be, outside of the key's zone can do what they could not do before.",
    unless: "",
  },
  "access-lost": {
    risk: "medium",
    means: "Somebody can no longer do what they could do before.",
    unless: "low where Terraform can no longer make grants that are gone",
  },
  "access-unreadable": {
    risk: "critical",
    means: "A policy or grant cannot be understood, so that nobody can tell who gains by it.",
    unless: "",
  },
  "alias-added": { risk: "low", means: "A key that is there has one more alias.", unless: "" },
  "alias-moved": {
    risk: "medium",
    means: "An alias leads to another key: what is encrypted by that name next is under the other key.",
    unless: "high where nothing says that the other key takes over",
  },
  "alias-removed": {
    risk: "medium",
    means: "A key that stays loses an alias: whoever asks for the key by it finds nothing.",
    unless: "",
  },
  "consumer-policy-added": {
    risk: "high",
    means: "There is a consumer policy more, and whoever has it can use the keys behind it.",
    unless: "low for keys that are new as well; medium when it is nothing but reading what a key is",
  },
  "consumer-policy-attached": {
    risk: "high",
    means: "A consumer policy is attached to one more principal, who can use the keys behind it.",
    unless: "",
  },
  "consumer-policy-detached": {
    risk: "medium",
    means: "A consumer policy is no longer attached to a principal.",
    unless: "",
  },
  "consumer-policy-removed": { risk: "medium", means: "A consumer policy is gone.", unless: "" },
  "deletion-window-changed": {
    risk: "medium",
    means: "Whoever schedules the key's deletion by mistake has another number of days to take it back.",
    unless: "low when it is longer",
  },
  "deploy-access-changed": {
    risk: "high",
    means: "Terraform reaches the account, or the state, by another role or with another session.",
    unless: "critical when it works on another account",
  },
  "description-changed": { risk: "information", means: "The description of a key is another one.", unless: "" },
  "grant-added": { risk: "high", means: "A key has one more grant.", unless: "" },
  "grant-removed": { risk: "medium", means: "A grant of a key is gone.", unless: "" },
  "guardrail-added": {
    risk: "medium",
    means: "One more policy of AWS Organizations guards a zone: what is in use may stop.",
    unless: "high when nobody can read what it denies",
  },
  "guardrail-denies-less": {
    risk: "critical",
    means: "A guardrail no longer denies something that it denied: nothing is above the key policies there.",
    unless: "",
  },
  "guardrail-denies-more": {
    risk: "medium",
    means: "A guardrail denies more than it did: what is in use may stop.",
    unless: "",
  },
  "guardrail-removed": {
    risk: "critical",
    means: "A guardrail is gone.",
    unless: "medium when the others on the same targets deny the same",
  },
  "guardrail-targets-added": {
    risk: "medium",
    means: "A guardrail holds for a root, an OU or an account more.",
    unless: "",
  },
  "guardrail-targets-removed": {
    risk: "critical",
    means: "A guardrail no longer holds for a root, an OU or an account.",
    unless: "",
  },
  "key-added": {
    risk: "low",
    means: "There is a new key, with its replicas, aliases and grants.",
    unless: "critical when it comes in place of one that was let go",
  },
  "key-adopted": {
    risk: "high",
    means: "Terraform takes over a key that is there, and writes this policy onto it.",
    unless: "",
  },
  "key-changed": {
    risk: "high",
    means: "Something of a key is another for which there is no word here.",
    unless: "low for the order in which Terraform works",
  },
  "key-disabled": {
    risk: "high",
    means: "A key is disabled: nobody can use it, and everything under it is there.",
    unless: "",
  },
  "key-enabled": { risk: "medium", means: "A key that was disabled can be used again.", unless: "" },
  "key-let-go": {
    risk: "high",
    means: "Terraform lets go of a key and leaves it as it is: nothing looks after it from then on.",
    unless: "",
  },
  "key-moved": {
    risk: "critical",
    means: "A key is gone, and another account gets a new one in its place, which decrypts nothing of the old one.",
    unless: "high when Terraform lets go of the old one and leaves it as it is",
  },
  "key-outside-residency": {
    risk: "high",
    means: "A key or replica is in a Region that is not its zone's.",
    unless: "",
  },
  "key-removed": {
    risk: "critical",
    means: "A key is deleted, and all data under it is lost.",
    unless: "",
  },
  "key-replaced": {
    risk: "critical",
    means: "A key is deleted and another made in its place, which decrypts nothing of the old one.",
    unless: "",
  },
  "key-step-changed": {
    risk: "medium",
    means: "The map records another step, or another day of one, in the end of a key.",
    unless: "high when a day is earlier than it was, or a step is taken back",
  },
  "key-store-added": { risk: "medium", means: "There is a new custom key store.", unless: "" },
  "key-store-changed": {
    risk: "high",
    means: "A custom key store is another, or stands before another cluster or proxy.",
    unless: "critical when it is deleted and made anew",
  },
  "key-store-removed": {
    risk: "critical",
    means: "A custom key store is gone: no key that has its material there can be used.",
    unless: "",
  },
  "other-changed": {
    risk: "high",
    means: "The JSON is another to Terraform in something for which there is no word here.",
    unless:
      "critical for files beside the JSON, which can say anything; medium for the versions of Terraform and its providers; low for what is written otherwise and gives nobody more or less; information for outputs, lookups and the order of work",
  },
  "protection-changed": {
    risk: "high",
    means: "Terraform may destroy what it refused to destroy before.",
    unless: "low when it is protected",
  },
  "quota-near": {
    risk: "medium",
    means: "Something comes near to a quota of AWS by the change.",
    unless: "high when it is at it or over",
  },
  "replica-added": { risk: "medium", means: "A key that is there gets a replica in one more Region.", unless: "" },
  "replica-removed": {
    risk: "high",
    means: "A replica is gone: what runs in its Region cannot read its data, which is readable with the primary.",
    unless: "medium when Terraform lets go of it and leaves it as it is",
  },
  "replica-replaced": {
    risk: "high",
    means: "A replica is deleted and another made in its place: until then nothing in its Region reads its data.",
    unless: "",
  },
  "rollout-accounts-added": {
    risk: "medium",
    means: "A rollout reaches accounts that it did not reach.",
    unless: "high when it makes roles, policies or keys there",
  },
  "rollout-accounts-removed": {
    risk: "high",
    means: "A rollout no longer reaches accounts.",
    unless: "critical when keys go with it",
  },
  "rollout-added": {
    risk: "medium",
    means: "There is a new StackSet, or CloudFormation stack beside them.",
    unless: "high when it makes roles, policies or keys; critical when nobody can read its template",
  },
  "rollout-changed": {
    risk: "high",
    means: "A rollout has another template or works otherwise: every account that it reaches gets that.",
    unless:
      "critical when keys, or the whole rollout, would be made anew; less where neither access nor keys hang on it",
  },
  "rollout-removed": {
    risk: "high",
    means: "A StackSet, or a CloudFormation stack beside them, is gone.",
    unless: "critical when keys go with it",
  },
  "rotation-changed": {
    risk: "medium",
    means: "A key rotates by itself with another period, or no longer.",
    unless: "high when it no longer rotates; low when it rotates more often",
  },
  "stack-added": { risk: "low", means: "There is a new stack.", unless: "" },
  "stack-removed": {
    risk: "high",
    means: "A stack is gone: Terraform leaves all that it made as it is, and nothing looks after it.",
    unless: "low for a stack without resources",
  },
  "stack-renamed": {
    risk: "information",
    means: "A stack goes on under another name, with its state and all that it has.",
    unless: "",
  },
  "stack-unreadable": {
    risk: "critical",
    means: "A part of a stack cannot be understood, so that nobody can tell what it means.",
    unless: "",
  },
  "state-moved": {
    risk: "high",
    means: "A stack's state is elsewhere, or kept otherwise: in a state that is empty every key is made anew.",
    unless: "critical when another stack has its state there",
  },
  "tags-changed": {
    risk: "low",
    means: "Resources have other tags, summed up by the tag over all stacks.",
    unless: "",
  },
  "zone-changed": {
    risk: "critical",
    means: "A zone ends elsewhere: an account is in another one and takes its keys with it, or is inside from now on.",
    unless:
      "high for an account without keys, for what was in no zone, for a Region, or when the zone has only another name",
  },
};

/** In name order. */
export const reviewKinds: readonly ReviewKind[] = reviewIds.map((id) => ({ id, ...kinds[id] }));

export function kindOf(id: ReviewId): ReviewKind {
  return { id, ...kinds[id] };
}
