import type { Policy } from "../../access/policy-statement";
import { isFields, StackReading } from "../../access/stack-reading";
import { literalText, parseReference } from "../../access/terraform-value";
import { isLetGo } from "../../aws/key-step";
import type { Danger, GateRule } from "../gate-rule";
import { addressOfKey, type GatedStack, reviewedAddresses, reviewedArguments } from "../gated-stack";
import { type PlannedChange, stays } from "../planned-change";
import { isSamePolicy, parseText, readPlannedPolicy } from "../planned-policy";
import { aliasType, documents, guardrailType, keyTypes, replicaTypes } from "../resource-types";
import { recordedStep } from "../reviewed-life";

/**
 * The plan is made of the JSON and of nothing else: another file beside it, a variable, another folder or an edit while Terraform
 * ran show as a difference between the two.
 */
export const rule: GateRule = {
  id: "plan-not-reviewed",
  severity: "critical",
  requirement:
    "A plan does what the reviewed JSON says: the same resources, policies, tags, aliases and grants, and no others.",
  reason: "Reviews, checks and the zone proof are of the JSON; what is in the plan alone nobody has looked at.",
  fix: "plan again from the output as orgkeys synth writes it, without other files beside it; nothing allows this",
  allowedBy: "nobody",
  inStack: (stack) => [...missing(stack), ...stack.changes.flatMap((change) => differences(change, stack))],
};

/** A plan of a part, by `-target`, is no plan of the stack. */
function missing(stack: GatedStack): Danger[] {
  const planned = new Set(stack.changes.map(({ address }) => address));
  return reviewedAddresses(stack)
    .filter((address) => !planned.has(address))
    .map((address) => ({ address, why: "is in the reviewed JSON, and the plan says nothing of it" }));
}

function differences(change: PlannedChange, stack: GatedStack): Danger[] {
  const { address } = change;
  const reviewed = reviewedArguments(stack, change);
  if (!stays(change)) return wrongEnds(change, stack, reviewed !== undefined);
  if (reviewed === undefined) return [{ address, why: "is not in the reviewed JSON" }];
  const different = (detail: string, why: string): Danger => ({ address, detail: [detail], why });
  const found = [...argumentsThatDiffer(change, reviewed), ...wrongReferences(change, stack, reviewed)].map((name) =>
    different(name, `its ${name} is not what the reviewed JSON says`),
  );
  return [
    ...found,
    ...(isSameDocument(change, stack, reviewed)
      ? []
      : [different(documentOf(change), "its policy is not what the reviewed JSON says")]),
    ...(isMoved(change)
      ? [different("moved", `is ${change.formerAddress} before, and would be made into this one`)]
      : []),
    ...(isReviewedImport(change, stack)
      ? []
      : [different("import", "would be taken over, and the reviewed JSON says nothing of it")]),
    ...(isReviewedTarget(change, stack)
      ? []
      : [different("target_key_id", "leads to another key than the reviewed JSON says")]),
    ...wrongStep(change, stack).map((why) => different("step", why)),
  ];
}

/** Keys, rollouts and guardrails have rules of their own for their end. */
function wrongEnds({ address, action }: PlannedChange, { stack }: GatedStack, isThere: boolean): Danger[] {
  if (isThere) return [{ address, why: "is in the reviewed JSON, and would not be there any more" }];
  const removed = stack.removals.some((removal) => removal.address === address);
  if (action === "forget" && !removed)
    return [{ address, why: "would be let go, and the reviewed JSON has no removed block" }];
  return action === "delete" && removed ? [{ address, why: "would be deleted, and the reviewed JSON lets it go" }] : [];
}

/** Texts, numbers, switches and what is made of them; expressions and blocks are not compared here. */
function argumentsThatDiffer(change: PlannedChange, reviewed: Readonly<Record<string, unknown>>): string[] {
  const document = documents.get(change.type)?.attribute;
  const ignored = ignoredArguments(reviewed.lifecycle);
  return Object.entries(reviewed).flatMap(([name, value]) => {
    if (notOfTheResource.has(name) || name === document || ignored.includes(name)) return [];
    const literal = literalOf(value);
    if (literal === undefined) return [];
    return change.isUnknown(name) || !isSameValue(literal.value, change.after[name]) ? [name] : [];
  });
}

/** Which key a grant is on, whose policy a role gets: what is one attribute of another resource has to have its value, or wait for it. */
function wrongReferences(
  change: PlannedChange,
  { changes }: GatedStack,
  reviewed: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(reviewed).flatMap(([name, value]) => {
    const isTarget = change.type === aliasType && name === "target_key_id";
    const reference = typeof value === "string" && !isTarget ? parseReference(value) : undefined;
    if (reference === undefined || notOfTheResource.has(name)) return [];
    const { type, name: id, attribute } = reference;
    const other = changes.find(({ address }) => address === `${type}.${id}`);
    const isSame =
      other !== undefined &&
      (other.isUnknown(attribute)
        ? change.isUnknown(name)
        : !change.isUnknown(name) && other.after[attribute] === change.after[name]);
    return isSame ? [] : [name];
  });
}

const notOfTheResource: ReadonlySet<string> = new Set(["//", "depends_on", "lifecycle", "provider", "timeouts"]);

/** @returns undefined for what an expression is in */
function literalOf(value: unknown): { readonly value: unknown } | undefined {
  if (typeof value === "string") {
    const text = literalText(value);
    return text === undefined ? undefined : { value: text };
  }
  if (Array.isArray(value)) {
    const items = value.map(literalOf);
    return items.some((item) => item === undefined) ? undefined : { value: items.map((item) => item?.value) };
  }
  if (!isFields(value)) return { value };
  const entries = Object.entries(value).map(([name, inner]) => [literalText(name), literalOf(inner)] as const);
  if (entries.some(([name, inner]) => name === undefined || inner === undefined)) return undefined;
  return { value: Object.fromEntries(entries.map(([name, inner]) => [name, inner?.value])) };
}

/** Of a block the plan has more arguments, and as a list of one; sets are in another order. */
function isSameValue(reviewed: unknown, planned: unknown): boolean {
  if (Array.isArray(reviewed)) {
    const list: readonly unknown[] = Array.isArray(planned) ? planned : [];
    return list.length === reviewed.length && reviewed.every((item) => list.some((other) => isSameValue(item, other)));
  }
  if (!isFields(reviewed)) return reviewed === planned || String(reviewed) === String(planned ?? "");
  if (Array.isArray(planned)) return planned.length === 1 && isSameValue(reviewed, planned[0]);
  if (!isFields(planned)) return Object.keys(reviewed).length === 0;
  return Object.entries(reviewed).every(([name, value]) => isSameValue(value, planned[name]));
}

function ignoredArguments(lifecycle: unknown): readonly unknown[] {
  const block: unknown = Array.isArray(lifecycle) ? lifecycle[0] : lifecycle;
  return isFields(block) && Array.isArray(block.ignore_changes) ? block.ignore_changes : [];
}

function documentOf({ type }: PlannedChange): string {
  return documents.get(type)?.attribute ?? "policy";
}

/** What is not known yet is `policy-unknown`'s business. */
function isSameDocument(
  change: PlannedChange,
  stack: GatedStack,
  reviewed: Readonly<Record<string, unknown>>,
): boolean {
  const found = documents.get(change.type);
  if (found === undefined || change.isUnknown(found.attribute)) return true;
  const planned = change.after[found.attribute];
  if (found.kind === "template") {
    const reading = new StackReading(stack.node.name, stack.json.locals);
    const document = reading.encoded(reviewed, found.attribute, "", "template");
    const template = parseText(planned);
    return document !== undefined && template !== undefined && isSameJson(document.value, template.value);
  }
  const policy = reviewedPolicy(change, stack);
  const kind = change.type === guardrailType ? guardrailKind(change, stack) : found.kind;
  const read = readPlannedPolicy(planned, change.address, kind);
  return policy !== undefined && read !== undefined && isSamePolicy(policy, read);
}

function reviewedPolicy({ address }: PlannedChange, { stack }: GatedStack): Policy | undefined {
  return [...stack.keys, ...stack.identityPolicies, ...stack.guardrails].find((each) => each.address === address)
    ?.policy;
}

function guardrailKind({ address }: PlannedChange, { stack }: GatedStack): "resource-control" | "service-control" {
  return stack.guardrails.find((each) => each.address === address)?.kind ?? "service-control";
}

function isSameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSameJson(item, b[at]));
  if (!isFields(a)) return a === b;
  if (!isFields(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameJson(a[name], b[name]))
  );
}

/** Synthesis moves nothing: a key that is moved takes the description, policy and aliases of another. An index alone is no other key. */
function isMoved({ address, formerAddress }: PlannedChange): boolean {
  return typeof formerAddress === "string" && formerAddress.replace(/\[[^\]]*\]$/, "") !== address;
}

function isReviewedImport({ address, importId }: PlannedChange, { stack }: GatedStack): boolean {
  return importId === undefined || stack.imports.some((each) => each.address === address && each.id === importId);
}

/** An alias whose target is known after the apply alone leads to a key that the same apply makes. */
function isReviewedTarget(change: PlannedChange, { stack, changes }: GatedStack): boolean {
  if (change.type !== aliasType) return true;
  const alias = stack.aliases.find(({ address }) => address === change.address);
  if (alias === undefined) return false;
  const { target_key_id: key } = change.after;
  if (!change.isUnknown("target_key_id")) {
    return typeof key === "string" && addressOfKey(changes, key, alias.region) === alias.target;
  }
  const target = changes.find(({ address }) => address === alias.target);
  return target?.action === "create" || target?.action === "replace";
}

/** A key that nobody can use any more, without a word about it in the record. */
function wrongStep({ type, address, before, after }: PlannedChange, { stack }: GatedStack): string[] {
  if (!keyTypes.has(type) && !replicaTypes.has(type)) return [];
  const step = recordedStep(stack, address);
  if (step !== undefined && isLetGo(step)) return [`is kept, and its record says ${step}`];
  const disables = after.is_enabled === false || after.enabled === false;
  const wasEnabled = before.is_enabled !== false && before.enabled !== false;
  return disables && wasEnabled && step !== "disabled"
    ? [`would be disabled, and its record says ${step ?? "nothing"}`]
    : [];
}
