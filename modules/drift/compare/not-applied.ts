import type { LiveParts } from "../compare-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches } from "../match/match-keys";
import { placeIn } from "../place-in";
import type { ReviewedAccount } from "../reviewed/reviewed-account";
import { addressesOfKey } from "./addresses-of-key";
import { inStack } from "./in-stack";

/**
 * Tells a stack of which nothing is in AWS in one finding, in place of one for each resource. Only where everything was read that
 * could have it.
 */
export function notApplied(
  { stack, keys }: ReviewedAccount,
  live: LiveParts,
  { pairs }: KeyMatches,
  drifts: readonly Drift[],
  context: DriftContext,
): readonly Drift[] {
  if (stack === undefined || live.kms === undefined) return drifts;
  const asked = stack.keys.length + stack.aliases.length + stack.identityPolicies.length;
  if (asked === 0 || pairs.some(({ reviewed }) => reviewed.stack === stack.name)) return drifts;
  const { regions } = live.kms;
  const isThere = (isSame: (name: string, region: string) => boolean): boolean =>
    regions.some(
      ({ region, aliases }) => "unread" in aliases || aliases.value.some(({ name }) => isSame(name, region)),
    );
  const { identityPolicies: found } = live;
  if (
    regions.some(({ keys }) => "unread" in keys || keys.value.some((key) => "unread" in key)) ||
    isThere((name, region) => stack.aliases.some((alias) => alias.name === name && alias.region === region)) ||
    found === undefined ||
    "unread" in found ||
    found.value.some(({ name }) => stack.identityPolicies.some((policy) => policy.name === name))
  ) {
    return drifts;
  }
  const place = placeIn(context, { stack: stack.name, address: undefined, region: undefined }, `stack ${stack.name}`);
  const counts = [
    [stack.keys.length, "key or replica", "keys and replicas"],
    [stack.aliases.length, "alias", "aliases"],
    [stack.identityPolicies.length, "consumer policy", "consumer policies"],
  ] as const;
  const what = counts
    .flatMap(([count, one, many]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]))
    .join(", ");
  const hasKeys = stack.keys.length > 0;
  const lost = hasKeys ? "AWS has deleted its keys, and all data under them is lost" : "all of it is gone";
  const why = `nothing of it is in AWS (${what}): it was never applied, or ${lost}`;
  const whatToDo =
    "find out whether it was ever applied (its state, or DeleteKey in CloudTrail); if not, apply it. Keys that AWS has deleted come back as new ones, without the data";
  const policies = stack.identityPolicies.flatMap((policy) => [policy, ...policy.attachments]);
  const goneAlong = [
    ...keys.filter((key) => key.stack === stack.name).flatMap(addressesOfKey),
    ...inStack(place, [...stack.keyStores, ...policies]),
  ];
  return [
    // No milder than `key-missing`, in whose place it stands.
    {
      id: "stack-not-applied",
      place,
      detail: [],
      why,
      goneAlong,
      ...(hasKeys ? { severity: "critical", whatToDo } : {}),
    },
    ...drifts.filter((drift) => drift.place.stack !== stack.name),
  ];
}
