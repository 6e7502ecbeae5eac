/** A 12-digit AWS account id. Always a string: ids may start with zeros, and YAML would read a bare one as a number. */
export const ACCOUNT_ID_PATTERN = /^\d{12}$/;

export function isAccountId(text: string): boolean {
  return ACCOUNT_ID_PATTERN.test(text);
}
