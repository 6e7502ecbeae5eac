/**
 * The role by which service-managed StackSets act in an account, `stacksets-exec-` and 32 hexadecimal digits. It has
 * AdministratorAccess, and is bound by service control policies and key policies like any other role; AWS makes it with a
 * service-linked role, which is not.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-custom-execution-role.html and
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudFormationStackSetsOrgAdminServiceRolePolicy.html
 */
export const stackSetsRole = "role/stacksets-exec-*";
