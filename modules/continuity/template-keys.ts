import { type Fields, isFields } from "../access/stack-reading";
import type { TemplateKey, TemplateRecord } from "./rollout-record";
import { sortedJson } from "./sorted-json";

const kinds: Readonly<Record<string, TemplateKey["kind"]>> = {
  "AWS::KMS::Key": "key",
  "AWS::KMS::ReplicaKey": "replica",
  "AWS::KMS::Alias": "alias",
};

/** The condition with which planning leaves accounts out of a template, and what is in their stacks alone. */
const INCLUDED = "OrgkeysIncluded";
const PLACEHOLDER = "OrgkeysPlaceholder";

/**
 * What a CloudFormation template has that can be lost.
 *
 * @returns why nobody can tell
 */
export function readTemplateKeys(
  document: unknown,
): Pick<TemplateRecord, "resources" | "keys" | "excluded"> | { unreadable: string } {
  if (!isFields(document) || !isFields(document.Resources)) return { unreadable: "its template has no Resources" };
  // What a transform makes of a template nobody sees here.
  if (document.Transform !== undefined) return { unreadable: "its template has a Transform" };
  const conditions = isFields(document.Conditions) ? document.Conditions : {};
  const keys = new Map<string, TemplateKey>();
  for (const [logicalId, resource] of Object.entries(document.Resources)) {
    if (!isFields(resource) || typeof resource.Type !== "string")
      return { unreadable: `resource ${logicalId} of its template has no Type` };
    const kind = kinds[resource.Type];
    if (kind === undefined) continue;
    keys.set(logicalId, {
      kind,
      logicalId,
      type: resource.Type,
      properties: isFields(resource.Properties) ? resource.Properties : {},
      retained: stays(resource.DeletionPolicy) && stays(resource.UpdateReplacePolicy),
      condition: conditionText(resource.Condition, conditions),
    });
  }
  const excluded = JSON.stringify(conditions[INCLUDED] ?? "").match(/\b\d{12}\b/g);
  const resources = Object.keys(document.Resources).filter((logicalId) => logicalId !== PLACEHOLDER);
  return { resources: new Set(resources), keys, excluded: new Set(excluded) };
}

/** When something of a template is made, as sorted JSON, accounts that are left out aside; undefined for always. */
export function conditionText(condition: unknown, conditions: Fields): string | undefined {
  const when = whenMade(condition, conditions, new Set());
  return when === undefined ? undefined : sortedJson(when);
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
function stays(policy: unknown): boolean {
  return policy === "Retain" || policy === "RetainExceptOnCreate";
}

/** A condition with the conditions behind it in their places, without the one that leaves accounts out. */
function whenMade(condition: unknown, all: Fields, within: ReadonlySet<string>): unknown {
  if (condition === INCLUDED || condition === undefined) return undefined;
  // One that is not there, or stands for itself, is what it says.
  if (typeof condition !== "string" || within.has(condition) || all[condition] === undefined) return condition;
  return resolve(all[condition], all, new Set([...within, condition]));
}

function resolve(value: unknown, all: Fields, within: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => resolve(inner, all, within));
  if (!isFields(value)) return value;
  const { Condition: named, "Fn::And": every } = value;
  if (typeof named === "string" && Object.keys(value).length === 1) return whenMade(named, all, within);
  if (Array.isArray(every)) {
    const others = every.map((inner) => resolve(inner, all, within)).filter((inner) => inner !== undefined);
    return others.length > 1 ? { "Fn::And": others } : others[0];
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, all, within)]));
}
