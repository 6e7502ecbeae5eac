/**
 * Text from the map as Terraform's JSON syntax reads it literally: `${` and `%{` would start an expression, and an
 * owner's description must never become one. IAM policy variables come through this way too, as `$${aws:username}`.
 *
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function terraformText(text: string): string {
  if (!text.includes("{")) return text;
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}

/** The same for every text of a value, and for the names of its fields. */
export function terraformLiteral(value: unknown): unknown {
  if (typeof value === "string") return terraformText(value);
  if (Array.isArray(value)) return value.map(terraformLiteral);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [terraformText(key), terraformLiteral(inner)]),
    );
  }
  return value;
}

export function terraformTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [terraformText(key), terraformText(value)]));
}
