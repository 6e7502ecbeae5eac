import { keyResourceTypes } from "../access/key-resource-types";
import { metadataOfKey } from "../access/stack-metadata";
import type { KeyMetadata, StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { symmetricKind } from "../aws/key-kind";
import { kmsLimits } from "../aws/kms-limits";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { InventoryKey, InventoryReplica } from "./inventory";

/**
 * The keys that Terraform manages in a stack, each with its replicas, in the order of their addresses. A replica whose primary is
 * not there is listed by itself: it is paid for all the same.
 */
export function inventoryOf(stack: SynthesizedStack): InventoryKey[] {
  const primaries = new Set(stack.keys.filter(({ kind }) => kind === "key").map(({ address }) => address));
  const replicas = new Map<string, StackKey[]>();
  const alone: StackKey[] = [];
  for (const key of stack.keys) {
    const { kind, primary } = key;
    if (kind === "key" || primary === undefined || !primaries.has(primary)) {
      alone.push(key);
      continue;
    }
    const others = replicas.get(primary);
    if (others === undefined) replicas.set(primary, [key]);
    else others.push(key);
  }
  const names = new Map<string, string[]>();
  for (const { target, name } of stack.aliases) names.set(target, [...(names.get(target) ?? []), name]);
  return alone
    .map((key) => inventoryKey(stack, key, replicas.get(key.address) ?? [], names.get(key.address) ?? []))
    .sort((a, b) => nameOrder(a.address, b.address));
}

function inventoryKey(
  stack: SynthesizedStack,
  key: StackKey,
  replicas: readonly StackKey[],
  names: readonly string[],
): InventoryKey {
  const { metadata, name, partition, accountId } = stack;
  const { address, arguments: given } = key;
  const record = metadataOfKey(stack, key);
  const tags = tagsOf(given.tags);
  // The name by which people know the key comes first.
  const known = (record?.aliases ?? []).filter((alias) => names.includes(alias));
  const aliases = [...new Set([...known, ...uniqueNames(names)])];
  return {
    id: `${accountId ?? name}/${address.slice(address.indexOf(".") + 1)}`,
    stack: name,
    address,
    organization: metadata.organization,
    partition,
    ou: metadata.ou,
    account: metadata.account,
    accountId,
    zone: metadata.zone,
    alias: aliases[0],
    aliases,
    region: key.region,
    multiRegion: key.multiRegion,
    replicas: replicas.map((replica) => inventoryReplica(replica, record)).sort(byRegion),
    owner: tags("Owner"),
    workload: tags("Workload"),
    environment: tags("Environment"),
    dataClass: tags("DataClass") ?? record?.dataClass,
    spec: textOf(given.customer_master_key_spec) ?? symmetricKind.spec,
    imported: key.imported,
    keyStore: key.keyStore ?? textOf(given.custom_key_store_id),
    rotationDays: isTrue(given.enable_key_rotation)
      ? (wholeNumber(given.rotation_period_in_days) ?? kmsLimits.rotationDaysByDefault)
      : undefined,
    rotationsOnDemand: record?.rotationsOnDemand ?? 0,
    deletionWindowDays: wholeNumber(given.deletion_window_in_days),
    step: record?.step,
    enabled: isEnabled(key),
    grants: key.grants.length,
    policyBytes: key.policy?.bytes ?? 0,
    requests: [...(record?.requests ?? [])]
      .map(([id, rate]) => ({ accountId: id, ...rate }))
      .sort((a, b) => nameOrder(a.accountId, b.accountId)),
    sources: record?.sources ?? [],
  };
}

function inventoryReplica(replica: StackKey, record: KeyMetadata | undefined): InventoryReplica {
  const { region, address, grants, policy } = replica;
  return {
    region,
    address,
    step: record?.replicaSteps.has(region) ? record.replicaSteps.get(region) : record && "in-use",
    enabled: isEnabled(replica),
    grants: grants.length,
    policyBytes: policy?.bytes ?? 0,
  };
}

/** `aws_kms_key` alone calls it otherwise. What nobody can tell is paid for as what is enabled. */
function isEnabled({ address, arguments: given }: StackKey): boolean {
  const type = address.slice(0, address.indexOf("."));
  const name = keyResourceTypes[type]?.arguments.has("is_enabled") === true ? "is_enabled" : "enabled";
  return given[name] !== false && given[name] !== "false";
}

function tagsOf(tags: unknown): (name: string) => string | undefined {
  const all: Readonly<Record<string, unknown>> = typeof tags === "object" && tags !== null ? { ...tags } : {};
  return (name) => (Object.hasOwn(all, name) ? textOf(all[name]) : undefined);
}

function byRegion(a: InventoryReplica, b: InventoryReplica): number {
  return nameOrder(a.region, b.region);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Terraform takes the text for the value. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
