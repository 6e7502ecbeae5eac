import type { SynthesizedStack } from "../access/synthesized-stack";
import { type KeyBehindAlias, keyBehindAlias } from "../aws/key-behind-alias";
import type { LiveAccount, LiveGuardrail, LiveIdentityPolicy, LiveTemplate, Reading } from "../live/live-account";
import { compareConsumers } from "./compare/compare-consumers";
import { compareGrants } from "./compare/compare-grants";
import { compareGuardrails } from "./compare/compare-guardrails";
import { compareKeyPolicy } from "./compare/compare-key-policy";
import { compareKeyStores } from "./compare/compare-key-stores";
import { compareKeys } from "./compare/compare-keys";
import { compareTemplates } from "./compare/compare-templates";
import { type InstanceFindings, instanceDrift, type StackSetPlace } from "./compare/instance-drift";
import { notApplied } from "./compare/not-applied";
import { findUnmanaged } from "./compare/unmanaged";
import { type Coverage, coverageOf, NOTHING_COVERED } from "./coverage";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { UnreadPart } from "./drift-report";
import { type KeyMatches, matchKeys } from "./match/match-keys";
import { emptyStack, type ReviewedAccount } from "./reviewed/reviewed-account";
import { isWhollyUnread, uncheckedDrift, unreadInRegions, unreadPartOf } from "./unread-parts";

/** What was read of an account; undefined is what nobody asked for. */
export interface LiveParts {
  readonly kms: LiveAccount | undefined;
  readonly identityPolicies: Reading<readonly LiveIdentityPolicy[]> | undefined;
  readonly guardrails: Reading<readonly LiveGuardrail[]> | undefined;
  /** StackSets by name, CloudFormation stacks by Region and name. */
  readonly templates: ReadonlyMap<string, Reading<LiveTemplate | undefined>>;
  /** What is not as the map has it, of the instances of StackSets. */
  readonly instances: Reading<InstanceFindings> | undefined;
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
  const told = [
    ...(live.kms === undefined ? [] : keyDrifts(reviewed, live.kms, matches, context)),
    ...stackDrifts(reviewed, live, context),
  ];
  const ofKms = unreadInRegions(regions);
  const parts = [
    ...ofKms,
    ...told.filter(({ id }) => id === "unchecked").map(unreadPartOf),
    ...unreadInstances(live.instances),
  ];
  const status = isWhollyUnread(live) ? "unread" : parts.length > 0 ? "partly" : "read";
  const unread = status === "unread" ? parts.slice(0, 1).map(wholeAccount) : parts;
  const stackOf = (part: UnreadPart): string | undefined =>
    status === "unread" || part.region !== undefined || ofKms.includes(part) ? reviewed.stack?.name : undefined;
  const drifts = told.filter(({ id }) => id !== "unchecked").map(withoutEmptyStack);
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
      : instanceDrift(instances.value, stackSetsIn(rollouts, context), context)),
  ];
}

/** Guardrails and rollouts are about a zone that the account which has them may not be in. */
function inZoneOf({ metadata }: SynthesizedStack, context: DriftContext): DriftContext {
  const zone = metadata.zone === undefined ? undefined : context.zones.named(metadata.zone);
  return zone === undefined ? context : { ...context, zone };
}

function stackSetsIn(rollouts: readonly SynthesizedStack[], context: DriftContext): Map<string, StackSetPlace> {
  return new Map(
    rollouts.flatMap((each) => {
      const { name: stack, stackSets } = each;
      const zone = inZoneOf(each, context).zone.name;
      return stackSets.map(({ name, address, ous }) => [name, { stack, address, zone, ous }]);
    }),
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
    keyArns.get(keyBehindAlias(partition, region, accountId, alias));
}
