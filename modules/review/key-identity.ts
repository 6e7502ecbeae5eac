/** `payments_prod` of `aws_kms_key.payments_prod_us-east-1`: the same in each Region. */
export function keyIdentity(address: string): string {
  return resourceIdOf(address).replace(/_[a-z]{2}(?:-[a-z]+)+-\d$/, "");
}

/** `payments_prod_us-east-1` */
export function resourceIdOf(address: string): string {
  return address.slice(address.indexOf(".") + 1);
}

/** `aws_kms_key` */
export function resourceTypeOf(address: string): string {
  return address.slice(0, address.indexOf("."));
}
