/** The one key that has an alias, in one account and Region. */
export interface KeyBehindAlias {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** `alias/payments-prod` */
  readonly alias: string;
}

/**
 * A key's ARN whose id is not known before the key exists: `arn:aws:kms:us-east-1:100000000004:key/${alias/payments-prod}`.
 * AWS never sees this text: Terraform looks the key up by its alias and puts its ARN there. To IAM it would be a variable
 * that does not exist, and match nothing.
 */
export function keyBehindAlias(partition: string, region: string, accountId: string, alias: string): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/\${${alias}}`;
}

/** @returns undefined for any other text, real ARNs of keys among them */
export function parseKeyBehindAlias(text: string): KeyBehindAlias | undefined {
  const match = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):key\/\$\{(alias\/[\w/:-]+)\}$/.exec(text);
  if (match === null) return undefined;
  const [, partition = "", region = "", accountId = "", alias = ""] = match;
  return { partition, region, accountId, alias };
}

/** What DescribeKey takes, from any account. */
export function aliasArn({ partition, region, accountId, alias }: KeyBehindAlias): string {
  return `arn:${partition}:kms:${region}:${accountId}:${alias}`;
}

/** The text for a literal ARN of an alias; undefined for anything else. */
export function keyBehindAliasArn(arn: string): string | undefined {
  const match = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):(alias\/[\w/:-]+)$/.exec(arn);
  if (match === null) return undefined;
  const [, partition = "", region = "", accountId = "", alias = ""] = match;
  return `arn:${partition}:kms:${region}:${accountId}:key/\${${alias}}`;
}

/** A policy's text as long as it gets when the ids of keys stand in it: `mrk-` or not, each has 36 characters. */
export function withKeyIds(text: string): string {
  return text.replaceAll(/\$\{alias\/[\w/:-]+\}/g, "x".repeat(36));
}
