import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import type { Construct } from "constructs";
import { aliasArn, parseKeyBehindAlias } from "../aws/key-behind-alias";
import { aliasId } from "../keys/alias-id";
import type { AccountProviders } from "./account-providers";

/**
 * Keys of other accounts, each looked up once by the ARN of its alias. The data source for aliases would list the caller's
 * own; the one for keys asks DescribeKey, which takes an alias of any account.
 *
 * Terraform looks while it plans: the owner's stack has to be applied before.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 */
export class KeyLookups {
  readonly #scope: Construct;
  readonly #providers: AccountProviders;
  readonly #ids = new Set<string>();

  constructor(scope: Construct, providers: AccountProviders) {
    this.#scope = scope;
    this.#providers = providers;
  }

  /**
   * @param text as `keyBehindAlias` writes it
   * @returns the expression that gives the key's ARN; undefined for any other text
   */
  arnOf(text: string): string | undefined {
    const key = parseKeyBehindAlias(text);
    if (key === undefined) return undefined;
    const id = `${aliasId(key.alias)}_${key.accountId}_${key.region}`;
    if (!this.#ids.has(id)) {
      this.#ids.add(id);
      const lookup = new DataAwsKmsKey(this.#scope, `data aws_kms_key ${id}`, {
        provider: this.#providers.in(key.region),
        keyId: aliasArn(key),
      });
      lookup.overrideLogicalId(id);
    }
    return `\${data.aws_kms_key.${id}.arn}`;
  }
}
