import { createHash } from "node:crypto";
import { parseText } from "../access/policy-text";
import { isFields } from "../access/stack-reading";
import type { LiveTemplate, Reading } from "../live/live-account";
import { readTemplateText } from "./compare/template-value";
import type { Drift } from "./drift";

/**
 * What a drift is known by from one report to the next: the same for as long as the drift is the same, whatever its words say of
 * days and values. Whoever gains or loses something is part of it, and so are what an alias leads to and what a policy says: another
 * one is another drift.
 * In doubt two are different: a new drift that is taken for a known one is not shown.
 *
 * @returns 32 hexadecimal digits
 */
export function fingerprintOf({ id, place, detail, access = [], subject = {} }: Drift): string {
  const { partition, accountId, zone, region, address, resource } = place;
  const changes = access.map(({ effect, who, actions }) => JSON.stringify([effect, who, [...actions].sort()]));
  const identity = [
    id,
    // Neither the account's name nor the stack's: both change when an account moves to another OU.
    ...[partition, accountId, zone, region ?? null, address ?? null, resource],
    detail,
    changes.sort(),
    subject.key?.arn ?? null,
    subject.alias?.keyId ?? null,
    subject.grant?.id ?? null,
    ...contentOf(id, detail, subject),
  ];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

/**
 * The whole text where the drift is about what it says: a condition that goes later changes neither who gains nor what, and of a
 * template only the place of an edit is told.
 */
function contentOf(
  id: Drift["id"],
  detail: Drift["detail"],
  { key, policy, guardrail, template }: NonNullable<Drift["subject"]>,
): unknown[] {
  if (id.startsWith("policy-")) return textOf(key?.policy);
  if (id === "consumer-policy-changed" || id === "consumer-policy-unmanaged") return textOf(policy?.document);
  if (id === "guardrail-changed") return textOf(guardrail?.document);
  if (template === undefined) return [];
  return detail.includes("status") ? [template.status] : templateContent(template);
}

function templateContent({ template, parameters, autoDeployment }: LiveTemplate): unknown[] {
  const text = "unread" in template ? undefined : (readTemplateText(template.value) ?? template.value);
  return [inOrder(text, asGiven) ?? null, inOrder(parameters), inOrder(autoDeployment) ?? null];
}

function textOf(reading: Reading<string> | undefined): unknown[] {
  if (reading === undefined || "unread" in reading) return [];
  const json = parseText(reading.value);
  return [json === undefined ? reading.value : inOrder(json.value)];
}

/** AWS hands out the names of a statement, and of a template, in any order; only in policies lists of texts have none. */
function inOrder(value: unknown, list: (texts: readonly string[]) => readonly string[] = sorted): unknown {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "string") ? list(value) : value.map((item) => inOrder(item, list));
  }
  if (!isFields(value)) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, inOrder(inner, list)]);
}

function sorted(texts: readonly string[]): readonly string[] {
  return texts.toSorted();
}

function asGiven(texts: readonly string[]): readonly string[] {
  return texts;
}
