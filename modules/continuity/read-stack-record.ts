import { blocksOf, fieldsOf } from "../access/json-parts";
import { readMetadata } from "../access/stack-metadata";
import { type Fields, isFields } from "../access/stack-reading";
import type { StackMetadata } from "../access/synthesized-stack";
import { literalText, parseReference } from "../access/terraform-value";
import { readRolloutRecord, rolloutTypes } from "./read-rollout-record";
import type { AliasRecord, KeyRecord, StackRecord } from "./stack-record";
import { stateName, zoneSubject } from "./stack-subject";

const kinds: Readonly<Record<string, KeyRecord["kind"]>> = {
  aws_kms_key: "key",
  aws_kms_external_key: "key",
  aws_kms_replica_key: "replica",
  aws_kms_replica_external_key: "replica",
  aws_kms_custom_key_store: "key store",
};

/**
 * Reads of a stack, or of a plain module, what can be lost, and nothing else: policies of 1,000 accounts take seconds, and no key hangs on them.
 *
 * @returns every reason when nobody can tell which keys there are; undefined when there are none for sure
 */
export function readStackRecord(name: string, text: string): StackRecord | undefined | { unreadable: string[] } {
  const json = parse(text);
  if (typeof json === "string") return { unreadable: [json] };
  const resources = fieldsOf(json.resource);
  const metadata = readMetadata(json["//"]);
  const removed = blocksOf(json.removed).filter(({ lifecycle }) => fieldsOf(lifecycle).destroy === false);
  const hasKeys = [...Object.keys(kinds), ...rolloutTypes].some(
    (type) => Object.keys(fieldsOf(resources[type])).length > 0,
  );

  const unreadable: string[] = [];
  const { accountId, account, organization, ou, zone } = metadata;
  if (accountId === undefined || account === undefined || zone === undefined)
    unreadable.push("it does not say whose keys it has: //.orgkeys has no account, accountId or zone");
  const backend = fieldsOf(fieldsOf(json.terraform).backend);
  const module = isModule(json);
  const state = module ? accountId : stateName(backend);
  // Terraform reads lists of blocks as well, which nobody here writes.
  const hidden = ["resource", ...Object.keys(kinds), "aws_kms_alias", ...rolloutTypes].filter(
    (type) => !isBlocks(type === "resource" ? json.resource : resources[type]),
  );
  unreadable.push(...hidden.map((type) => `${type} is no object`));
  if (state === undefined) unreadable.push("it does not say where its state is");
  for (const [id, { step, replicaSteps, days, replicaDays }] of metadata.keys) {
    if ([days, ...replicaDays.values()].includes(undefined))
      unreadable.push(`//.orgkeys.keys.${id} has a day that is none`);
    if ([step, ...replicaSteps.values()].includes(undefined))
      unreadable.push(`//.orgkeys.keys.${id} has a step that is none`);
  }
  const regionOf = module ? regionOfReference : regions(json.provider);
  const keys = new Map<string, KeyRecord>();
  for (const type of Object.keys(kinds)) {
    for (const [id, fields] of Object.entries(fieldsOf(resources[type]))) {
      const key = isFields(fields) ? readKey(type, id, fields, regionOf, metadata) : undefined;
      if (key === undefined) unreadable.push(`${type}.${id} has no Region that can be read`);
      else keys.set(key.address, key);
    }
  }
  const aliases: AliasRecord[] = [];
  for (const [id, fields] of Object.entries(fieldsOf(resources.aws_kms_alias))) {
    const alias = isFields(fields) ? readAlias(id, fields, regionOf) : undefined;
    if (alias === undefined) unreadable.push(`aws_kms_alias.${id} has no name, key or Region that can be read`);
    else aliases.push(alias);
  }
  const rollouts = readRolloutRecord(json, metadata, regionOf);
  if (rollouts !== undefined && "unreadable" in rollouts) unreadable.push(...rollouts.unreadable);
  // A stack without a state is none of those that were written here, or what somebody left of one.
  const hasNone = !hasKeys && removed.length === 0 && hidden.length === 0 && state !== undefined;
  if (unreadable.length > 0 || (rollouts !== undefined && "unreadable" in rollouts))
    return hasNone ? undefined : { unreadable };
  return {
    name,
    state: state ?? "",
    subject: zoneSubject(metadata) ?? state ?? "",
    accountId: accountId ?? "",
    account: account ?? "",
    zone: zone ?? "",
    ouPath: metadata.kind === "account" && ou !== undefined ? `${organization}/${ou}` : undefined,
    backend: JSON.stringify(backend),
    guardrails: Object.keys(fieldsOf(resources.aws_organizations_policy)).map((id) => `aws_organizations_policy.${id}`),
    keys,
    aliases,
    imports: new Map(blocksOf(json.import).map(({ to, id }) => [String(to), String(id)])),
    removed: new Set(removed.map(({ from }) => String(from))),
    metadata: metadata.keys,
    rollouts,
  };
}

function isBlocks(value: unknown): boolean {
  return value === undefined || (isFields(value) && !Array.isArray(value));
}

function parse(text: string): Fields | string {
  try {
    const json: unknown = JSON.parse(text);
    return isFields(json) ? json : "it is no object";
  } catch (error) {
    return `it is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function readKey(
  type: string,
  id: string,
  fields: Fields,
  regionOf: RegionOf,
  metadata: StackMetadata,
): KeyRecord | undefined {
  const region = regionOf(fields);
  const kind = kinds[type];
  if (region === undefined || kind === undefined) return undefined;
  const primary = kind === "replica" ? referenced(fields.primary_key_arn) : undefined;
  const owner = fieldsOf(fields.tags).Owner;
  return {
    kind,
    address: `${type}.${id}`,
    type,
    id,
    identity: id.endsWith(`_${region}`) ? id.slice(0, -region.length - 1) : id,
    region,
    primary,
    arguments: fields,
    metadata: metadata.keys.get(primary === undefined ? id : primary.slice(primary.indexOf(".") + 1)),
    owner: typeof owner === "string" ? literalText(owner) : undefined,
  };
}

function readAlias(id: string, fields: Fields, regionOf: RegionOf): AliasRecord | undefined {
  const region = regionOf(fields);
  const target = referenced(fields.target_key_id);
  const name = typeof fields.name === "string" ? literalText(fields.name) : undefined;
  return region === undefined || target === undefined || name === undefined
    ? undefined
    : { address: `aws_kms_alias.${id}`, name, region, target };
}

type RegionOf = (fields: Fields) => string | undefined;

function regions(provider: unknown): RegionOf {
  const byReference = new Map(
    blocksOf(fieldsOf(provider).aws).map(({ alias, region }) => [alias === undefined ? "aws" : `aws.${alias}`, region]),
  );
  return ({ provider: reference = "aws" }) => {
    const region = byReference.get(String(reference));
    return typeof region === "string" ? region : undefined;
  };
}

/**
 * A plain module has neither state nor providers, which are its caller's: an account has one module, and its providers are
 * named after their Regions.
 */
function isModule({ terraform, provider }: Fields): boolean {
  const { backend, required_providers: required } = fieldsOf(terraform);
  const { configuration_aliases: aliases } = fieldsOf(fieldsOf(required).aws);
  return backend === undefined && provider === undefined && Array.isArray(aliases);
}

function regionOfReference({ provider }: Fields): string | undefined {
  return typeof provider === "string" ? /^aws\.(.+)$/.exec(provider)?.[1] : undefined;
}

/** The address behind `${aws_kms_key.payments_prod_us-east-1.arn}`. */
function referenced(value: unknown): string | undefined {
  const reference = typeof value === "string" ? parseReference(value) : undefined;
  return reference === undefined ? undefined : `${reference.type}.${reference.name}`;
}
