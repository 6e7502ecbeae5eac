import type { KeyScope } from "./schema/data-classes-schema";

/** What a placeholder of an alias pattern can stand for. */
export type AliasPlaceholder = "workload" | "environment" | "service" | "dataClass" | "zone";

/** The placeholders that have one value for a key of this scope. */
const placeholdersOf: Readonly<Record<KeyScope, readonly AliasPlaceholder[]>> = {
  environment: ["dataClass", "environment", "zone"],
  workload: ["dataClass", "workload", "zone"],
  "workload-environment": ["dataClass", "environment", "workload", "zone"],
  service: ["dataClass", "environment", "service", "workload", "zone"],
};

/** The alias of a key, unless its data class or workload says other. */
export const defaultAliasPattern: Readonly<Record<KeyScope, string>> = {
  environment: "shared-{environment}-key",
  workload: "{workload}",
  "workload-environment": "{workload}-{environment}",
  service: "{workload}-{environment}-{service}",
};

/** The placeholders of a pattern that a key of this scope cannot fill, and what it can. */
export function unknownPlaceholders(
  pattern: string,
  scope: KeyScope,
  perService: boolean,
): { unknown: string[]; allowed: string[] } {
  const allowed = perService ? [...new Set([...placeholdersOf[scope], "service"])].sort() : [...placeholdersOf[scope]];
  const used = [...pattern.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? "");
  const stray = pattern.replaceAll(/\{[^{}]*\}/g, "").match(/[{}]/g) ?? [];
  return { unknown: [...used.filter((name) => !allowed.includes(name)), ...stray], allowed };
}

/** `alias/` and the pattern with its placeholders filled in. */
export function fillAliasPattern(
  pattern: string,
  values: Readonly<Partial<Record<AliasPlaceholder, string | undefined>>>,
): string {
  const filled = pattern.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = (values as Readonly<Record<string, string | undefined>>)[name];
    return value ?? whole;
  });
  return `alias/${filled}`;
}
