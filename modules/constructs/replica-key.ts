import { KmsReplicaExternalKey } from "@cdktf/provider-aws/lib/kms-replica-external-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import type { Construct } from "constructs";
import type { PlannedKey, PlannedReplica } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import { keyLifecycle, keyLifecycleOfImported } from "./key-lifecycle";
import type { PolicyLocals } from "./policy-locals";
import { enabledOfImported, type PrimaryKey } from "./primary-key";
import { referenceTo } from "./reference";
import { terraformTags, terraformText } from "./terraform-text";

export type ReplicaKey = KmsReplicaKey | KmsReplicaExternalKey;

/** A replica of a key, without what goes with it. Imported material is imported into each Region by itself. */
export function replicaKey(
  scope: Construct,
  key: PlannedKey,
  primary: PrimaryKey,
  replica: PlannedReplica,
  providers: AccountProviders,
  policies: PolicyLocals,
): ReplicaKey {
  const id = `${key.id}_${replica.region}`;
  const shared = {
    provider: providers.in(replica.region),
    primaryKeyArn: referenceTo(primary, "arn"),
    description: terraformText(key.description),
    policy: policies.add(`${id}-policy`, replica.policy),
    deletionWindowInDays: key.deletionWindowDays,
    tags: terraformTags(key.tags),
  };
  const resource =
    key.kind.origin === "EXTERNAL"
      ? new KmsReplicaExternalKey(scope, `aws_kms_replica_external_key ${id}`, {
          ...shared,
          ...enabledOfImported(replica.step),
          lifecycle: keyLifecycleOfImported,
        })
      : new KmsReplicaKey(scope, `aws_kms_replica_key ${id}`, {
          ...shared,
          enabled: replica.step !== "disabled",
          lifecycle: keyLifecycle,
        });
  resource.overrideLogicalId(id);
  return resource;
}
