import type { KeyKind } from "../aws/key-kind";
import { kmsActions } from "../aws/kms-actions";

/** What the map gives to some principals of a zone, and what keeps them from using its keys. */
export type Duty = "administrator" | "audit role" | "break-glass role" | "deploy role";

/** What drift detection reads. */
const watching: readonly string[] = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListResourceTags",
];

/**
 * What each duty cannot do without. For the deploy role it is what Terraform calls on a key and its aliases and grants,
 * whatever the plan: CreateGrant and ReplicateKey come with the key's grants and replicas.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/kms
 */
export const dutyNeeds: Readonly<Record<Duty, readonly string[]>> = {
  administrator: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy"],
  "audit role": watching,
  "break-glass role": [...kmsActions.destroying, "kms:CancelKeyDeletion", "kms:EnableKey"],
  "deploy role": [
    ...watching,
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
  ],
};

/** What a duty cannot do without on a key of this kind: material that expires has to be imported again, or data is lost. */
export function dutyNeedsOf(duty: Duty, { origin }: Pick<KeyKind, "origin">): readonly string[] {
  if (duty !== "administrator" || origin !== "EXTERNAL") return dutyNeeds[duty];
  return [...dutyNeeds.administrator, "kms:GetParametersForImport", ...kmsActions.importing];
}
