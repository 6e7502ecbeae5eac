import { parseRequester } from "../../access/requester";

/**
 * `310000000002 role/payments-api`: one name for all the ARNs that may mean one role or user. A session is its role, and IAM
 * has each name once an account, whatever its path and its case. The role of a permission set goes by that: its name ends in
 * other characters in each account, and whenever the permission set is assigned anew.
 *
 * @returns undefined for AWS services and for anything that is no ARN of a principal
 */
export function principalIdentity(arn: string): string | undefined {
  const requester = parseRequester(arn);
  if (requester === undefined || requester.kind === "service") return undefined;
  const kinds = { role: "role", "role-session": "role", user: "user", "federated-user": "user", root: "root" };
  const name = requester.name.toLowerCase();
  const [, permissionSet] = /^awsreservedsso_(.+)_[0-9a-f]{16}$/.exec(name) ?? [];
  const is = kinds[requester.kind];
  return `${requester.accountId} ${is === "role" && permissionSet !== undefined ? `permission-set/${permissionSet}` : `${is}/${name}`}`;
}
