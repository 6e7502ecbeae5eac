import type { ControlPolicyKind } from "../aws/organizations";
import type { Account, Zone } from "../organization/organization-map";
import type { GuardrailDocument } from "../policies/guardrails";

/** What one zone's guardrail stack holds. */
export interface GuardrailPlan {
  /** `commercial.guardrails.pci` */
  readonly stack: string;
  readonly zone: Zone;
  /** The organization's management account, where such policies are kept. */
  readonly account: Account;
  /** What the deploy role of that account asks of each session: its own zone says so. */
  readonly sessionTags: Readonly<Record<string, string>>;
  /** At least one. */
  readonly guardrails: readonly PlannedGuardrail[];
}

/** A resource or service control policy, and what it is attached to. */
export interface PlannedGuardrail {
  /** The zone and the kind, and with that its Terraform address: `pci_resource-control`. */
  readonly id: string;
  readonly kind: ControlPolicyKind;
  /** The policy's name in AWS Organizations. */
  readonly name: string;
  readonly description: string;
  readonly document: GuardrailDocument;
  readonly tags: Readonly<Record<string, string>>;
  /** At least one, sorted by id. */
  readonly targets: readonly GuardrailTarget[];
  /** What each statement is for. */
  readonly why: readonly string[];
  /** Places in the map: `zones.yaml pci`. */
  readonly sources: readonly string[];
}

/** An OU or an account that a policy is attached to. */
export interface GuardrailTarget {
  /** `ou-ab12-31000000` or an account's id. */
  readonly id: string;
  /** Who that is, for a reviewer: ids say nothing. */
  readonly what: string;
}
