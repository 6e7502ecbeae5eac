/**
 * Whether a text is one of IAM's unique ids, `AROA…` of a role or `AIDA…` of a user. In the place of an ARN it is what AWS leaves of a
 * principal that was deleted: "AWS can no longer map it back to a valid ARN", and one of the same name that is made anew has another.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function isUniqueId(text: string): boolean {
  // Only users and roles come from deletion; the other prefixes say as little.
  return /^A[A-Z]{2}A[A-Z0-9]{12,}$/.test(text);
}
