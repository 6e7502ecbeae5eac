import { fieldsOf } from "../../access/json-parts";
import { keyBehindAliasArn } from "../../aws/key-behind-alias";
import { explained } from "../comparer";
import { jsonOf, type StackPair } from "../stack-pair";

/** The data sources of both sides that give keys by their aliases: they come and go with the policy or grant that asks. */
export function explainedLookups({ before, after }: StackPair, keyArns: readonly string[]): string[] {
  const wanted = new Set(keyArns);
  return [before, after].flatMap((stack) => {
    const sources = stack === undefined ? {} : fieldsOf(fieldsOf(jsonOf(stack).data).aws_kms_key);
    return Object.entries(sources).flatMap(([name, source]) => {
      const arn: unknown = fieldsOf(source).key_id;
      const key = typeof arn === "string" ? keyBehindAliasArn(arn) : undefined;
      return key !== undefined && wanted.has(key) ? [explained(`data.aws_kms_key.${name}`)] : [];
    });
  });
}
