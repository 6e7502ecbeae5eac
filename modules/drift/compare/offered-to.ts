/**
 * Whether a consumer policy that Terraform only offers is attached to those for whom it is: IAM Identity Center attaches one by its
 * name to the role of a permission set, which ends in 16 characters of AWS's own, and an account attaches others as it likes.
 *
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtocmp.html
 *
 * @param policy `orgkeys-api-offered`
 * @param holder `role/api`
 */
export function isOfferedTo(policy: string, holder: string): boolean {
  if (policy === "orgkeys-offered") return true;
  const set = /^orgkeys-permission-set-(.+)$/.exec(policy)?.[1];
  const role = /^role\/AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(holder)?.[1];
  if (set !== undefined && set === role) return true;
  const [kind = "", name = ""] = holder.split("/");
  return policy === `orgkeys-${kind === "user" ? "user-" : ""}${name}-offered` && (kind === "role" || kind === "user");
}
