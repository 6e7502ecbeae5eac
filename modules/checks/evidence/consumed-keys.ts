import type { AccessIndex } from "../../access/access-index";
import { parseOperator } from "../../access/condition/evaluate-condition";
import type { Statement } from "../../access/policy-statement";
import { parseKeyBehindAlias } from "../../aws/key-behind-alias";
import type { MapKey } from "../frame/check";
import { keysOfAccount } from "./map-keys";

/** The keys that a pattern of a consumer policy's Resource means. */
export interface ConsumedKeys {
  readonly pattern: string;
  readonly region: string;
  readonly accountId: string;
  /** One key by its id or by the alias that Terraform finds it by; otherwise the pattern means all keys, or some by chance. */
  readonly single: boolean;
  /** The alias by which Terraform looks the key up. */
  readonly alias: string | undefined;
}

/**
 * A key ARN with Region and account written out, or a key that Terraform looks up by an alias of these.
 *
 * @returns undefined for everything else, an alias among it: an alias in Resource means the alias and no key
 */
export function parseConsumedKeys(pattern: string): ConsumedKeys | undefined {
  const lookup = parseKeyBehindAlias(pattern);
  if (lookup !== undefined) return { pattern, single: true, ...lookup };
  const match = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key\/([^$]+)$/.exec(pattern);
  if (match === null) return undefined;
  const [, region = "", accountId = "", id = ""] = match;
  return { pattern, region, accountId, single: !/[*?]/.test(id), alias: undefined };
}

/**
 * The aliases behind one of which a key has to be for a statement to reach it. A key can have several aliases, so only
 * `ForAnyValue` asks for one of them: `ForAllValues` lets keys without an alias pass.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 *
 * @returns undefined when no condition writes them out
 */
export function aliasesNamed({ conditions }: Statement): readonly string[] | undefined {
  return conditions.find(({ key, operator, values }) => {
    const use = parseOperator(operator);
    return (
      key.toLowerCase() === "kms:resourcealiases" &&
      use?.set === "ForAnyValue" &&
      !use.ifExists &&
      (use.name === "StringEquals" || use.name === "StringLike") &&
      values.every((value) => /^alias\/[^*?$]+$/.test(value))
    );
  })?.values;
}

/** Whether a stack has a key behind this alias, in this account and Region. */
export function hasAliasedKey(index: AccessIndex, { accountId, region }: ConsumedKeys, alias: string): boolean {
  return index.keysByAlias(alias).some((entry) => entry.accountId === accountId && entry.key.region === region);
}

/**
 * Whether the map hands the key behind this alias over to somebody: it lives on, with its alias and for its users, and no
 * stack has it.
 */
export function isHandedOver(
  keys: ReadonlyMap<string, MapKey>,
  { accountId, region }: ConsumedKeys,
  alias: string,
): boolean {
  return keysOfAccount(keys, accountId).some((key) => {
    const step = region === key.region ? key.step : key.replicaSteps.get(region);
    return step === "handed-over" && key.aliases.includes(alias);
  });
}
