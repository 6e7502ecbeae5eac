import { fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import { changedEntries } from "../continuity/stack-json/changed-entries";
import { policyChangeText } from "../continuity/stack-json/document-changes";
import type { Severity } from "../findings/finding";

/** What a change of a CloudFormation template does to one of its parts. */
export interface TemplateChange {
  /** `role OrgKeysDeploy`, `key KeyAccountDefault`, `Conditions` */
  readonly part: string;
  /** A clause on it: `has another trust policy: 1 statement changed (Deploy)`. */
  readonly what: string;
  readonly risk: Severity;
}

/** Two bodies of one template; undefined for one that cannot be read. */
export function templateChanges(before: Fields | undefined, after: Fields | undefined): TemplateChange[] {
  if (before === undefined || after === undefined) {
    return before === after
      ? []
      : [{ part: "template", what: "cannot be read on one side: nobody can tell what it does", risk: "critical" }];
  }
  return changedEntries(before, after).flatMap(({ name, before: was, after: is }): TemplateChange[] => {
    if (name !== "Resources") return [sectionChange(name, was, is)];
    return changedEntries(was, is).map(({ name: logicalId, before: old, after: fresh }) =>
      resourceChange(logicalId, old, fresh),
    );
  });
}

/** What a template makes, in words: `role OrgKeysDeploy`. */
export function madeBy(body: Fields | undefined): readonly string[] {
  return Object.entries(fieldsOf(body?.Resources)).map(([logicalId, resource]) =>
    nameOf(logicalId, fieldsOf(resource)),
  );
}

/** Names of resources whose end is the end of data, unless they are kept. */
export function keysLost(body: Fields | undefined): readonly string[] {
  return Object.entries(fieldsOf(body?.Resources)).flatMap(([logicalId, resource]) => {
    const fields = fieldsOf(resource);
    return isKey(fields) && !isKept(fields) ? [nameOf(logicalId, fields)] : [];
  });
}

/** How much hangs on what a template makes: on a role's policies all that the role may do, on a key's those who use it. */
export function makesAccess(body: Fields | undefined): boolean {
  return Object.values(fieldsOf(body?.Resources)).some((resource) => {
    const type = String(fieldsOf(resource).Type);
    return type.startsWith("AWS::IAM::") || type.startsWith("AWS::KMS::");
  });
}

/** Nobody sees from a condition, or a parameter's default, what else hangs on it. */
const quietSections: ReadonlySet<string> = new Set(["AWSTemplateFormatVersion", "Description", "Metadata", "Outputs"]);

function sectionChange(section: string, was: unknown, is: unknown): TemplateChange {
  const names = changedEntries(was, is).map(({ name }) => name);
  const what = names.length === 0 ? "is another" : `is another in ${names.join(", ")}`;
  return { part: section, what, risk: quietSections.has(section) ? "information" : "high" };
}

const kinds: Readonly<Record<string, string>> = {
  "AWS::IAM::ManagedPolicy": "managed policy",
  "AWS::IAM::Policy": "policy",
  "AWS::IAM::Role": "role",
  "AWS::IAM::User": "user",
  "AWS::KMS::Alias": "alias",
  "AWS::KMS::Key": "key",
  "AWS::KMS::ReplicaKey": "replica",
};

const nameProperties = ["RoleName", "UserName", "ManagedPolicyName", "PolicyName", "AliasName"];

function nameOf(logicalId: string, { Type: type, Properties: properties }: Fields): string {
  const fields = fieldsOf(properties);
  const name = nameProperties.map((property) => fields[property]).find((value) => typeof value === "string");
  return `${kinds[String(type)] ?? String(type)} ${name ?? logicalId}`;
}

function resourceChange(logicalId: string, was: unknown, is: unknown): TemplateChange {
  const [old, fresh] = [fieldsOf(was), fieldsOf(is)];
  if (was === undefined) {
    const risk = isAccess(fresh) ? "high" : "medium";
    return { part: nameOf(logicalId, fresh), what: `is new${kept(fresh)}`, risk };
  }
  if (is === undefined) {
    const part = nameOf(logicalId, old);
    if (!isKey(old)) return { part, what: "is deleted in each account", risk: "high" };
    return isKept(old)
      ? { part, what: "stays in each account, and is in no stack any more", risk: "high" }
      : { part, what: "is deleted in each account with all data under it", risk: "critical" };
  }
  const part = nameOf(logicalId, fresh);
  if (old.Type !== fresh.Type) {
    const risk = isKey(old) ? "critical" : "high";
    return { part, what: `is another thing: ${String(old.Type)} before, which goes`, risk };
  }
  const properties = changedEntries(old.Properties, fresh.Properties).map(({ name, before, after }) =>
    propertyChange(name, before, after, isKey(fresh)),
  );
  const others = changedEntries({ ...old, Properties: undefined }, { ...fresh, Properties: undefined });
  const attributes = others.map(({ name, before, after }) => attributeChange(name, before, after, fresh));
  const changes = [...attributes, ...properties];
  return {
    part,
    what: changes.map(({ what }) => what).join("; "),
    risk: worst(changes.map(({ risk }) => risk)),
  };
}

interface PartChange {
  readonly what: string;
  readonly risk: Severity;
}

/** CloudFormation lets go of what it keeps, and deletes all else, with the resource as with the stack. */
function attributeChange(name: string, before: unknown, after: unknown, resource: Fields): PartChange {
  if (name === "DeletionPolicy" || name === "UpdateReplacePolicy") {
    const [old, fresh] = [before, after].map((value) => String(value ?? "Delete"));
    return {
      what: `${name} is ${fresh} instead of ${old}`,
      risk: isKey(resource) && !isKept(resource) ? "critical" : "medium",
    };
  }
  return { what: `has another ${name}`, risk: name === "Condition" ? "high" : "medium" };
}

const documents: Readonly<Record<string, string>> = {
  AssumeRolePolicyDocument: "trust policy",
  KeyPolicy: "key policy",
  PolicyDocument: "policy",
};

/** In words where people say it otherwise. */
const propertyWords: Readonly<Record<string, string>> = {
  EnableKeyRotation: "rotation",
  Enabled: "enabled",
  ManagedPolicyArns: "managed policies",
  MaxSessionDuration: "longest session",
  PendingWindowInDays: "deletion window",
  PermissionsBoundary: "permissions boundary",
  Policies: "inline policies",
  RotationPeriodInDays: "rotation period in days",
};

const accessProperties: ReadonlySet<string> = new Set([
  ...Object.keys(documents),
  "ManagedPolicyArns",
  "PermissionsBoundary",
  "Policies",
  "Roles",
  "Users",
]);

/**
 * Of a key that is there CloudFormation cannot change these, or makes another key.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html, "Update requires"
 */
const fixedOfKeys: ReadonlySet<string> = new Set(["KeySpec", "KeyUsage", "MultiRegion", "Origin", "PrimaryKeyArn"]);

const quietProperties: ReadonlySet<string> = new Set(["Description", "Tags"]);

function propertyChange(name: string, before: unknown, after: unknown, ofKey: boolean): PartChange {
  const document = documents[name];
  if (document !== undefined) {
    const text = policyChangeText({ document: before }, { document: after });
    return { what: `has another ${document}: ${text}`, risk: "high" };
  }
  const words = propertyWords[name] ?? name;
  const risk = riskOf(name, ofKey);
  const [old, fresh] = [shortText(before), shortText(after)];
  if (old === undefined || fresh === undefined) return { what: `has other ${words}`, risk };
  return { what: `${words}: ${old} -> ${fresh}`, risk };
}

function riskOf(name: string, ofKey: boolean): Severity {
  if (ofKey && fixedOfKeys.has(name)) return "critical";
  if (accessProperties.has(name) || (ofKey && name === "Enabled")) return "high";
  return quietProperties.has(name) ? "information" : "medium";
}

const MOST_OF_A_VALUE = 60;

function shortText(value: unknown): string | undefined {
  if (value === undefined) return "none";
  if (typeof value === "object") return undefined;
  const text = String(value);
  return text.length <= MOST_OF_A_VALUE && !text.includes("\n") ? text : undefined;
}

function isKey({ Type: type }: Fields): boolean {
  return type === "AWS::KMS::Key" || type === "AWS::KMS::ReplicaKey";
}

function isAccess({ Type: type }: Fields): boolean {
  return String(type).startsWith("AWS::IAM::") || isKey({ Type: type });
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
function isKept({ DeletionPolicy: deletion, UpdateReplacePolicy: replacement }: Fields): boolean {
  return [deletion, replacement].every((policy) => policy === "Retain" || policy === "RetainExceptOnCreate");
}

function kept(resource: Fields): string {
  return isKey(resource) && !isKept(resource) ? ", and goes with its stack and all data under it" : "";
}

const order: readonly Severity[] = ["critical", "high", "medium", "low", "information"];

export function worst(risks: readonly Severity[]): Severity {
  return order.find((risk) => risks.includes(risk)) ?? "information";
}
