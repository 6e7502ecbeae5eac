/**
 * A field's name as part of a JSON pointer.
 *
 * Source: https://datatracker.ietf.org/doc/html/rfc6901#section-3
 */
export function escapePointer(name: string): string {
  return name.includes("~") || name.includes("/") ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;
}
