import { uniqueNames } from "../aws/name-order";
import type { GrantedAccess } from "./granted-access";
import { createGrantStatements } from "./granted-access";
import type { PolicyStatement } from "./policy-document";

/** An account whose stack refers to a key of another account. */
export interface UsingAccount {
  /** The ARN of the role with which Terraform works in that account. */
  readonly deployRole: string;
  /** The grants that this stack makes; none for one that only looks the key up. */
  readonly grants: readonly GrantedAccess[];
}

/**
 * What Terraform needs of a key in the stack of another account: to find it by its alias, and to make and read the grants
 * that the map puts there. Each deploy role makes its own grants alone, and names itself as the one that may retire them,
 * which is how it ends them: `kms:RevokeGrant` has no condition for a single grant, and would let one user of the key end
 * the access of another.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html and
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html
 */
export function usingAccountStatements(accounts: readonly UsingAccount[]): PolicyStatement[] {
  const granting = accounts.filter(({ grants }) => grants.length > 0);
  const reading = (sid: string, among: readonly UsingAccount[], action: string): PolicyStatement[] =>
    among.length === 0
      ? []
      : [
          {
            Sid: sid,
            Effect: "Allow",
            Principal: { AWS: uniqueNames(among.map(({ deployRole }) => deployRole)) },
            Action: [action],
            Resource: ["*"],
          },
        ];
  return [
    ...reading("UsersDeployDescribes", accounts, "kms:DescribeKey"),
    ...reading("UsersDeployListsGrants", granting, "kms:ListGrants"),
    ...granting.flatMap(({ deployRole, grants }) =>
      createGrantStatements("UsersDeployGrants", deployRole, grants, {
        StringEquals: { "kms:RetiringPrincipal": [deployRole] },
      }),
    ),
  ];
}
