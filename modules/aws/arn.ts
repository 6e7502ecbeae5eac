import { isAccountId } from "./account-id";
import { type PartitionName, partitionNames } from "./partition";

/** An IAM principal's ARN, taken apart: `arn:<partition>:iam::<account>:<kind>/<path and name>`. */
export interface IamPrincipalArn {
  readonly partition: PartitionName;
  readonly accountId: string;
  readonly kind: "role" | "user" | "root";
  /** Path and name as IAM writes them (`service/api`); empty for the account root. */
  readonly resource: string;
}

/** Takes an IAM role, user or account-root ARN apart; undefined for everything else, wildcards included. */
export function parseIamPrincipalArn(arn: string): IamPrincipalArn | undefined {
  const match = /^arn:([a-z-]+):iam::(\d+):(root|(role|user)\/([\w+=,.@/-]+))$/.exec(arn);
  if (!match) return undefined;
  const [, partition, accountId, resource, kind, name] = match;
  if (!isPartition(partition) || accountId === undefined || !isAccountId(accountId)) return undefined;
  if (resource === "root") return { partition, accountId, kind: "root", resource: "" };
  if ((kind !== "role" && kind !== "user") || name === undefined) return undefined;
  return { partition, accountId, kind, resource: name };
}

function isPartition(text: string | undefined): text is PartitionName {
  return partitionNames.some((name) => name === text);
}

/** `role/payments-api` in an account, as the ARN that key policies and grants name. */
export function iamPrincipalArn(partition: PartitionName, accountId: string, kindAndName: string): string {
  return `arn:${partition}:iam::${accountId}:${kindAndName}`;
}

/** In a key policy's Allow this delegates to the account's IAM; in a Deny it means every principal of the account. */
export function accountRootArn(partition: PartitionName, accountId: string): string {
  return iamPrincipalArn(partition, accountId, "root");
}

/** All keys of one account and Region; only ever used together with a condition on `kms:ResourceAliases`. */
export function keysArn(partition: PartitionName, region: string, accountId: string): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/*`;
}
