import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { PlannedKey } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import { addGrant } from "./grant";
import type { PolicyLocals } from "./policy-locals";
import { referenceTo } from "./reference";
import { terraformTags, terraformText } from "./terraform-text";

/**
 * A key with its alias, its replicas (each with policy, alias and tags of its own, since AWS shares none of them), its
 * grants and an output. All ids come from the key's identity and its Regions, so that no rename replaces a key.
 */
export class CustomerManagedKey {
  constructor(scope: Construct, key: PlannedKey, providers: AccountProviders, policies: PolicyLocals) {
    const id = `${key.id}_${key.region}`;
    const provider = providers.in(key.region);
    const tags = terraformTags(key.tags);
    const description = terraformText(key.description);
    const primary = new KmsKey(scope, `aws_kms_key ${id}`, {
      provider,
      description,
      policy: policies.add(`${id}-policy`, key.policy),
      ...(key.rotationDays === undefined
        ? { enableKeyRotation: false }
        : { enableKeyRotation: true, rotationPeriodInDays: key.rotationDays }),
      deletionWindowInDays: key.deletionWindowDays,
      multiRegion: key.multiRegion,
      isEnabled: true,
      tags,
      lifecycle: { preventDestroy: true },
    });
    primary.overrideLogicalId(id);
    const inRegion = new Map<string, KmsKey | KmsReplicaKey>([[key.region, primary]]);

    for (const replica of key.replicas) {
      const replicaId = `${key.id}_${replica.region}`;
      const resource = new KmsReplicaKey(scope, `aws_kms_replica_key ${replicaId}`, {
        provider: providers.in(replica.region),
        primaryKeyArn: referenceTo(primary, "arn"),
        description,
        policy: policies.add(`${replicaId}-policy`, replica.policy),
        deletionWindowInDays: key.deletionWindowDays,
        enabled: true,
        tags,
        lifecycle: { preventDestroy: true },
      });
      resource.overrideLogicalId(replicaId);
      inRegion.set(replica.region, resource);
    }

    for (const [region, keyOrReplica] of inRegion) {
      for (const { id: aliasId, name } of key.aliases) {
        const alias = new KmsAlias(scope, `aws_kms_alias ${aliasId}_${region}`, {
          provider: providers.in(region),
          name,
          targetKeyId: referenceTo(keyOrReplica, "key_id"),
        });
        alias.overrideLogicalId(`${aliasId}_${region}`);
      }
    }
    for (const grant of key.grants) {
      const target = inRegion.get(grant.region);
      if (target !== undefined) addGrant(scope, grant, referenceTo(target, "key_id"), providers);
    }

    const output = new TerraformOutput(scope, `output ${id}`, {
      description: `${key.alias}, by Region`,
      value: Object.fromEntries(
        [...inRegion].map(([region, keyOrReplica]) => [
          region,
          { key_id: referenceTo(keyOrReplica, "key_id"), arn: referenceTo(keyOrReplica, "arn"), alias: key.alias },
        ]),
      ),
    });
    output.overrideLogicalId(id);
  }
}
