import { accountRootArn } from "../aws/arn";
import type { KeyKind } from "../aws/key-kind";
import type { PartitionName } from "../aws/partition";

/** Who has which duty on a key. All principals are ARNs of the owner's account. */
export interface KeyDuties {
  readonly partition: PartitionName;
  readonly ownerAccountId: string;
  /** Of the key: who looks after it needs more for one kind than for another. */
  readonly kind: KeyKind;
  /** Whether the account's IAM policies may give the use of the key, or its administration only. */
  readonly rootAccess: "full" | "administration-only";
  readonly administrators: readonly string[];
  readonly deployRole: string;
  readonly auditRole: string;
  readonly breakGlass: string;
  /** Regions where a key of the zone may be. */
  readonly zoneRegions: readonly string[];
  /** OUs of the zone, as `o-…/r-…/ou-…/`, below which a policy may name everybody; none unless the zone says so. */
  readonly organizationPaths: readonly string[];
}

/** Everybody who manages, watches or ends the key, and therefore never uses it. */
export function managersOf(duties: KeyDuties): string[] {
  return [...duties.administrators, duties.auditRole, duties.breakGlass, duties.deployRole];
}

/** The owner's account: as the principal of an Allow its IAM, of a Deny everybody in it. */
export function ownerRoot(duties: KeyDuties): string {
  return accountRootArn(duties.partition, duties.ownerAccountId);
}
