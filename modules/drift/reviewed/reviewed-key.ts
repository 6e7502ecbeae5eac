import type { Grant } from "../../access/grant-match";
import type { Policy } from "../../access/policy-statement";
import type { KeyStep } from "../../aws/key-step";

/** A key or replica that reviewed JSON asks for: of a Terraform stack, or of a template that CloudFormation applies. */
export interface ReviewedKey {
  readonly by: "terraform" | "cloudformation";
  /** The synthesized stack's name. */
  readonly stack: string;
  /** `aws_kms_key.payments_prod_us-east-1`, or `aws_cloudformation_stack_set.baseline-keys Resources.Key`. */
  readonly address: string;
  readonly kind: "key" | "replica";
  /** Address of a replica's primary; undefined for a key, or where its primary is not in reviewed JSON. */
  readonly primary: string | undefined;
  readonly region: string;
  readonly multiRegion: boolean;
  /** Undefined when it cannot be read. */
  readonly policy: Policy | undefined;
  /** With `alias/`; the address is that of the alias. */
  readonly aliases: readonly ReviewedAlias[];
  readonly grants: readonly ReviewedGrant[];
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined where AWS says none. @default "" */
  readonly description: string;
  readonly enabled: boolean;
  /** Undefined where the key has no automatic rotation to be on or off: replicas, asymmetric keys, imported material. */
  readonly rotation: ReviewedRotation | undefined;
  /** `SYMMETRIC_DEFAULT`… Undefined for a replica, which has its primary's. */
  readonly spec: string | undefined;
  readonly usage: string | undefined;
  /** Whether somebody imports its material. */
  readonly imported: boolean;
  /** Id or address of the custom key store with the material. */
  readonly keyStore: string | undefined;
  /** "in-use" or "disabled"; of a key whose step the stack does not tell undefined. */
  readonly step: KeyStep | undefined;
  /** Days that AWS waits before it deletes the key. */
  readonly deletionWindowDays: number | undefined;
  /** AWS's id of a key that Terraform takes over. */
  readonly importId: string | undefined;
  readonly dataClass: string | undefined;
  /** Places of the map behind it. */
  readonly sources: readonly string[];
}

export interface ReviewedAlias {
  readonly name: string;
  readonly address: string;
}

export interface ReviewedRotation {
  readonly enabled: boolean;
  /** Undefined for AWS's own 365 days. */
  readonly periodDays: number | undefined;
}

/** A grant that the key's own stack makes, or the stack of an account that uses it. */
export interface ReviewedGrant extends Grant {
  readonly stack: string;
  /** `aws_kms_grant.payments_prod_us-east-1_batch` */
  readonly address: string;
  /** The day from which it is left out. */
  readonly expires: string | undefined;
}
