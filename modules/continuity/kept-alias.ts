import type { KeyRecord } from "./stack-record";

/**
 * The pattern of an alias that a key has, as far as its siblings need it: beside it, keys of other environments and for single
 * services have aliases of the same pattern, and the bare name would give all of them that one.
 *
 * @param name without `alias/`
 */
export function aliasPatternOf(name: string, { identity, metadata }: Pick<KeyRecord, "identity" | "metadata">): string {
  const [first, second, third] = identity.replace(/_\d+$/, "").split("_");
  const isShared = first === "shared";
  const [environment, service] = isShared ? [third, undefined] : [second, third];
  // An environment that was renamed has aliases of either name.
  const today = (metadata?.sources ?? []).flatMap((source) => /\.environments\.([^.]+)$/.exec(source)?.[1] ?? []);
  const ofService = withPlaceholder(name, [service], "{service}");
  return environment === undefined || environment === ""
    ? ofService
    : withPlaceholder(ofService, [environment, ...today], "{environment}");
}

/** The last of these words becomes the placeholder: the first may be part of the workload's name. */
function withPlaceholder(name: string, words: readonly (string | undefined)[], placeholder: string): string {
  const known = words.filter((word) => word !== undefined && /^[\w-]+$/.test(word)).join("|");
  return known === "" ? name : name.replace(new RegExp(`^(.*[-_/]|)(?:${known})(?=[-_/]|$)`), `$1${placeholder}`);
}

/** `aliases: [payments-prod]`, in quotes where YAML would read something else than a text. */
export function namesLine(field: "aliases" | "dropAliases", names: readonly string[]): string {
  const texts = names.map((name) =>
    /^[a-z_/][\w/-]*$/i.test(name) && !/^(?:true|false|null)$/i.test(name) ? name : JSON.stringify(name),
  );
  return `${field}: [${texts.join(", ")}]`;
}
