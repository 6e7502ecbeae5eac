import { isLetGo } from "../aws/key-step";
import type { PlannedKey } from "../keys/key-plan";
import { aliasAddress, grantAddress, keyAddress } from "./key-addresses";
import type { LifecycleBlocks } from "./lifecycle-blocks";

/**
 * Takes over a key that exists, with those of its replicas, aliases and grants that exist as well. An alias is taken over in
 * every Region where the key is.
 */
export function adoptKey(key: PlannedKey, blocks: LifecycleBlocks): void {
  const { adoptedId } = key;
  if (adoptedId === undefined || isLetGo(key.step)) return;
  const replicas = key.replicas.filter(({ adopted, step }) => adopted && !isLetGo(step));
  for (const { region } of [key, ...replicas]) {
    // A multi-Region key and its replicas have one id.
    blocks.takeOver(keyAddress(key, region), adoptedId);
    for (const { id, name, adopted } of key.aliases) {
      if (adopted) blocks.takeOver(aliasAddress(id, region), name);
    }
    for (const grant of key.grants) {
      if (grant.adoptedId === undefined || grant.region !== region) continue;
      // The key in the form that the grant's `key_id` has: in another one the grant would be replaced.
      blocks.takeOver(grantAddress(grant.id), `${adoptedId}:${grant.adoptedId}`);
    }
  }
}
