/**
 * The role by which service-managed StackSets act in an account, `stacksets-exec-` and 32 hexadecimal digits. It has
 * AdministratorAccess, and is bound by service control policies and key policies like any other role; AWS makes it with a
 * service-linked role, which is not.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-custom-execution-role.html and
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudFormationStackSetsOrgAdminServiceRolePolicy.html
 */
export const stackSetsRole = "role/stacksets-exec-*";

/**
 * What makes a role of a name that is spared into somebody's own. AWS makes these roles with a service-linked role, and takes
 * them from the management account: service control policies reach neither.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
 */
export const takingRoles: readonly string[] = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:PassRole",
  "iam:PutRolePolicy",
  "iam:UpdateAssumeRolePolicy",
  "sts:AssumeRole",
];
