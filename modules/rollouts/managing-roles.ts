import { uniqueNames } from "../aws/name-order";
import { parsePermissionSetRole } from "../aws/permission-set";
import { stackSetsRole } from "../aws/stack-sets-role";
import type { Zone } from "../organization/organization-map";

/**
 * Who runs and manages orgkeys in a zone, as patterns of `role/NAME` and `user/NAME`, the same in each account: none of them
 * may get a policy that the deploy role writes, or the deploy role would be whoever is the strongest of them.
 *
 * Deploy and audit role are not among them: the boundary keeps both from every change. And nobody but IAM Identity Center
 * attaches anything to the role of a permission set.
 *
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtocmp.html
 */
export function managingRoles(zone: Zone): string[] {
  const { administrators, breakGlass, pipelines } = zone;
  const runners = [...(pipelines?.deploy ?? []), ...(pipelines?.audit ?? [])].map(({ name }) => name);
  return uniqueNames([
    ...runners,
    ...administrators.filter((name) => permissionSetOf(name) === undefined),
    breakGlass,
    "role/orgkeys-*",
    stackSetsRole,
  ]);
}

/** Of `role/aws-reserved/sso.amazonaws.com/…`. */
export function permissionSetOf(name: string): string | undefined {
  return parsePermissionSetRole(`arn:aws:iam::000000000000:${name}`)?.name;
}
