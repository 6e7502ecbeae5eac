import { parsePermissionSetRole } from "../aws/permission-set";
import type { Principal } from "../organization/workload";

/** What the consumer policy of a principal is called, and where it goes. */
export interface ConsumerPolicyNames {
  /** Of the Terraform address. */
  readonly id: string;
  /** The policy's in IAM. */
  readonly name: string;
  /** `role/…`, `user/…` or `permission-set/…`; `root` for whomever the account attaches it to. */
  readonly principal: string;
  /** Undefined for a policy that somebody else attaches. */
  readonly attachTo: string | undefined;
}

/**
 * IAM names roles and users without their path, and each name once an account. A policy that is only offered has a name of
 * its own, so that one principal can have both kinds.
 *
 * IAM Identity Center attaches a customer managed policy by its name, the same in each account, and nobody else can attach
 * one to the role of a permission set.
 *
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtocmp.html
 */
export function consumerPolicyNames(principal: Principal, attach: boolean): ConsumerPolicyNames {
  if (principal.kind === "account") {
    return { id: "offered", name: "orgkeys-offered", principal: "root", attachTo: undefined };
  }
  const permissionSet =
    principal.kind === "permission-set"
      ? principal.name.slice("permission-set/".length)
      : parsePermissionSetRole(principal.arn)?.name;
  if (permissionSet !== undefined) {
    return {
      id: `permission-set_${idPart(permissionSet)}`,
      name: `orgkeys-permission-set-${permissionSet}`,
      principal: `permission-set/${permissionSet}`,
      attachTo: undefined,
    };
  }
  const [kind = "", ...path] = principal.name.split("/");
  const bareName = path.at(-1) ?? "";
  const name = kind === "role" ? `orgkeys-${bareName}` : `orgkeys-user-${bareName}`;
  const id = `${kind}_${idPart(bareName)}`;
  return attach
    ? { id, name, principal: principal.name, attachTo: principal.name }
    : { id: `${id}-offered`, name: `${name}-offered`, principal: principal.name, attachTo: undefined };
}

function idPart(name: string): string {
  return name.replaceAll(/[^\w-]/g, "-");
}
