import { isLetGo } from "../aws/key-step";
import type { PlannedKey } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import { aliasAddress, grantAddress, keyAddress } from "./key-addresses";
import type { LifecycleBlocks } from "./lifecycle-blocks";

/**
 * Lets go of a key, or of those of its replicas whose step says so, with their aliases and grants.
 *
 * The Region's provider stays in the stack: without it Terraform refuses to plan anything about what the state has of it
 * ("Provider configuration not present").
 */
export function releaseKey(key: PlannedKey, providers: AccountProviders, blocks: LifecycleBlocks): void {
  for (const { region, step } of [key, ...key.replicas]) {
    if (!isLetGo(step)) continue;
    providers.in(region);
    blocks.letGo(keyAddress(key, region));
    for (const alias of key.aliases) blocks.letGo(aliasAddress(alias.id, region));
    for (const grant of key.grants) {
      if (grant.region === region) blocks.letGo(grantAddress(grant.id));
    }
  }
}
