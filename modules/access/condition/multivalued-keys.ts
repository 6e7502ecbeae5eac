/**
 * Context keys that can have several values in one request, in lower case.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (value type
 * "Multivalued") and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 * (`ArrayOf…`)
 */
const multivaluedKeys: ReadonlySet<string> = new Set([
  "aws:calledvia",
  "aws:principalorgpaths",
  "aws:principalservicenameslist",
  "aws:resourceorgpaths",
  "aws:sourceorgpaths",
  "aws:tagkeys",
  "kms:encryptioncontextkeys",
  "kms:grantoperations",
  "kms:resourcealiases",
]);

/** Whether a context key, in any spelling, needs a set operator (ForAllValues, ForAnyValue). */
export function isMultivalued(key: string): boolean {
  return multivaluedKeys.has(key.toLowerCase());
}
