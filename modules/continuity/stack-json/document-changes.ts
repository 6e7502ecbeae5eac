import { isFields } from "../../access/stack-reading";
import { nameOrder } from "../../aws/name-order";
import { sortedJson } from "../sorted-json";
import { type ChangedEntry, changedEntries } from "./changed-entries";

/** `2 statements added (Audit, Users), 1 changed (Root)`. */
export function policyChangeText(before: unknown, after: unknown): string {
  const [old, fresh] = [statementsOf(before), statementsOf(after)];
  if (old === undefined || fresh === undefined) return "written another way";
  const statements = countsText("statement", changedEntries(old, fresh));
  const others = changedEntries(withoutStatements(before), withoutStatements(after)).map(({ name }) => name);
  const parts = [...(statements === "" ? [] : [statements]), ...others];
  return parts.length > 0 ? parts.join(", ") : "only the order";
}

/** `Resources: 1 added (OrgKeysDeploy); Parameters: 1 changed (Role)`: by logical ids. */
export function templateChangeText(before: unknown, after: unknown): string {
  const [old, fresh] = [documentOf(before), documentOf(after)];
  if (!isFields(old) || !isFields(fresh)) return "written another way";
  return changedEntries(old, fresh)
    .map(({ name, before: oldPart, after: freshPart }) => {
      const counts = countsText("", changedEntries(oldPart, freshPart));
      return counts === "" ? name : `${name}: ${counts}`;
    })
    .join("; ");
}

function documentOf(value: unknown): unknown {
  return isFields(value) && "document" in value ? value.document : undefined;
}

/** By Sid; what has none, or shares one, by its text. */
function statementsOf(value: unknown): Record<string, unknown> | undefined {
  const document = documentOf(value);
  if (!isFields(document)) return undefined;
  const { Statement: list } = document;
  const statements: readonly unknown[] = Array.isArray(list) ? list : [list];
  const named = new Map<string, unknown>();
  for (const statement of statements) {
    const sid = isFields(statement) && typeof statement.Sid === "string" ? statement.Sid : undefined;
    named.set(sid === undefined || named.has(sid) ? sortedJson(statement) : sid, statement);
  }
  return Object.fromEntries([...named].sort(([a], [b]) => nameOrder(a, b)));
}

function withoutStatements(value: unknown): Record<string, unknown> {
  const document = documentOf(value);
  return Object.fromEntries(
    Object.entries(isFields(document) ? document : {}).filter(([name]) => name !== "Statement"),
  );
}

/** A person looks for a name or two; the difference has all. */
const MOST_NAMES = 4;
const MOST_OF_A_NAME = 60;

function countsText(what: string, entries: readonly ChangedEntry[]): string {
  const groups = [
    ["added", entries.filter(({ before }) => before === undefined)],
    ["removed", entries.filter(({ after }) => after === undefined)],
    ["changed", entries.filter(({ before, after }) => before !== undefined && after !== undefined)],
  ] as const;
  let noun = what;
  return groups
    .filter(([, group]) => group.length > 0)
    .map(([verb, group]) => {
      const counted = noun === "" ? String(group.length) : `${group.length} ${noun}${group.length === 1 ? "" : "s"}`;
      noun = "";
      return `${counted} ${verb} (${namesText(group.map(({ name }) => name))})`;
    })
    .join(", ");
}

function namesText(names: readonly string[]): string {
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => (name.length <= MOST_OF_A_NAME ? name : `${name.slice(0, MOST_OF_A_NAME - 1)}…`));
  return names.length > MOST_NAMES ? `${shown.join(", ")} and ${names.length - MOST_NAMES} more` : shown.join(", ");
}

/** The names of the tags that are others. */
export function tagsChangeText(before: unknown, after: unknown): string {
  return namesText(changedEntries(before, after).map(({ name }) => name));
}
