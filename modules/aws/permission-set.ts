import type { PartitionName } from "./partition";

/**
 * The role of an IAM Identity Center permission set in an account, by its ARN. Its name ends in 16 characters that nobody
 * knows beforehand, and that change when the permission set is assigned anew; its path has a Region, except for an
 * Identity Center in us-east-1. The `?` are counted, because `AWSReservedSSO_Reader_*` is also the role of a permission set
 * called `Reader_Admin`; and only AWS makes roles below `aws-reserved/`.
 *
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 *
 * @returns patterns for `ArnLike` on `aws:PrincipalArn`, one of which the role has
 */
export function permissionSetRolePatterns(partition: PartitionName, accountId: string, name: string): string[] {
  const path = `arn:${partition}:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/`;
  const role = `AWSReservedSSO_${name}_${"?".repeat(SUFFIX_LENGTH)}`;
  return [`${path}*/${role}`, `${path}${role}`];
}

const SUFFIX_LENGTH = 16;

/** A permission set's role in one account. */
export interface PermissionSetRole {
  readonly partition: string;
  readonly accountId: string;
  /** The permission set's. */
  readonly name: string;
}

/**
 * Reads such a pattern, or the ARN of such a role; undefined for everything that could mean more than the roles of one
 * permission set in one account.
 */
export function parsePermissionSetRole(arn: string): PermissionSetRole | undefined {
  const match =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/aws-reserved\/sso\.amazonaws\.com\/(?:(?:\*|[a-z0-9-]+)\/)?AWSReservedSSO_([\w+=,.@-]{1,32})_(?:\?{16}|[0-9a-f]{16})$/.exec(
      arn,
    );
  if (match === null) return undefined;
  const [, partition = "", accountId = "", name = ""] = match;
  return { partition, accountId, name };
}

/** A role that a pattern of `permissionSetRolePatterns` stands for, to be asked for in place of all of them. */
export function exampleOfPattern(pattern: string): string {
  return pattern.replace("/*/", "/us-west-2/").replace("?".repeat(SUFFIX_LENGTH), "1234567890abcdef");
}
