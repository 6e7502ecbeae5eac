import { uniqueNames } from "../aws/name-order";
import { readDirectStacks } from "./direct-stacks";
import { keyResourceTypes } from "./key-resource-types";
import { type ParsedStackText, parseStackText } from "./parse-stack-text";
import { readGuardrails } from "./stack-guardrails";
import { readBackend, readProviders, readRequirements, settleAccount } from "./stack-identity";
import { readIdentityPolicies } from "./stack-identity-policies";
import { readKeyStores, readVariables } from "./stack-key-stores";
import { type RegionOf, readAliases, readKeys, readUserGrants } from "./stack-keys";
import { readImports, readRemovals } from "./stack-lifecycle";
import { readKeyLookups } from "./stack-lookups";
import { readMetadata } from "./stack-metadata";
import { StackReading } from "./stack-reading";
import { StackResources } from "./stack-resources";
import { readStackSets } from "./stack-sets";
import type { StackKey, SynthesizedStack } from "./synthesized-stack";

/** Parts that are read, or that give nobody access and no key another place. */
const knownParts = new Set([
  "//",
  "data",
  "import",
  "locals",
  "output",
  "provider",
  "removed",
  "resource",
  "terraform",
  "variable",
]);

/** Data sources that only look something up. What refers to them is noted where it matters. */
const harmlessData = new Set([
  "aws_caller_identity",
  "aws_kms_alias",
  "aws_kms_key",
  "aws_organizations_organization",
  "aws_partition",
  "aws_region",
]);

const read = new Set([
  ...Object.keys(keyResourceTypes),
  "aws_kms_custom_key_store",
  "aws_kms_alias",
  "aws_kms_grant",
  "aws_iam_policy",
  "aws_iam_role_policy_attachment",
  "aws_iam_user_policy_attachment",
  "aws_organizations_policy",
  "aws_organizations_policy_attachment",
  "aws_cloudformation_stack",
  "aws_cloudformation_stack_set",
  "aws_cloudformation_stack_instances",
]);

/**
 * Reads one `cdk.tf.json`, ours or one that was edited by hand.
 *
 * @param name the stack's name; reports find the file by it
 * @param text the file's JSON
 * @returns the model, and in `unreadable` everything that it does not hold exactly
 */
export function readSynthesizedStack(name: string, text: string): SynthesizedStack {
  return readParsedStack(name, parseStackText(text));
}

/** The same of a text that is parsed already. */
export function readParsedStack(
  name: string,
  parsed: Pick<ParsedStackText, "json" | "error" | "duplicates">,
): SynthesizedStack {
  const json = parsed.json ?? {};
  const reading = new StackReading(name, json.locals);
  for (const path of parsed.duplicates) reading.note(path, "stands twice in its object");
  for (const part of Object.keys(json)) {
    if (!knownParts.has(part)) reading.note(`/${part}`, `${part} blocks are not understood here`);
  }
  for (const [type, , path] of reading.entries(json.data, "/data")) {
    if (!harmlessData.has(type)) reading.note(path, `data sources of type ${type} are not understood here`);
  }
  const resources = new StackResources(reading, json.resource);
  for (const type of resources.types) {
    if (!read.has(type)) {
      reading.note(`/resource/${type}`, `resources of type ${type} are not understood here`);
    }
  }
  const metadata = readMetadata(json["//"]);
  const providers = readProviders(reading, json.provider);
  readRequirements(reading, json.terraform);
  const regionOf = regions(providers);
  reading.lookups = readKeyLookups(reading, json.data, regionOf);
  noteStrayResources(reading, resources, regionOf);
  const keys = readKeys(reading, resources, regionOf);
  noteStrayGrants(reading, resources, regionOf, keys);
  return {
    name,
    ...settleAccount(reading, providers, metadata, json.provider),
    metadata,
    providers: providers.map(({ accountIds: _, ...provider }) => provider),
    backend: readBackend(reading, json.terraform),
    keys,
    keyStores: readKeyStores(reading, resources, regionOf, readVariables(reading, json.variable)),
    aliases: readAliases(reading, resources, regionOf),
    imports: readImports(reading, json.import, resources),
    removals: readRemovals(reading, json.removed, resources),
    identityPolicies: readIdentityPolicies(reading, resources),
    userGrants: readUserGrants(reading, resources, regionOf),
    guardrails: readGuardrails(reading, resources),
    stackSets: readStackSets(reading, resources),
    directStacks: readDirectStacks(reading, resources, regionOf),
    lookups: uniqueNames(reading.lookups.values()),
    resources: resources.types.reduce((sum, type) => sum + resources.of(type).length, 0),
    // Of a file that is no object nothing can be missing.
    unreadable: parsed.json === undefined ? [{ path: "", why: whyUnread(parsed.error) }] : reading.unreadable,
  };
}

function whyUnread(error: string | undefined): string {
  return error === undefined ? "has to be an object" : `is not JSON: ${error}`;
}

/** The Region of the provider that a resource names, or of the only one without an alias when it names none. */
function regions(providers: readonly { readonly reference: string; readonly region: string }[]): RegionOf {
  const byReference = new Map(providers.map((provider) => [provider.reference, provider.region]));
  return ({ provider = "aws" }) => (typeof provider === "string" ? byReference.get(provider) : undefined);
}

/**
 * A resource whose provider is not in the stack goes wherever the credentials of whoever runs Terraform lead.
 *
 * Source: https://developer.hashicorp.com/terraform/language/providers/configuration#default-provider-configurations
 */
function noteStrayResources(reading: StackReading, resources: StackResources, regionOf: RegionOf): void {
  for (const [, fields, path] of resources.types.flatMap((type) => resources.of(type))) {
    if (regionOf(fields, path) !== undefined) continue;
    reading.note(`${path}/provider`, `there is no provider ${JSON.stringify(fields.provider ?? "aws")}`);
  }
}

/** A multi-Region key and its replicas have one key id: the grant's own provider decides which of them is granted. */
function noteStrayGrants(
  reading: StackReading,
  resources: StackResources,
  regionOf: RegionOf,
  keys: readonly StackKey[],
): void {
  const regionOfKey = new Map(keys.flatMap(({ grants, region }) => grants.map(({ id }) => [id, region] as const)));
  for (const [id, fields, path] of resources.of("aws_kms_grant")) {
    const [region, expected] = [regionOf(fields, path), regionOfKey.get(id)];
    if (region === undefined || expected === undefined || region === expected) continue;
    reading.note(`${path}/provider`, `the grant is made in ${region}, and its key is in ${expected}`);
  }
}
