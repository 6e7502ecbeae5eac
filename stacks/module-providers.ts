import { nameOrder, uniqueNames } from "../modules/aws/name-order";
import { isObject, type Json, type JsonObject, listOf, objectOf } from "./module-json";

/** A provider that whoever calls the module has to pass: where the stack's own one works, and as whom. */
export interface ModuleProvider {
  /** How resources name it, and the caller's `providers` map: `aws.us-east-1`. */
  readonly reference: string;
  readonly alias: string;
  readonly region: string;
  readonly accountId: string;
  readonly roleArn: string;
  /** As Terraform reads it, escapes and all. */
  readonly externalId: string | undefined;
  /** In the same way. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

/** What a provider block of a stack may say: whatever else it said would be lost on the way into a module. */
const carriedArguments = new Set(["alias", "allowed_account_ids", "assume_role", "region"]);
const carriedRoleArguments = new Set(["external_id", "role_arn", "session_name", "tags"]);

/**
 * The providers that the resources and data sources of a stack name, by reference.
 *
 * @throws Error for a provider that a module could not ask for as the stack has it
 */
export function moduleProviders(stack: JsonObject): ModuleProvider[] {
  const declared = new Map(
    listOf(objectOf(stack.provider).aws).map((block) => {
      const provider = readProvider(objectOf(block));
      return [provider.reference, provider] as const;
    }),
  );
  const used = [...blocksOf(stack.resource), ...blocksOf(stack.data)].map(({ provider }) => String(provider));
  return uniqueNames(used).map((reference) => {
    const provider = declared.get(reference);
    if (provider === undefined)
      throw new Error(`a resource or data source has provider ${reference}, and there is none`);
    return provider;
  });
}

function readProvider(block: JsonObject): ModuleProvider {
  const [role, ...otherRoles] = listOf(block.assume_role).map(objectOf);
  const [accountId, ...otherAccounts] = listOf(block.allowed_account_ids);
  const { alias, region } = block;
  const { role_arn: roleArn, external_id: externalId, tags } = role ?? {};
  const sessionTags = Object.entries(objectOf(tags)).filter(
    (tag): tag is [string, string] => typeof tag[1] === "string",
  );
  const lost = [
    ...Object.keys(block).filter((name) => !carriedArguments.has(name)),
    ...Object.keys(role ?? {}).filter((name) => !carriedRoleArguments.has(name)),
  ];
  if (
    typeof alias !== "string" ||
    typeof region !== "string" ||
    typeof accountId !== "string" ||
    typeof roleArn !== "string" ||
    (externalId !== undefined && typeof externalId !== "string") ||
    (tags !== undefined && (!isObject(tags) || sessionTags.length !== Object.keys(tags).length)) ||
    otherRoles.length + otherAccounts.length + lost.length > 0
  ) {
    throw new Error(`a module cannot ask for the provider ${JSON.stringify(block)}`);
  }
  return {
    reference: `aws.${alias}`,
    alias,
    region,
    accountId,
    roleArn,
    externalId,
    sessionTags: Object.fromEntries(sessionTags),
  };
}

/**
 * The stack's providers refuse any other account, and know their Region. Those that a module is given may be anybody's: two
 * data sources for each hold them to the same account and Region before anything is made.
 *
 * `id` is the Region's name in versions 5 and 6 of the provider; `region` came with 6, and `name` went out of use.
 */
export function providerGuards(providers: readonly ModuleProvider[]): JsonObject {
  const guards = (condition: (provider: ModuleProvider) => readonly [condition: string, message: string]): JsonObject =>
    Object.fromEntries(
      providers.map((provider) => {
        const [text, message] = condition(provider);
        return [
          provider.alias,
          {
            lifecycle: { postcondition: [{ condition: `\${${text}}`, error_message: message }] },
            provider: provider.reference,
          },
        ];
      }),
    );
  return {
    aws_caller_identity: guards(({ reference, accountId }) => [
      `self.account_id == "${accountId}"`,
      `The provider passed as ${reference} has to work on account ${accountId}.`,
    ]),
    aws_region: guards(({ reference, region }) => [
      `self.id == "${region}"`,
      `The provider passed as ${reference} has to work in ${region}.`,
    ]),
  };
}

/**
 * The same resources, each waiting for its provider's guards. A plan reads those first, but not when the module call has a
 * `depends_on`: then Terraform puts off all its data sources.
 *
 * Source: https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on
 */
export function guardedResources(resource: JsonObject, providers: readonly ModuleProvider[]): JsonObject {
  const aliases = new Map(providers.map(({ reference, alias }) => [reference, alias]));
  const guarded = (block: Json): Json => {
    const alias = isObject(block) ? aliases.get(String(block.provider)) : undefined;
    if (!isObject(block) || alias === undefined) return block;
    const guards = [`data.aws_caller_identity.${alias}`, `data.aws_region.${alias}`];
    const names = uniqueNames([...listOf(block.depends_on).map(String), ...guards]);
    return Object.fromEntries(Object.entries({ ...block, depends_on: names }).sort(([a], [b]) => nameOrder(a, b)));
  };
  return mapBlocks(resource, guarded);
}

/** Every block of `resource` or `data`, of whatever type. */
export function blocksOf(part: Json | undefined): JsonObject[] {
  return Object.values(objectOf(part)).flatMap((ofType) => Object.values(blocks(ofType)).map(objectOf));
}

export function mapBlocks(part: JsonObject, change: (block: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(part).map(([type, ofType]) => [
      type,
      Object.fromEntries(Object.entries(blocks(ofType)).map(([name, block]) => [name, change(block)])),
    ]),
  );
}

/** @throws Error for another of JSON syntax's forms: synthesis writes this one alone, and nothing may get lost */
function blocks(ofType: Json): JsonObject {
  if (!isObject(ofType)) throw new Error("blocks of one type have to be an object, by name");
  return ofType;
}
