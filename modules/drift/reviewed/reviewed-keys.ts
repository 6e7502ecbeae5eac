import type { Grant } from "../../access/grant-match";
import { textsByName } from "../../access/json-parts";
import { keyResourceTypes } from "../../access/key-resource-types";
import { metadataOfKey } from "../../access/stack-metadata";
import type { KeyMetadata, StackKey, StackUserGrant, SynthesizedStack } from "../../access/synthesized-stack";
import { parseKeyBehindAlias } from "../../aws/key-behind-alias";
import { symmetricKind } from "../../aws/key-kind";
import type { KeyStep } from "../../aws/key-step";
import { isFalse, isTrue, textOf, wholeNumber } from "./argument-values";
import type { ReviewedAlias, ReviewedGrant, ReviewedKey, ReviewedRotation } from "./reviewed-key";

/** A grant that the stack of a using account makes on a key of another. */
export interface ForeignGrant extends StackUserGrant {
  readonly stack: string;
  /** The day from which it is left out. */
  readonly expires: string | undefined;
}

/** The grants that stacks make on keys which they look up, by the id of the account that owns the key. */
export function foreignGrantsByOwner(
  stacks: readonly SynthesizedStack[],
): ReadonlyMap<string, readonly ForeignGrant[]> {
  const byOwner = new Map<string, ForeignGrant[]>();
  for (const { name: stack, metadata, userGrants } of stacks) {
    for (const grant of userGrants) {
      const owner = parseKeyBehindAlias(grant.keyArn)?.accountId;
      if (owner === undefined) continue;
      const expires = metadata.userGrants.get(grant.id)?.expires;
      append(byOwner, owner, { ...grant, stack, expires });
    }
  }
  return byOwner;
}

/**
 * The keys that Terraform makes in an account.
 *
 * @param foreignGrants of all stacks, on keys of this account
 */
export function reviewedKeys(stack: SynthesizedStack, foreignGrants: readonly ForeignGrant[]): ReviewedKey[] {
  const aliases = new Map<string, ReviewedAlias[]>();
  for (const { target, region, name, address } of stack.aliases)
    append(aliases, `${target} ${region}`, { name, address });
  const imports = new Map(stack.imports.map(({ address, id }) => [address, id]));
  const foreign = new Map<string, ReviewedGrant[]>();
  for (const { keyArn, stack: ofUser, expires, ...grant } of foreignGrants) {
    const lookup = parseKeyBehindAlias(keyArn);
    if (lookup === undefined || lookup.accountId !== stack.accountId) continue;
    append(foreign, `${lookup.region} ${lookup.alias}`, reviewedGrant(grant, ofUser, expires));
  }
  return stack.keys.map((key): ReviewedKey => {
    const { address, kind, region, imported, arguments: given } = key;
    const record = metadataOfKey(stack, key);
    const ofKey = aliases.get(`${address} ${region}`) ?? [];
    return {
      by: "terraform",
      stack: stack.name,
      address,
      kind,
      primary: key.primary,
      region,
      multiRegion: key.multiRegion,
      policy: key.policy,
      aliases: inOrderOf(record?.aliases ?? [], ofKey),
      grants: [
        ...key.grants.map((grant) => reviewedGrant(grant, stack.name, record?.grants.get(grant.id))),
        ...ofKey.flatMap(({ name }) => foreign.get(`${region} ${name}`) ?? []),
      ],
      tags: textsByName(given.tags),
      description: textOf(given.description) ?? "",
      enabled: !isFalse(given[enabledArgument(address)]),
      rotation: rotationOf(key),
      spec: kind === "replica" ? undefined : (textOf(given.customer_master_key_spec) ?? symmetricKind.spec),
      usage: kind === "replica" ? undefined : (textOf(given.key_usage) ?? symmetricKind.usage),
      imported,
      keyStore: key.keyStore ?? textOf(given.custom_key_store_id),
      step: stepOf(key, record),
      deletionWindowDays: wholeNumber(given.deletion_window_in_days),
      importId: imports.get(address),
      dataClass: record?.dataClass,
      sources: record?.sources ?? [],
    };
  });
}

/** A constraint that cannot be read is none: whatever AWS has then differs, and somebody looks at it. */
function reviewedGrant(grant: Grant, stack: string, expires: string | undefined): ReviewedGrant {
  return { ...grant, stack, address: `aws_kms_grant.${grant.id}`, expires };
}

/** The name by which people know the key comes first. */
function inOrderOf(names: readonly string[], aliases: readonly ReviewedAlias[]): ReviewedAlias[] {
  const place = ({ name }: ReviewedAlias): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...aliases].sort((a, b) => place(a) - place(b));
}

/** `aws_kms_key` alone calls it otherwise. */
function enabledArgument(address: string): string {
  const type = address.slice(0, address.indexOf("."));
  return keyResourceTypes[type]?.arguments.has("is_enabled") === true ? "is_enabled" : "enabled";
}

/** Of keys alone that AWS KMS can rotate by itself: symmetric ones with material of its own. */
function rotationOf({ kind, imported, keyStore, arguments: given }: StackKey): ReviewedRotation | undefined {
  const spec = textOf(given.customer_master_key_spec) ?? symmetricKind.spec;
  const elsewhere = imported || keyStore !== undefined || textOf(given.custom_key_store_id) !== undefined;
  if (kind === "replica" || elsewhere || spec !== symmetricKind.spec) return undefined;
  return { enabled: isTrue(given.enable_key_rotation), periodDays: wholeNumber(given.rotation_period_in_days) };
}

function stepOf({ kind, region }: StackKey, record: KeyMetadata | undefined): KeyStep | undefined {
  if (record === undefined || kind === "key") return record?.step;
  return record.replicaSteps.has(region) ? record.replicaSteps.get(region) : "in-use";
}

function append<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
