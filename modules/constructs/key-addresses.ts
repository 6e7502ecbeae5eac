import type { PlannedKey } from "../keys/key-plan";

/** `aws_kms_key.payments_prod_us-east-1`: the key in its Region, or its replica in another. */
export function keyAddress({ id, region, kind }: PlannedKey, inRegion: string): string {
  const [primary, replica] =
    kind.origin === "EXTERNAL"
      ? ["aws_kms_external_key", "aws_kms_replica_external_key"]
      : ["aws_kms_key", "aws_kms_replica_key"];
  return `${inRegion === region ? primary : replica}.${id}_${inRegion}`;
}

export function aliasAddress(aliasId: string, region: string): string {
  return `aws_kms_alias.${aliasId}_${region}`;
}

export function grantAddress(grantId: string): string {
  return `aws_kms_grant.${grantId}`;
}
