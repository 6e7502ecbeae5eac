import { nameOrder } from "../modules/aws/name-order";
import type { DutyRole } from "./duty-roles";
import { isObject, type Json, type JsonObject, objectOf } from "./module-json";
import { guardedResources, type ModuleProvider, mapBlocks, moduleProviders, providerGuards } from "./module-providers";
import { roleVariables } from "./role-variables";

/** An account's stack as a Terraform module without providers and without a state of its own. */
export interface PlainModule {
  /** The text of `main.tf.json`. */
  readonly text: string;
  /** What the caller has to pass, by reference. */
  readonly providers: readonly ModuleProvider[];
}

/** The stack has what Terraform takes in a root module alone. */
export interface NotAModule {
  readonly refused: string;
}

/**
 * Makes a module of a stack as it was written, so that a module holds what the zone proof accepted. Left out are the backend and
 * the providers, which belong to whoever calls the module, and CDKTF's notes on itself. Everything else stays, whatever it is:
 * `moved` and `removed` mean the same within a module.
 *
 * @param text of the stack's `cdk.tf.json`
 * @param roles those that may be given in variables
 */
export function plainModule(text: string, roles: readonly DutyRole[]): PlainModule | NotAModule {
  const stack: JsonObject = JSON.parse(text);
  if (stack.import !== undefined) {
    // Source: https://developer.hashicorp.com/terraform/language/import
    const refused =
      "has import blocks, which Terraform takes in a root module alone; adopt with the account's stack first (orgkeys synth without --as-modules, then apply), drop the adoption from the map, and synthesize the module then";
    return { refused };
  }
  const { provider: _providers, terraform, locals, resource, data, variable, "//": comment, ...others } = stack;
  const providers = moduleProviders(stack);
  // One substitution over all parts that a role can stand in, so that no policy goes on with the old one.
  const { variables, substitute } = roleVariables([locals ?? {}, resource ?? {}, data ?? {}], roles);
  const parts: JsonObject = {
    ...others,
    "//": { orgkeys: objectOf(comment).orgkeys ?? {} },
    data: mergeBlocks(objectOf(substitute(data ?? {})), providerGuards(providers)),
    locals: substitute(locals ?? {}),
    resource: guardedResources(objectOf(withoutNotes(objectOf(substitute(resource ?? {})))), providers),
    terraform: moduleSettings(objectOf(terraform), providers),
    variable: mergeNames(objectOf(variable), variables),
  };
  const filled = Object.entries(parts).filter(([, part]) => !isObject(part) || Object.keys(part).length > 0);
  const sorted = Object.fromEntries(filled.sort(([a], [b]) => nameOrder(a, b)));
  return { text: `${JSON.stringify(sorted, null, 2)}\n`, providers };
}

function moduleSettings(terraform: JsonObject, providers: readonly ModuleProvider[]): JsonObject {
  const { backend: _, cloud: __, required_providers: required, ...settings } = terraform;
  const { aws, ...otherProviders } = objectOf(required);
  return {
    ...settings,
    required_providers: {
      ...otherProviders,
      aws: { ...objectOf(aws), configuration_aliases: providers.map(({ reference }) => reference) },
    },
  };
}

/** CDKTF notes on each resource where its construct was, by the stack's name: here that would only be noise in a review. */
function withoutNotes(resource: JsonObject): JsonObject {
  return mapBlocks(resource, (block: Json): Json => {
    if (!isObject(block)) return block;
    const { "//": _, ...rest } = block;
    return rest;
  });
}

/** @throws Error where both have a block of one type and name */
function mergeBlocks(blocks: JsonObject, added: JsonObject): JsonObject {
  const types = [...new Set([...Object.keys(blocks), ...Object.keys(added)])].sort(nameOrder);
  return Object.fromEntries(
    types.flatMap((type): [string, JsonObject][] => {
      const merged = mergeNames(objectOf(blocks[type]), objectOf(added[type]));
      return Object.keys(merged).length === 0 ? [] : [[type, merged]];
    }),
  );
}

function mergeNames(named: JsonObject, added: JsonObject): JsonObject {
  const twice = Object.keys(added).find((name) => name in named);
  if (twice !== undefined) throw new Error(`a module needs the name ${twice} for itself, and the stack has it`);
  return Object.fromEntries(Object.entries({ ...named, ...added }).sort(([a], [b]) => nameOrder(a, b)));
}
