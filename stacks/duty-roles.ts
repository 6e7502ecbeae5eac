import { iamPrincipalArn } from "../modules/aws/arn";
import type { AccountPlan } from "../modules/keys/account-plan";

/** A role with a duty on an account's keys, and the module variable that another one can be given in. */
export interface DutyRole {
  /** `break_glass_role_arn`, `administrator_PciKeyAdministrator_role_arn` */
  readonly variable: string;
  /** `break-glass role`: what it is called in a description. */
  readonly duty: string;
  /** The map's. */
  readonly arn: string;
}

/**
 * The roles that have a duty on the keys of an account, by variable. Users are none of them: an administrator who is a user
 * stays as the map says.
 */
export function dutyRoles({ account, zone }: AccountPlan): DutyRole[] {
  const { organization } = account;
  const role = (variable: string, duty: string, name: string): DutyRole => ({
    variable,
    duty,
    arn: iamPrincipalArn(organization.partition, account.id, name),
  });
  return [
    ...zone.administrators
      .filter((name) => name.startsWith("role/"))
      .map((name) =>
        role(`administrator_${identifierOf(name.slice("role/".length))}_role_arn`, "key administrator", name),
      ),
    role("audit_role_arn", "audit role", `role/${organization.roles.audit}`),
    role("break_glass_role_arn", "break-glass role", zone.breakGlass),
    role("deploy_role_arn", "deploy role", `role/${organization.roles.deploy}`),
  ];
}

/** What is no part of an identifier stands as its code, so that no two roles get one variable. */
function identifierOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9-]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`);
}
