import { remembered } from "../aws/remembered";

/**
 * Who makes a request.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Requester =
  | AccountRequester
  | {
      readonly kind: "service";
      /** `logs.eu-west-1.amazonaws.com`. AWS services are in no account. */
      readonly name: string;
    };

export interface AccountRequester {
  /** `root` is the account's root user. */
  readonly kind: "role" | "role-session" | "user" | "federated-user" | "root";
  /** As given. A `role` stands for any session of it. */
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
  /** Role or user name without its path; empty for the root user. */
  readonly name: string;
  /** Roles that AWS services own: no service or resource control policy reaches them. */
  readonly serviceLinked: boolean;
}

/**
 * Takes an ARN of a role, user, root user, assumed-role session or federated user, or an AWS service's name.
 *
 * @returns undefined for anything else
 */
export const parseRequester: (text: string) => Requester | undefined = remembered((text) => {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(text)) return { kind: "service", name: text };
  const match = /^arn:(aws[a-z-]*):(iam|sts)::(\d{12}):(root|([a-z-]+)\/([^*?\s]+))$/.exec(text);
  if (match === null) return undefined;
  const [, partition = "", service, accountId = "", resource, type, path = ""] = match;
  const common = { arn: text, partition, accountId, serviceLinked: false };
  const segments = path.split("/");
  if (service === "iam") {
    if (resource === "root") return { ...common, kind: "root", name: "" };
    const name = segments.at(-1) ?? "";
    if (name === "") return undefined;
    if (type === "role") return { ...common, kind: "role", name, serviceLinked: path.startsWith("aws-service-role/") };
    return type === "user" ? { ...common, kind: "user", name } : undefined;
  }
  const [name = "", session] = segments;
  if (type === "assumed-role" && name !== "" && session !== undefined && segments.length === 2) {
    // IAM reserves the prefix for service-linked roles; a session's ARN does not show the role's path.
    return { ...common, kind: "role-session", name, serviceLinked: name.startsWith("AWSServiceRoleFor") };
  }
  return type === "federated-user" && segments.length === 1 ? { ...common, kind: "federated-user", name } : undefined;
});
