import type { CustomKeyStoresListEntry, XksProxyConfigurationType } from "@aws-sdk/client-kms";
import { nameOrder } from "../aws/name-order";
import type { LiveKeyStore } from "./live-account";
import { known } from "./reading-of";

/**
 * In order of their ids.
 *
 * @throws Error for what AWS leaves out
 */
export function liveKeyStores(entries: readonly CustomKeyStoresListEntry[]): readonly LiveKeyStore[] {
  return entries.map(liveKeyStore).sort((a, b) => nameOrder(a.id, b.id));
}

function liveKeyStore(entry: CustomKeyStoresListEntry): LiveKeyStore {
  const id = known(entry.CustomKeyStoreId, "a custom key store without its id");
  const without = (what: string): string => `custom key store ${id} without its ${what}`;
  return {
    id,
    name: known(entry.CustomKeyStoreName, without("name")),
    type: known(entry.CustomKeyStoreType, without("type")),
    connectionState: known(entry.ConnectionState, without("state")),
    connectionError: entry.ConnectionErrorCode,
    cloudHsmClusterId: entry.CloudHsmClusterId,
    proxy: proxyOf(entry.XksProxyConfiguration ?? {}),
  };
}

/** Without the id of the credential: nobody declares it, and it is better not kept. */
function proxyOf(proxy: XksProxyConfigurationType): Readonly<Record<string, string>> {
  const { Connectivity, UriEndpoint, UriPath, VpcEndpointServiceName, VpcEndpointServiceOwner } = proxy;
  const told = { Connectivity, UriEndpoint, UriPath, VpcEndpointServiceName, VpcEndpointServiceOwner };
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
