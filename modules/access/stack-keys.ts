import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import type { Grant, GrantConstraint } from "./grant-match";
import { keyResourceTypes } from "./key-resource-types";
import { knownArguments } from "./resource-arguments";
import { customKeyStore } from "./stack-key-stores";
import { type Fields, isFields, type StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackAlias, StackKey, StackUserGrant } from "./synthesized-stack";

export type RegionOf = (fields: Fields, path: string) => string | undefined;

const grantArguments = knownArguments("aws_kms_grant");
const keyTypes = Object.keys(keyResourceTypes);
const keyAttributes = ["key_id", "id", "arn"];

/** Keys and replicas, each with its policy and its grants. */
export function readKeys(reading: StackReading, resources: StackResources, regionOf: RegionOf): StackKey[] {
  const grants = readGrants(reading, resources);
  const grantsByKey = new Map<string, Grant[]>();
  for (const { target, ...grant } of grants) {
    const others = grantsByKey.get(target);
    if (others === undefined) grantsByKey.set(target, [grant]);
    else others.push(grant);
  }
  const keys = Object.entries(keyResourceTypes).flatMap(([type, readAs]) =>
    resources.of(type).flatMap(([id, fields, path]): StackKey[] => {
      reading.onlyKnown(fields, readAs.arguments, path, readAs.mayIgnore);
      noteMaterial(reading, fields, path);
      const primary = readPrimary(reading, resources, fields, path, readAs.primary);
      const region = regionOf(fields, path);
      const policy = reading.policy(fields, "policy", path, "key");
      const { provider: _provider, policy: _policy, "//": _comment, primary_key_arn: _primary, ...others } = fields;
      const { keyStore, rest } = customKeyStore(resources, others);
      const literals = reading.literal(rest, path);
      if (region === undefined) return [];
      const address = `${type}.${id}`;
      return [
        {
          document: reading.document,
          path,
          kind: readAs.kind,
          imported: readAs.imported,
          address,
          region,
          multiRegion: readAs.kind === "replica" || fields.multi_region === true,
          primary,
          keyStore,
          policy,
          grants: grantsByKey.get(address) ?? [],
          arguments: isFields(literals) ? literals : {},
        },
      ];
    }),
  );
  const addresses = new Set(keys.map((key) => key.address));
  for (const grant of grants) {
    if (!addresses.has(grant.target)) reading.note(`${grant.path}/key_id`, `there is no ${grant.target} to grant`);
  }
  return keys;
}

/** Whoever reads the file, or the state, could decrypt everything for good. */
function noteMaterial(reading: StackReading, fields: Fields, path: string): void {
  if (!Object.hasOwn(fields, "key_material_base64")) return;
  reading.note(`${path}/key_material_base64`, "key material would be in this file and in Terraform's state");
}

/** The address of a replica's primary, which has to be in the same stack. */
function readPrimary(
  reading: StackReading,
  resources: StackResources,
  fields: Fields,
  path: string,
  type: string | undefined,
): string | undefined {
  if (type === undefined) return undefined;
  const primary = reading.reference(fields, "primary_key_arn", path, [type], ["arn"]);
  if (primary === undefined) return undefined;
  if (!resources.has(type, primary.name))
    reading.note(`${path}/primary_key_arn`, `there is no ${type}.${primary.name}`);
  return `${primary.type}.${primary.name}`;
}

function readGrants(reading: StackReading, resources: StackResources): (Grant & { readonly target: string })[] {
  return resources.of("aws_kms_grant").flatMap(([id, fields, path]) => {
    if (reading.lookedUpKey(fields.key_id) !== undefined) return [];
    const target = reading.reference(fields, "key_id", path, keyTypes, keyAttributes);
    const grant = readGrant(reading, id, fields, path);
    if (target === undefined || grant === undefined) return [];
    return [{ ...grant, target: `${target.type}.${target.name}` }];
  });
}

/** The grants on keys that the stack looks up, each made where its key is. */
export function readUserGrants(reading: StackReading, resources: StackResources, regionOf: RegionOf): StackUserGrant[] {
  return resources.of("aws_kms_grant").flatMap(([id, fields, path]) => {
    const keyArn = reading.lookedUpKey(fields.key_id);
    if (keyArn === undefined) return [];
    const [region, expected] = [regionOf(fields, path), parseKeyBehindAlias(keyArn)?.region];
    if (region !== expected)
      reading.note(`${path}/provider`, `the grant is made in ${region}, its key is in ${expected}`);
    const grant = readGrant(reading, id, fields, path);
    return grant === undefined ? [] : [{ ...grant, keyArn }];
  });
}

function readGrant(reading: StackReading, id: string, fields: Fields, path: string): Grant | undefined {
  reading.onlyKnown(fields, grantArguments, path);
  const grantee = reading.text(fields, "grantee_principal", path);
  const operations = reading.texts(fields, "operations", path);
  const retiring = reading.optionalText(fields, "retiring_principal", path);
  const constraint = readConstraint(reading, fields, path);
  const name = reading.optionalText(fields, "name", path) ?? "";
  if (grantee === undefined) return undefined;
  return { document: reading.document, path, id, name, grantee, retiring, operations, constraint };
}

/** A constraint that cannot be read does not narrow the grant. */
function readConstraint(reading: StackReading, fields: Fields, path: string): GrantConstraint | undefined {
  const block = reading.block(fields.constraints, `${path}/constraints`);
  if (block === undefined) return undefined;
  const [constraint, at] = block;
  const kinds = { encryption_context_equals: "equals", encryption_context_subset: "subset" } as const;
  const entries = reading.entries(constraint, at);
  const [only, second] = entries;
  const kind =
    only?.[0] === "encryption_context_equals" || only?.[0] === "encryption_context_subset" ? kinds[only[0]] : undefined;
  if (only === undefined || second !== undefined || kind === undefined) {
    reading.note(at, "has to be one of encryption_context_equals and encryption_context_subset");
    return undefined;
  }
  const [name, pairs, under] = only;
  const literal = reading.literal(pairs, under);
  const texts = Object.entries(isFields(literal) ? literal : {});
  const read = texts.filter((pair): pair is [string, string] => typeof pair[1] === "string");
  if (!isFields(pairs) || read.length !== texts.length || read.length === 0) {
    reading.note(under, `${name} has to be pairs of texts`);
    return undefined;
  }
  return { kind, pairs: Object.fromEntries(read) };
}

/** The aliases, by Region, with the key or replica behind each. */
export function readAliases(reading: StackReading, resources: StackResources, regionOf: RegionOf): StackAlias[] {
  const known = knownArguments("aws_kms_alias");
  return resources.of("aws_kms_alias").flatMap(([id, fields, path]): StackAlias[] => {
    reading.onlyKnown(fields, known, path);
    const name = reading.text(fields, "name", path);
    const target = reading.reference(fields, "target_key_id", path, keyTypes, keyAttributes);
    const region = regionOf(fields, path);
    if (target !== undefined && !resources.has(target.type, target.name)) {
      reading.note(`${path}/target_key_id`, `there is no ${target.type}.${target.name}`);
      return [];
    }
    if (name === undefined || target === undefined || region === undefined) return [];
    const address = `aws_kms_alias.${id}`;
    return [{ document: reading.document, path, address, name, region, target: `${target.type}.${target.name}` }];
  });
}
