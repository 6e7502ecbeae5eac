import { type Fields, isFields } from "../../access/stack-reading";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import { sortedJson } from "../../continuity/sorted-json";
import { type ChangedEntry, changedEntries, entryText, isSame } from "../../continuity/stack-json/changed-entries";
import { type StackDocuments, withDocuments } from "../../continuity/stack-json/stack-documents";
import type { AffectedReason, ReasonKind } from "./affected-reason";
import { changedResources } from "./changed-resources";

/**
 * Everything in which two versions of one stack's JSON are not the same to Terraform: what no rule knows is `other`, so that
 * nothing is passed over.
 *
 * @param before without comments, as `readStackJson` gives it
 */
export function compareStacks(before: Fields, after: Fields): AffectedReason[] {
  const [old, fresh] = [withDocuments(before), withDocuments(after)];
  return changedEntries(old.json, fresh.json).flatMap((part) => changedPart(part, old, fresh));
}

type CompareParts = (before: unknown, after: unknown) => AffectedReason[];

/** What stands at the top of a stack's JSON. */
const parts: Readonly<Record<string, CompareParts>> = {
  data: changedLookups,
  import: changedBlocks("import-changed", ({ to }) => to),
  moved: changedBlocks("moved-changed", ({ from, to }) => `${String(from)} to ${String(to)}`),
  output: changedNamed("output-changed", "output"),
  provider: changedProviders,
  removed: changedBlocks("let-go-changed", ({ from }) => from),
  resource: changedResources,
  terraform: changedSettings,
  variable: changedNamed("variable-changed", "var"),
};

function changedPart(
  { name, before, after }: ChangedEntry,
  old: StackDocuments,
  fresh: StackDocuments,
): AffectedReason[] {
  if (name === "locals") return changedLocals(before, after, old, fresh);
  const compare = Object.hasOwn(parts, name) ? parts[name] : undefined;
  const reasons = compare?.(before, after) ?? [];
  // A shape that nobody here writes can hide its difference from the rule for it.
  return reasons.length > 0 || isSameBlocks(name, before, after)
    ? reasons
    : [{ kind: "other", address: name, text: "" }];
}

/** Of these lists Terraform takes no order from, and one of them needs no list. */
function isSameBlocks(name: string, before: unknown, after: unknown): boolean {
  if (!["import", "moved", "provider", "removed"].includes(name)) return false;
  const normal = (value: unknown): unknown =>
    name === "provider" && isFields(value)
      ? Object.fromEntries(Object.entries(value).map(([provider, blocks]) => [provider, sortedBlocks(blocks)]))
      : sortedBlocks(value);
  return isSame(normal(before), normal(after));
}

function sortedBlocks(value: unknown): string[] {
  return blocksOf(value).map(sortedJson).sort(nameOrder);
}

function blocksOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A local that documents alone use is compared where they use it. */
function changedLocals(before: unknown, after: unknown, old: StackDocuments, fresh: StackDocuments): AffectedReason[] {
  if ([before, after].some((part) => part !== undefined && !isFields(part))) {
    return [{ kind: "other", address: "locals", text: "" }];
  }
  return changedEntries(before, after)
    .filter(
      (local) =>
        !(local.before === undefined || old.claimed.has(local.name)) ||
        !(local.after === undefined || fresh.claimed.has(local.name)),
    )
    .map(({ name }) => ({ kind: "other", address: `local.${name}`, text: "" }));
}

function changedNamed(kind: ReasonKind, prefix: string): CompareParts {
  return (before, after) =>
    changedEntries(before, after).map((entry) => ({
      kind,
      address: `${prefix}.${entry.name}`,
      text: howText(entry),
    }));
}

function changedLookups(before: unknown, after: unknown): AffectedReason[] {
  return changedEntries(before, after).flatMap((type) =>
    changedEntries(type.before, type.after).map((entry) => ({
      kind: "lookup-changed" as const,
      address: `data.${type.name}.${entry.name}`,
      text: howText(entry),
    })),
  );
}

/** Blocks without a name: those that are on one side alone. */
function changedBlocks(kind: ReasonKind, subject: (block: Fields) => unknown): CompareParts {
  return (before, after) => {
    const count = (value: unknown): Map<string, { readonly block: unknown; readonly times: number }> => {
      const counts = new Map<string, { readonly block: unknown; readonly times: number }>();
      for (const block of blocksOf(value)) {
        const text = sortedJson(block);
        counts.set(text, { block, times: (counts.get(text)?.times ?? 0) + 1 });
      }
      return counts;
    };
    const [old, fresh] = [count(before), count(after)];
    return uniqueNames([...old.keys(), ...fresh.keys()]).flatMap((text): AffectedReason[] => {
      const [was, is] = [old.get(text)?.times ?? 0, fresh.get(text)?.times ?? 0];
      if (was === is) return [];
      const block = fresh.get(text)?.block ?? old.get(text)?.block;
      const address = isFields(block) ? String(subject(block)) : "";
      return [{ kind, address, text: is > was ? "added" : "removed" }];
    });
  };
}

function changedProviders(before: unknown, after: unknown): AffectedReason[] {
  return changedEntries(before, after).flatMap(({ name, before: old, after: fresh }) =>
    changedEntries(byAlias(old), byAlias(fresh)).map((entry) => ({
      kind: "provider-changed" as const,
      address: entry.name === "" ? name : `${name}.${entry.name}`,
      text: howText(entry),
    })),
  );
}

function byAlias(value: unknown): Fields {
  const byName = new Map<string, unknown>();
  for (const block of blocksOf(value)) {
    const alias = isFields(block) && typeof block.alias === "string" ? block.alias : "";
    byName.set(byName.has(alias) ? sortedJson(block) : alias, block);
  }
  return Object.fromEntries(byName);
}

function changedSettings(before: unknown, after: unknown): AffectedReason[] {
  return changedEntries(before, after).map((entry): AffectedReason => {
    if (entry.name === "backend") return { kind: "state-moved", address: "", text: backendText(entry) };
    if (entry.name === "required_version") return { kind: "requirements-changed", address: "", text: entryText(entry) };
    if (entry.name === "required_providers") {
      return { kind: "requirements-changed", address: "", text: howText(entry) };
    }
    return { kind: "other", address: `terraform.${entry.name}`, text: "" };
  });
}

function backendText({ before, after }: ChangedEntry): string {
  const kinds = changedEntries(before, after);
  return kinds.length === 1 && kinds[0] !== undefined ? howText(kinds[0]) : kinds.map(({ name }) => name).join(", ");
}

/** `added`, `removed`, or the arguments that are others. */
function howText({ before, after }: ChangedEntry): string {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  return changedEntries(before, after).map(entryText).join("; ");
}
