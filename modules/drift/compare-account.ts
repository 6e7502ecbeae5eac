import type { SynthesizedStack } from "../access/synthesized-stack";
import { type KeyBehindAlias, keyBehindAlias } from "../aws/key-behind-alias";
import type { Finding } from "../findings/finding";
import type { LiveAccount, LiveGuardrail, LiveIdentityPolicy, LiveTemplate, Reading } from "../live/live-account";
import { compareConsumers } from "./compare-consumers";
import { compareGrants } from "./compare-grants";
import { compareGuardrails } from "./compare-guardrails";
import { compareKeyPolicy } from "./compare-key-policy";
import { compareKeyStores } from "./compare-key-stores";
import { compareKeys } from "./compare-keys";
import { compareTemplates } from "./compare-templates";
import { type Coverage, coverageOf, NOTHING_COVERED } from "./coverage";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { UnreadPart } from "./drift-report";
import { instanceDrift } from "./instance-drift";
import { type KeyMatches, matchKeys } from "./match-keys";
import { notApplied } from "./not-applied";
import { emptyStack, type ReviewedAccount } from "./reviewed-account";
import { findUnmanaged } from "./unmanaged";
import { isWhollyUnread, uncheckedDrift, unreadInRegions, unreadPartOf } from "./unread-parts";

/** What was read of an account; undefined is what nobody asked for. */
export interface LiveParts {
  readonly kms: LiveAccount | undefined;
  readonly identityPolicies: Reading<readonly LiveIdentityPolicy[]> | undefined;
  readonly guardrails: Reading<readonly LiveGuardrail[]> | undefined;
  /** StackSets by name, CloudFormation stacks by Region and name. */
  readonly templates: ReadonlyMap<string, Reading<LiveTemplate | undefined>>;
  /** What is not as the map has it, of the instances of StackSets. */
  readonly instances: Reading<readonly Finding[]> | undefined;
}

/** What one account comes to. */
export interface ComparedAccount {
  readonly drifts: readonly Drift[];
  /** read: everything. partly: not what is in `unread`. unread: nothing. */
  readonly status: "read" | "partly" | "unread";
  readonly unread: readonly UnreadPart[];
  readonly coverage: Coverage;
  /** ARNs of keys by `keyBehindAlias`, for the accounts that use them. */
  readonly keyArns: ReadonlyMap<string, string>;
}

/** Holds everything that was read of an account against everything that was reviewed of it. */
export function compareAccount(reviewed: ReviewedAccount, live: LiveParts, context: DriftContext): ComparedAccount {
  const regions = live.kms?.regions ?? [];
  const matches = matchKeys(reviewed.keys, regions, reviewed.resting);
  const ofKeys = live.kms === undefined ? [] : keyDrifts(reviewed, live.kms, matches, context);
  const ofStacks = stackDrifts(reviewed, live, context);
  // What comparisons tell of unread parts of keys is told here, once for all keys with one cause.
  const ofKms = unreadInRegions(regions);
  const parts = [
    ...ofKms,
    ...ofStacks.filter(({ id }) => id === "unchecked").map(unreadPartOf),
    ...unreadInstances(live.instances),
  ];
  const status = isWhollyUnread(live) ? "unread" : parts.length > 0 ? "partly" : "read";
  const unread = status === "unread" ? parts.slice(0, 1).map(wholeAccount) : parts;
  const stackOf = (part: UnreadPart): string | undefined =>
    status === "unread" || part.region !== undefined || ofKms.includes(part) ? reviewed.stack?.name : undefined;
  const drifts = [...ofKeys, ...ofStacks].filter(({ id }) => id !== "unchecked").map(withoutEmptyStack);
  return {
    drifts: [
      ...notApplied(reviewed, live, matches, drifts, context),
      ...unread.map((part) => uncheckedDrift(part, context, stackOf(part))),
    ],
    status,
    unread,
    coverage: live.kms === undefined ? NOTHING_COVERED : coverageOf(regions, matches, context),
    keyArns: keyArns(matches, context),
  };
}

function keyDrifts(
  { stack, keys }: ReviewedAccount,
  { regions }: LiveAccount,
  matches: KeyMatches,
  context: DriftContext,
): Drift[] {
  return [
    ...compareKeys(keys, regions, matches, context),
    ...compareKeyStores(stack, matches, regions, context),
    ...matches.pairs.flatMap((pair) => [...compareKeyPolicy(pair, context), ...compareGrants(pair, context)]),
    ...findUnmanaged(regions, matches, context),
  ];
}

function stackDrifts(reviewed: ReviewedAccount, live: LiveParts, context: DriftContext): Drift[] {
  const { stack = emptyStack(context.accountId), direct, guardrails, rollouts } = reviewed;
  const { identityPolicies, guardrails: liveGuardrails, templates, instances } = live;
  return [
    ...(identityPolicies === undefined ? [] : compareConsumers(stack, identityPolicies, context)),
    ...direct.flatMap((each) => compareTemplates(each, templates, inZoneOf(each, context))),
    ...(liveGuardrails === undefined
      ? []
      : guardrails.flatMap((each) => compareGuardrails(each, liveGuardrails, inZoneOf(each, context)))),
    ...rollouts.flatMap((each) => compareTemplates(each, templates, inZoneOf(each, context))),
    ...(instances === undefined || "unread" in instances
      ? []
      : instanceDrift(instances.value, stackSetsIn(rollouts), context)),
  ];
}

/** Guardrails and rollouts are about a zone that the account which has them may not be in. */
function inZoneOf({ metadata }: SynthesizedStack, context: DriftContext): DriftContext {
  const zone = metadata.zone === undefined ? undefined : context.zones.named(metadata.zone);
  return zone === undefined ? context : { ...context, zone };
}

function stackSetsIn(rollouts: readonly SynthesizedStack[]): Map<string, { stack: string; address: string }> {
  return new Map(
    rollouts.flatMap(({ name: stack, stackSets }) => stackSets.map(({ name, address }) => [name, { stack, address }])),
  );
}

function wholeAccount(first: UnreadPart): UnreadPart {
  return { ...first, what: "the account", region: undefined };
}

function unreadInstances(instances: LiveParts["instances"]): UnreadPart[] {
  if (instances === undefined || !("unread" in instances)) return [];
  const { unread, whatToDo } = instances;
  return [{ what: "instances of StackSets", region: undefined, unread, whatToDo }];
}

function withoutEmptyStack(drift: Drift): Drift {
  const { place } = drift;
  return place.stack === "" ? { ...drift, place: { ...place, stack: undefined, address: undefined } } : drift;
}

/** Of the keys that the aliases are meant to lead to, wherever they point just now. */
function keyArns({ pairs }: KeyMatches, { partition, accountId }: DriftContext): Map<string, string> {
  return new Map(
    pairs.flatMap(({ reviewed: { aliases }, live: { arn }, region }) =>
      aliases.map(({ name }) => [keyBehindAlias(partition, region, accountId, name), arn] as const),
    ),
  );
}

/** Looks up what accounts that were read before have. */
export function arnBehindIn(keyArns: ReadonlyMap<string, string>): DriftContext["arnBehind"] {
  return ({ partition, region, accountId, alias }: KeyBehindAlias) =>
    keyArns.get(`arn:${partition}:kms:${region}:${accountId}:key/\${${alias}}`);
}
