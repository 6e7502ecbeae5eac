import { knownArguments } from "./resource-arguments";
import type { RegionOf } from "./stack-keys";
import { type Fields, isFields, type StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackKeyStore } from "./synthesized-stack";
import { parseReference } from "./terraform-value";

const type = "aws_kms_custom_key_store";
const credential = "xks_proxy_authentication_credential";
const storeArguments = knownArguments("aws_kms_custom_key_store");
/** AWS CloudHSM changes the password at the first connect; both are in AWS and in the state alone. */
const mayIgnore = new Set(["key_store_password", credential]);

/** Custom key stores; a secret that stands in the file, or comes from anywhere but a sensitive variable, is noted. */
export function readKeyStores(
  reading: StackReading,
  resources: StackResources,
  regionOf: RegionOf,
  variables: ReadonlySet<string>,
): StackKeyStore[] {
  return resources.of(type).flatMap(([id, fields, path]): StackKeyStore[] => {
    reading.onlyKnown(fields, storeArguments, path, mayIgnore);
    const { provider: _provider, "//": _comment, key_store_password, [credential]: _secrets, ...rest } = fields;
    const secrets: [unknown, string][] = [];
    if (key_store_password !== undefined) secrets.push([key_store_password, `${path}/key_store_password`]);
    const block = reading.block(fields[credential], `${path}/${credential}`);
    if (block !== undefined) {
      const [values, at] = block;
      reading.onlyKnown(values, new Set(["access_key_id", "raw_secret_access_key"]), at);
      secrets.push([values.access_key_id, `${at}/access_key_id`]);
      secrets.push([values.raw_secret_access_key, `${at}/raw_secret_access_key`]);
    }
    for (const [value, at] of secrets) {
      const name = typeof value === "string" ? /^\$\{\s*var\.([\w-]+)\s*\}$/.exec(value)?.[1] : undefined;
      if (name === undefined) reading.note(at, "a secret has to come from a sensitive variable, and from nowhere else");
      else if (!variables.has(name)) reading.note(at, `there is no sensitive variable ${name}`);
    }
    const literals = reading.literal(rest, path);
    const region = regionOf(fields, path);
    if (region === undefined) return [];
    const address = `${type}.${id}`;
    return [{ document: reading.document, path, address, region, arguments: isFields(literals) ? literals : {} }];
  });
}

/**
 * The names of the variables that bring secrets. A default would stand in the file, and what is not sensitive is shown in
 * every plan.
 *
 * Source: https://developer.hashicorp.com/terraform/language/values/variables
 */
export function readVariables(reading: StackReading, blocks: unknown): ReadonlySet<string> {
  const sensitive = new Set<string>();
  for (const [name, value, path] of reading.entries(blocks, "/variable")) {
    const block = reading.block(value, path);
    if (block === undefined) continue;
    const [variable, at] = block;
    reading.onlyKnown(variable, new Set(["description", "nullable", "sensitive", "type"]), at);
    if (variable.sensitive === true && variable.type === "string") sensitive.add(name);
    else reading.note(at, "only variables of type string that are sensitive are understood here");
  }
  return sensitive;
}

/**
 * Parts a key's arguments from a reference to a custom key store of the same stack. Every other expression stays among the
 * arguments, where it is noted.
 */
export function customKeyStore(
  resources: StackResources,
  fields: Fields,
): { readonly keyStore: string | undefined; readonly rest: Fields } {
  const { custom_key_store_id: store, ...rest } = fields;
  const reference = typeof store === "string" ? parseReference(store) : undefined;
  if (reference?.type !== type || reference.attribute !== "id" || !resources.has(type, reference.name)) {
    return { keyStore: undefined, rest: fields };
  }
  return { keyStore: `${type}.${reference.name}`, rest };
}
