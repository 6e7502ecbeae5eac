import { KmsExternalKey } from "@cdktf/provider-aws/lib/kms-external-key";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import { symmetricKind } from "../aws/key-kind";
import { canRotateAutomatically } from "../aws/key-rules";
import type { PlannedKey } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import { keyLifecycle, keyLifecycleOfImported } from "./key-lifecycle";
import type { PolicyLocals } from "./policy-locals";
import { terraformTags, terraformText } from "./terraform-text";

export type PrimaryKey = KmsKey | KmsExternalKey;

/**
 * A key, without what goes with it. Arguments that say what AWS does anyway are left out, but for rotation and the enabled
 * state, which reviewers look for.
 */
export function primaryKey(
  scope: Construct,
  key: PlannedKey,
  providers: AccountProviders,
  policies: PolicyLocals,
): PrimaryKey {
  const id = `${key.id}_${key.region}`;
  const shared = {
    provider: providers.in(key.region),
    description: terraformText(key.description),
    policy: policies.add(`${id}-policy`, key.policy),
    deletionWindowInDays: key.deletionWindowDays,
    multiRegion: key.multiRegion,
    tags: terraformTags(key.tags),
  };
  const resource =
    key.kind.origin === "EXTERNAL"
      ? new KmsExternalKey(scope, `aws_kms_external_key ${id}`, {
          ...shared,
          ...enabledOfImported(key.step),
          lifecycle: keyLifecycleOfImported,
        })
      : new KmsKey(scope, `aws_kms_key ${id}`, {
          ...shared,
          ...kindOf(key),
          ...rotationOf(key),
          isEnabled: key.step !== "disabled",
          lifecycle: keyLifecycle,
        });
  resource.overrideLogicalId(id);
  return resource;
}

/**
 * A key waits for its material disabled, and Terraform would show a change of `enabled = true` until it is there: unset is
 * as AWS has it.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/kms/external_key.go
 */
export function enabledOfImported(step: PlannedKey["step"]): { readonly enabled?: boolean } {
  return step === "disabled" ? { enabled: false } : {};
}

function kindOf({ kind, keyStoreId, externalKeyId }: PlannedKey): Partial<ConstructorParameters<typeof KmsKey>[2]> {
  return {
    ...(kind.spec === symmetricKind.spec ? {} : { customerMasterKeySpec: kind.spec }),
    ...(kind.usage === symmetricKind.usage ? {} : { keyUsage: kind.usage }),
    ...(keyStoreId === undefined ? {} : { customKeyStoreId: keyStoreId }),
    ...(externalKeyId === undefined ? {} : { xksKeyId: terraformText(externalKeyId) }),
  };
}

/** The provider calls EnableKeyRotation or DisableKeyRotation for whatever is set, and AWS refuses either for most kinds of keys. */
function rotationOf({ kind, rotationDays }: PlannedKey): Partial<ConstructorParameters<typeof KmsKey>[2]> {
  if (!canRotateAutomatically(kind)) return {};
  return rotationDays === undefined
    ? { enableKeyRotation: false }
    : { enableKeyRotation: true, rotationPeriodInDays: rotationDays };
}
