import { indexStacks } from "../../access/access-index";
import type { Place } from "../../access/policy-statement";
import { accessOfStack, type StackAccess } from "../../access/stack-access";
import { metadataOfKey } from "../../access/stack-metadata";
import type { RolloutMetadata, SynthesizedStack } from "../../access/synthesized-stack";
import type { CheckId } from "../../findings/check-ids";
import { type Finding, sortFindings } from "../../findings/finding";
import { acceptFindings } from "./accept-findings";
import type { AcceptedException, Check, CheckedKey, CheckedOutput, CheckRules, Violation } from "./check";

/** A finding of a check, with everything that a report needs to show where it comes from. */
export interface CheckFinding extends Finding {
  /** In the synthesized JSON; undefined for what is wrong in the map alone. */
  readonly place: Place | undefined;
  /** The places of the map behind it: `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
}

/** What checks have found. */
export interface CheckReport {
  /** What nobody has accepted, most severe first. */
  readonly findings: readonly CheckFinding[];
  readonly accepted: readonly AcceptedFinding[];
  readonly ran: readonly CheckId[];
  readonly stacks: readonly CheckedStack[];
}

export interface CheckedStack {
  readonly name: string;
  /** Undefined when the stack leaves it open. */
  readonly accountId: string | undefined;
  /** As its metadata has them. */
  readonly kind: string;
  readonly zone: string | undefined;
  /** Keys and replicas. */
  readonly keys: number;
}

export interface AcceptedFinding {
  readonly finding: CheckFinding;
  readonly exception: AcceptedException;
}

/**
 * Runs checks over the stacks of an output, one stack after the other: its keys are looked at together with it, the access
 * to each is worked out once, and what then is kept of it is an outline. Memory grows with the number of stacks and not with
 * what is in their policies, time with keys and their statements.
 *
 * @param onRead called for each stack, with the access that its checks have worked out
 */
export function runChecks(
  stacks: Iterable<SynthesizedStack>,
  rules: CheckRules,
  checks: readonly Check[],
  onRead?: (stack: SynthesizedStack, access: StackAccess) => void,
): CheckReport {
  const found: CheckFinding[] = [];
  const outlines: SynthesizedStack[] = [];
  for (const stack of stacks) {
    const access = accessOfStack(stack, rules.places);
    const output: CheckedOutput = { ...rules, index: access.index };
    const add = (check: Check, violations: readonly Violation[] | undefined): void => {
      for (const violation of violations ?? []) found.push(findingOf(check, violation, output));
    };
    for (const key of checkedKeys(output, access)) {
      for (const check of checks) add(check, check.inKey?.(key, output));
    }
    for (const check of checks) add(check, check.inStack?.(stack, output));
    onRead?.(stack, access);
    outlines.push(outlineOf(stack));
  }
  const output: CheckedOutput = { ...rules, index: indexStacks(outlines, rules.places) };
  for (const check of checks) {
    for (const violation of check.inOutput?.(output) ?? []) found.push(findingOf(check, violation, output));
  }
  const ran = checks.map((check) => check.id);
  const { open, accepted, matched } = acceptFindings(sortFindings(found), rules);
  const ofExceptions = checks.flatMap((check) =>
    (check.inExceptions?.(output, { matched, open, ran: new Set(ran) }) ?? []).map((violation) =>
      findingOf(check, violation, output),
    ),
  );
  return {
    findings: sortFindings([...open, ...ofExceptions]),
    accepted,
    ran,
    stacks: outlines.map(({ name, accountId, metadata: { kind, zone }, keys }) => ({
      name,
      accountId,
      kind,
      zone,
      keys: keys.length,
    })),
  };
}

/** What questions about all stacks need of each: everything but what its keys' policies, grants and arguments and its templates say. */
function outlineOf(stack: SynthesizedStack): SynthesizedStack {
  return {
    ...stack,
    keys: stack.keys.map((key) => ({ ...key, policy: undefined, grants: [], arguments: {} })),
    stackSets: stack.stackSets.map((stackSet) => ({ ...stackSet, template: undefined })),
    directStacks: stack.directStacks.map((direct) => ({ ...direct, template: undefined })),
    unreadable: [],
  };
}

/** The keys whose account is in a zone. */
function* checkedKeys({ index, zones, dataClasses }: CheckedOutput, access: StackAccess): Generator<CheckedKey> {
  for (const entry of index.keys) {
    const zone = zones.ofAccount(entry.accountId);
    if (zone === undefined) continue;
    const dataClass = dataClasses.get(metadataOfKey(entry.stack, entry.key)?.dataClass ?? "");
    yield { entry, zone, access: access.of(entry), dataClass };
  }
}

function findingOf(check: Check, violation: Violation, output: CheckedOutput): CheckFinding {
  const { stack, address, detail, why, place } = violation;
  return {
    id: check.id,
    severity: violation.severity ?? check.severity,
    where: [
      ...(stack === undefined ? [] : [accountName(stack, output)]),
      ...(address === undefined ? [] : [address]),
      ...detail,
    ].join(" "),
    why,
    whatToDo: violation.fix ?? check.fix,
    place,
    sources: violation.sources ?? (stack === undefined ? [] : sourcesOf(stack, address, output)),
  };
}

/** The map's name for the stack's account: it stays when an account moves to another OU, and the stack's name does not. */
function accountName(stack: SynthesizedStack, { zones }: CheckedOutput): string {
  const { accountId, metadata } = stack;
  if (metadata.kind !== "account" || accountId === undefined) return stack.name;
  return zones.ofAccount(accountId)?.accounts.get(accountId) ?? stack.name;
}

/** The places of the map behind a resource, or behind the stack as a whole. */
function sourcesOf(stack: SynthesizedStack, address: string | undefined, { zones }: CheckedOutput): readonly string[] {
  // A resource of a template comes after the address of what has the template.
  const [type = "", id = ""] = address?.split(/[. ]/) ?? [];
  if (type === "aws_kms_custom_key_store") return stack.metadata.keyStores.get(id) ?? [];
  const rollout = rolloutBehind(stack, type, id);
  if (rollout !== undefined) return rollout.sources;
  if (type === "aws_iam_policy") return stack.metadata.consumerPolicies.get(id) ?? [];
  const userGrant = type === "aws_kms_grant" ? stack.metadata.userGrants.get(id) : undefined;
  if (userGrant !== undefined) return userGrant.sources;
  const target = stack.aliases.find((alias) => alias.address === address)?.target ?? address;
  const key = stack.keys.find(
    (each) => each.address === target || (type === "aws_kms_grant" && each.grants.some((grant) => grant.id === id)),
  );
  if (key !== undefined) return metadataOfKey(stack, key)?.sources ?? [];
  const zone = stack.metadata.kind === "account" ? zones.ofAccount(stack.accountId ?? "")?.name : stack.metadata.zone;
  return zone === undefined ? [] : [`zones.yaml ${zone}`];
}

function rolloutBehind({ metadata }: SynthesizedStack, type: string, id: string): RolloutMetadata | undefined {
  if (type === "aws_cloudformation_stack") return metadata.directStacks.get(id);
  return type.startsWith("aws_cloudformation_stack_") ? metadata.stackSets.get(id) : undefined;
}
