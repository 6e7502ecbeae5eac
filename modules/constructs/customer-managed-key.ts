import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsExternalKey } from "@cdktf/provider-aws/lib/kms-external-key";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { isLetGo } from "../aws/key-step";
import type { PlannedKey } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import { adoptKey } from "./adopt-key";
import { addGrant } from "./grant";
import type { LifecycleBlocks } from "./lifecycle-blocks";
import type { PolicyLocals } from "./policy-locals";
import { type PrimaryKey, primaryKey } from "./primary-key";
import { referenceTo } from "./reference";
import { releaseKey } from "./release-key";
import { type ReplicaKey, replicaKey } from "./replica-key";

/**
 * A key with its alias, its replicas (each with policy, alias and tags of its own, since AWS shares none of them), its
 * grants and an output. All ids come from the key's identity and its Regions, so that no rename replaces a key. Of a key that
 * is let go there is nothing but that.
 */
export class CustomerManagedKey {
  constructor(
    scope: Construct,
    key: PlannedKey,
    providers: AccountProviders,
    policies: PolicyLocals,
    blocks: LifecycleBlocks,
  ) {
    releaseKey(key, providers, blocks);
    if (isLetGo(key.step)) return;
    adoptKey(key, blocks);
    const primary = primaryKey(scope, key, providers, policies);
    const inRegion = new Map<string, PrimaryKey | ReplicaKey>([[key.region, primary]]);
    for (const replica of key.replicas) {
      if (isLetGo(replica.step)) continue;
      inRegion.set(replica.region, replicaKey(scope, key, primary, replica, providers, policies));
    }

    for (const [region, keyOrReplica] of inRegion) {
      for (const { id: aliasId, name } of key.aliases) {
        const alias = new KmsAlias(scope, `aws_kms_alias ${aliasId}_${region}`, {
          provider: providers.in(region),
          name,
          targetKeyId: keyIdOf(keyOrReplica),
        });
        alias.overrideLogicalId(`${aliasId}_${region}`);
      }
    }
    for (const grant of key.grants) {
      const target = inRegion.get(grant.region);
      if (target !== undefined) addGrant(scope, grant, keyIdOf(target), providers);
    }

    const id = `${key.id}_${key.region}`;
    const output = new TerraformOutput(scope, `output ${id}`, {
      description: `${key.alias}, by Region`,
      value: Object.fromEntries(
        [...inRegion].map(([region, keyOrReplica]) => [
          region,
          { key_id: keyIdOf(keyOrReplica), arn: referenceTo(keyOrReplica, "arn"), alias: key.alias },
        ]),
      ),
    });
    output.overrideLogicalId(id);
  }
}

/** `aws_kms_external_key` alone has no `key_id`, and its `id` is the same. */
function keyIdOf(resource: PrimaryKey | ReplicaKey): string {
  return referenceTo(resource, resource instanceof KmsExternalKey ? "id" : "key_id");
}
