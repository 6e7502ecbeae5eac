import { inNameOrder } from "../../aws/name-order";
import type { KeyStore, KeyStoreBacking } from "../key-store";
import type { Account } from "../organization-map";
import type { KeyStoreFile } from "../schema/key-stores-field";
import type { ZoneFile } from "../schema/zones-schema";

/** A zone's key stores with their accounts. One whose account nobody knows is missing, which `checkKeyStores` says. */
export function linkKeyStores(zone: string, entry: ZoneFile, accounts: ReadonlyMap<string, Account>): KeyStore[] {
  return inNameOrder(entry.keyStores ?? {}).flatMap(([name, store]) => {
    const account = accounts.get(store.account);
    const backing = backingOf(store);
    if (account === undefined || backing === undefined) return [];
    return [
      {
        name,
        account,
        region: store.region,
        backing,
        status: store.status,
        externalKeys: new Map(inNameOrder(store.externalKeys ?? {})),
        source: `zones.yaml ${zone}.keyStores.${name}`,
      },
    ];
  });
}

function backingOf({ id, cloudHsm, externalProxy }: KeyStoreFile): KeyStoreBacking | undefined {
  if (id !== undefined) return { kind: "existing", id };
  if (cloudHsm !== undefined) {
    return { kind: "cloudhsm", clusterId: cloudHsm.cluster, trustAnchor: cloudHsm.trustAnchor };
  }
  if (externalProxy === undefined) return undefined;
  const { connectivity, endpoint, path, vpcEndpointService } = externalProxy;
  return { kind: "external-proxy", connectivity, endpoint, path, vpcEndpointService };
}
