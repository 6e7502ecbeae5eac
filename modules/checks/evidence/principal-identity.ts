import { parseRequester } from "../../access/requester";

/**
 * `310000000002 role/payments-api`: one name for all the ARNs that may mean one role or user. A session is its role, and IAM
 * has each name once an account, whatever its path and its case.
 *
 * @returns undefined for AWS services and for anything that is no ARN of a principal
 */
export function principalIdentity(arn: string): string | undefined {
  const requester = parseRequester(arn);
  if (requester === undefined || requester.kind === "service") return undefined;
  const kinds = { role: "role", "role-session": "role", user: "user", "federated-user": "user", root: "root" };
  return `${requester.accountId} ${kinds[requester.kind]}/${requester.name.toLowerCase()}`;
}
