/** The permissions boundary of the deploy and audit roles, the same in every account that a rollout brings them to. */
export const rolesBoundary = "orgkeys-boundary";

/** What makes such a role into somebody's own. */
export const roleChanges: readonly string[] = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PassRole",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:UpdateAssumeRolePolicy",
];

/** What makes the boundary another one. */
export const boundaryChanges: readonly string[] = [
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:SetDefaultPolicyVersion",
];
