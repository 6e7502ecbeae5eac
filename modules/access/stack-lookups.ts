import { keyBehindAliasArn, parseKeyBehindAlias } from "../aws/key-behind-alias";
import { type Fields, isFields, type StackReading } from "./stack-reading";
import { literalText } from "./terraform-value";

/** Keys that a stack looks up, as `keyBehindAlias` writes them, by the data source's name. */
export type KeyLookups = ReadonlyMap<string, string>;

const lookupArguments = new Set(["provider", "key_id", "//"]);

/**
 * The data sources that surely give the key behind one alias: by the alias's literal ARN, in the Region of their provider,
 * which is where AWS KMS looks. Any other may give any key, and what refers to it is not understood.
 */
export function readKeyLookups(
  reading: StackReading,
  data: unknown,
  regionOf: (fields: Fields, path: string) => string | undefined,
): KeyLookups {
  const lookups = new Map<string, string>();
  const types = isFields(data) ? data : {};
  for (const [name, fields, path] of reading.entries(types.aws_kms_key, "/data/aws_kms_key")) {
    if (!isFields(fields) || Object.keys(fields).some((argument) => !lookupArguments.has(argument))) continue;
    const arn = typeof fields.key_id === "string" ? literalText(fields.key_id) : undefined;
    const key = keyBehindAliasArn(arn ?? "");
    if (key !== undefined && parseKeyBehindAlias(key)?.region === regionOf(fields, path)) lookups.set(name, key);
  }
  return lookups;
}
