import { uniqueNames } from "../aws/name-order";
import { suggestName } from "./problem";
import type { KeyScope } from "./schema/data-classes-schema";

/** What a placeholder of an alias pattern can stand for. */
export type AliasPlaceholder = "workload" | "environment" | "service" | "dataClass" | "zone";

/** What one key is for, where it has an alias of its own: also the key that an account has by itself. */
type AliasScope = KeyScope | "account";

/** The placeholders that have one value for a key of this scope. */
const placeholdersOf: Readonly<Record<AliasScope, readonly AliasPlaceholder[]>> = {
  account: ["dataClass", "zone"],
  environment: ["dataClass", "environment", "zone"],
  workload: ["dataClass", "workload", "zone"],
  "workload-environment": ["dataClass", "environment", "workload", "zone"],
  service: ["dataClass", "environment", "service", "workload", "zone"],
};

/** The alias of a key, unless its data class or workload says other. */
export const defaultAliasPattern: Readonly<Record<AliasScope, string>> = {
  account: "default-{dataClass}",
  environment: "shared-{environment}-key",
  workload: "{workload}",
  "workload-environment": "{workload}-{environment}",
  service: "{workload}-{environment}-{service}",
};

/**
 * What a pattern has that a key of this scope cannot fill.
 *
 * @param perService whether the workload also has keys for single services
 * @returns one entry for each, with what is allowed and how to fix it
 */
export function aliasPatternFlaws(
  pattern: string,
  scope: AliasScope,
  perService: boolean,
): { readonly message: string; readonly fix: string }[] {
  const allowed = perService ? uniqueNames([...placeholdersOf[scope], "service"]) : placeholdersOf[scope];
  const used = [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "");
  const flaws = uniqueNames(used.filter((name) => !allowed.some((each) => each === name))).map((name) => ({
    message: `must have no placeholder other than ${allowed.map((each) => `{${each}}`).join(", ")}`,
    fix: suggestName(name, allowed, `drop {${name}}`),
  }));
  const isOpen = /[{}]/.test(pattern.replaceAll(/\{[^{}]*\}/g, ""));
  return isOpen
    ? [...flaws, { message: "has a brace without its partner", fix: "write placeholders as {name}" }]
    : flaws;
}

/** Every pattern of a workload or a data class, with its path below it. */
export function aliasPatternsOf(entry: {
  readonly alias?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
}): { readonly path: readonly (string | number)[]; readonly pattern: string }[] {
  return [
    ...(entry.alias === undefined ? [] : [{ path: ["alias"], pattern: entry.alias }]),
    ...(entry.aliases ?? []).map((pattern, index) => ({ path: ["aliases", index], pattern })),
  ];
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
