/**
 * An alias as part of its Terraform address: `alias/app/orders` becomes `app-orders`. Two aliases that come to the same are a
 * problem of the plan.
 *
 * Source: https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers
 */
export function aliasId(name: string): string {
  const id = name.replace(/^alias\//, "").replaceAll(/[^\w-]/g, "-");
  return /^[A-Za-z_]/.test(id) ? id : `_${id}`;
}
