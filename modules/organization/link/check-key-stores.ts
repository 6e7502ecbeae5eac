import type { MapPath } from "../map-file";
import { listNames, suggestName } from "../problem";
import type { KeyStoreFile } from "../schema/key-stores-field";
import type { ZoneFile } from "../schema/zones-schema";
import type { ZoneReport, ZoneSurroundings } from "./check-zone";
import { UNKNOWN_ZONE } from "./known-accounts";

/** What one key store has to itself, by what it is: the store that has it. */
export type TakenByKeyStores = Map<string, string>;

/** What has to hold for a zone's custom key stores: whose they are, where, and what no two of them share. */
export function checkKeyStores(zone: string, entry: ZoneFile, around: ZoneSurroundings, report: ZoneReport): void {
  for (const [name, store] of Object.entries(entry.keyStores ?? {})) {
    const at: MapPath = ["keyStores", name];
    checkAccount(zone, store, at, around, report);
    checkRegion(store, entry, at, around, report);
    checkProxy(store, at, report);
    checkTaken(zone, name, store, at, around.taken.keyStores, report);
    checkExternalKeys(store, at, report);
  }
}

function checkAccount(
  zone: string,
  store: KeyStoreFile,
  at: MapPath,
  around: ZoneSurroundings,
  report: ZoneReport,
): void {
  const account = around.accounts.get(store.account);
  const path = [...at, "account"];
  if (account === undefined) {
    const isDoubtful = [...around.organizations.names.values()].some((names) => names.accounts.has(store.account));
    if (isDoubtful || !around.allAccountsNamed) return;
    const fix = suggestName(store.account, around.accounts.keys(), "add it to the organization's file");
    report(path, "is not an account of this map", fix);
  } else if (account.zone !== zone && account.zone !== UNKNOWN_ZONE) {
    const fix = `name an account of zone ${zone}: zones are independent key domains`;
    report(path, `is in zone ${account.zone}, not in zone ${zone}`, fix);
  } else if (account.status === "suspended") {
    report(path, "is suspended, and so can have no keys", "name an active account, or drop the key store");
  }
}

/** A custom key store is in one Region, and so are its keys. */
function checkRegion(
  store: KeyStoreFile,
  entry: ZoneFile,
  at: MapPath,
  around: ZoneSurroundings,
  report: ZoneReport,
): void {
  const path = [...at, "region"];
  const account = around.accounts.get(store.account);
  if (!entry.regions.includes(store.region)) {
    report(path, "must be one of the zone's regions", `choose one of ${listNames(entry.regions)}`);
  } else if (account !== undefined && !account.regions.includes(store.region)) {
    const fix = `it has ${listNames(account.regions)}: enable the Region there first, or choose one of these`;
    report(path, `must be a Region that account ${account.name} has enabled`, fix);
  }
}

function checkProxy({ externalProxy, region }: KeyStoreFile, at: MapPath, report: ZoneReport): void {
  if (externalProxy === undefined) return;
  const { connectivity, vpcEndpointService } = externalProxy;
  const path = [...at, "externalProxy", "vpcEndpointService"];
  if (connectivity === "PUBLIC_ENDPOINT" && vpcEndpointService !== undefined) {
    report(path, "means nothing with connectivity: PUBLIC_ENDPOINT", "leave it out, or change the connectivity", true);
  } else if (connectivity === "VPC_ENDPOINT_SERVICE" && vpcEndpointService === undefined) {
    report(path, "is missing, and connectivity: VPC_ENDPOINT_SERVICE goes through one", "add the service's name", true);
  } else if (vpcEndpointService !== undefined && vpcEndpointService.split(".")[3] !== region) {
    report(path, `must be in the key store's Region, ${region}`, "name an endpoint service of that Region");
  }
}

/**
 * A cluster has one key store. A proxy's address and path, and the endpoint service in front of it, are one key store's in
 * an account and Region.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html
 */
function checkTaken(
  zone: string,
  name: string,
  { account, region, id, cloudHsm, externalProxy }: KeyStoreFile,
  at: MapPath,
  taken: TakenByKeyStores,
  report: ZoneReport,
): void {
  const proxy = externalProxy === undefined ? undefined : `${externalProxy.endpoint}${externalProxy.path}`;
  for (const [path, what] of [
    [["id"], id],
    [["cloudHsm", "cluster"], cloudHsm?.cluster],
    [["externalProxy", "endpoint"], proxy === undefined ? undefined : `${account} ${region} ${proxy}`],
    [["externalProxy", "vpcEndpointService"], externalProxy?.vpcEndpointService],
  ] as const) {
    if (what === undefined) continue;
    const other = taken.get(what);
    if (other === undefined) taken.set(what, `${name} of zone ${zone}`);
    else
      report([...at, ...path], `is already that of key store ${other}`, "AWS KMS takes it once: drop one of the two");
  }
}

/**
 * Two keys behind one external key would be one key to whoever has either.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html#KMS-CreateKey-request-XksKeyId
 */
function checkExternalKeys({ cloudHsm, externalKeys = {} }: KeyStoreFile, at: MapPath, report: ZoneReport): void {
  if (cloudHsm !== undefined && Object.keys(externalKeys).length > 0) {
    const message = "means nothing with cloudHsm: AWS KMS makes the keys of the cluster itself";
    report([...at, "externalKeys"], message, "leave it out", true);
  }
  const seen = new Map<string, string>();
  for (const [key, externalKey] of Object.entries(externalKeys)) {
    const other = seen.get(externalKey);
    if (other === undefined) seen.set(externalKey, key);
    else {
      const fix = "AWS KMS refuses a second key on it: name an external key of its own";
      report([...at, "externalKeys", key], `is already the external key behind ${other}`, fix);
    }
  }
}
