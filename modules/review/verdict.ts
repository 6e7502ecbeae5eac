import { type Severity, severities } from "../findings/finding";
import type { Review, ReviewChange } from "./review";
import type { ReviewId } from "./review-ids";
import { countWords, namesWords } from "./words";

/** What a reviewer has to do, in one word. */
export type VerdictLevel = "none" | "harmless" | "look" | "stop";

export interface Verdict {
  readonly level: VerdictLevel;
  /** The one line that a reviewer needs, as in `Stop: 1 key is replaced; 12 keys are new`. */
  readonly line: string;
}

/** What one kind of change adds to the line: the worst comes first. */
interface Phrase {
  readonly ids: readonly ReviewId[];
  /** Below this risk it is not worth a word. @default "information" */
  readonly least?: Severity;
  /** @param count of changes, in the order of a review */
  readonly say: (changes: readonly ReviewChange[]) => string;
}

/** A line holds so many; the table below it has all. */
const MOST_PHRASES = 4;

export function verdictOf({ changes, sameMeaning }: Review): Verdict {
  if (changes.length === 0) {
    const bytes =
      sameMeaning.length === 0
        ? ""
        : `; ${countWords(sameMeaning.length, "stack")} ${differ(sameMeaning.length)} in bytes`;
    return { level: "none", line: `No change of meaning${bytes}.` };
  }
  const level = levelOf(changes);
  if (level === "harmless") {
    return { level, line: `Harmless: ${onlyWords(changes)}.` };
  }
  const rest = new Set(changes);
  const said: string[] = [];
  for (const severity of severities) {
    for (const { ids, say, least = "information" } of phrases) {
      if (severities.indexOf(severity) > severities.indexOf(least)) continue;
      const found = [...rest].filter(
        ({ id, risk }) => ids.includes(id) && severities.indexOf(risk) <= severities.indexOf(least),
      );
      if (!found.some(({ risk }) => risk === severity)) continue;
      for (const change of found) rest.delete(change);
      said.push(say(found));
    }
  }
  if (said.length === 0) said.push(restWords(changes));
  const shown = said.slice(0, MOST_PHRASES);
  const more = said.length > MOST_PHRASES ? "; and more" : "";
  return { level, line: `${level === "stop" ? "Stop" : "Look"}: ${shown.join("; ")}${more}.` };
}

function levelOf(changes: readonly ReviewChange[]): VerdictLevel {
  if (changes.some(({ risk }) => risk === "critical")) return "stop";
  return changes.every((change) => isHarmless(change)) ? "harmless" : "look";
}

/** Nobody's access and no key hangs on these. */
const harmless: ReadonlySet<ReviewId> = new Set(["description-changed", "stack-renamed", "tags-changed"]);

function isHarmless({ id, risk }: ReviewChange): boolean {
  return risk === "information" || (harmless.has(id) && risk === "low");
}

function onlyWords(changes: readonly ReviewChange[]): string {
  const words = [
    ...(changes.some(({ id }) => id === "tags-changed") ? ["tags"] : []),
    ...(changes.some(({ id }) => id === "description-changed") ? ["descriptions"] : []),
    ...(changes.some(({ id }) => id === "stack-renamed") ? ["names of stacks"] : []),
    ...(changes.some(({ id }) => !harmless.has(id)) ? ["what nobody's access and no key hangs on"] : []),
  ];
  const last = words.pop() ?? "";
  return `only ${words.length === 0 ? last : `${words.join(", ")} and ${last}`}`;
}

function differ(count: number): string {
  return count === 1 ? "differs" : "differ";
}

/** What no phrase is for, or for too little of a risk. */
function restWords(changes: readonly ReviewChange[]): string {
  return `${countWords(changes.length, "change")} of ${changes[0]?.risk} risk${changes.length > 1 ? " at most" : ""}`;
}

const phrases: readonly Phrase[] = [
  { ids: ["stack-unreadable"], say: (all) => `${countWords(stacksIn(all), "stack")} cannot be understood` },
  { ids: ["access-unreadable"], say: (all) => `nobody can tell who may use ${keysWords(all)}` },
  { ids: ["access-gained-outside"], say: outsideWords },
  {
    ids: ["access-gained", "consumer-policy-added", "consumer-policy-attached", "grant-added"],
    least: "critical",
    say: (all) => `somebody else than its break-glass role may destroy keys of ${zonesWords(all)}`,
  },
  {
    ids: ["key-removed"],
    say: (all) =>
      `${countWords(all.length, "key")} ${are(all)} deleted with the data under ${all.length === 1 ? "it" : "them"}`,
  },
  { ids: ["key-replaced"], say: (all) => `${countWords(all.length, "key")} ${are(all)} replaced` },
  {
    ids: ["key-moved"],
    say: (all) =>
      `${countWords(all.length, "key")} ${all.length === 1 ? "goes" : "go"} to another account as a new one`,
  },
  {
    ids: ["key-store-removed", "key-store-changed"],
    say: (all) => `${countWords(all.length, "key store")} ${are(all)} another or gone`,
  },
  {
    ids: ["guardrail-removed", "guardrail-targets-removed", "guardrail-denies-less"],
    say: (all) => `guardrails hold less${inZones(all)}`,
  },
  {
    ids: ["zone-changed"],
    say: (all) => {
      const accounts = all.filter(({ place }) => place.accountId !== undefined);
      const others = zonesIn(all.filter(({ place }) => place.accountId === undefined));
      return [
        ...(accounts.length > 0 ? [`${countWords(accounts.length, "account")} ${are(accounts)} in another zone`] : []),
        ...(others.length > 0 ? [`${namesWords(others)} ${are(others)} larger`] : []),
      ].join("; ");
    },
  },
  {
    ids: ["deploy-access-changed"],
    say: (all) => `${countWords(stacksIn(all), "stack")} ${stacksIn(all) === 1 ? "is" : "are"} deployed otherwise`,
  },
  { ids: ["state-moved"], say: (all) => `the state of ${countWords(stacksIn(all), "stack")} moves` },
  { ids: ["stack-removed"], say: (all) => `${countWords(all.length, "stack")} ${are(all)} gone` },
  { ids: ["key-let-go"], say: (all) => `${countWords(all.length, "key")} ${are(all)} let go` },
  { ids: ["key-disabled"], say: (all) => `${keysAndReplicas(all)} ${are(all)} disabled` },
  {
    ids: ["replica-removed", "replica-replaced"],
    say: (all) => `${countWords(all.length, "replica")} ${are(all)} gone or replaced`,
  },
  { ids: ["protection-changed"], say: (all) => `protection changes on ${keysAndReplicas(all)}` },
  {
    ids: ["key-outside-residency"],
    say: (all) => `${keysAndReplicas(all)} ${are(all)} outside of ${all.length === 1 ? "its" : "their"} zone's Regions`,
  },
  {
    ids: ["access-gained", "consumer-policy-added", "consumer-policy-attached", "grant-added"],
    least: "medium",
    say: (all) =>
      `${countWords(principalsIn(all, "gains"), "principal")} ${principalsIn(all, "gains") === 1 ? "gains" : "gain"} access inside ${zonesWords(all)}`,
  },
  { ids: ["key-adopted"], say: (all) => `${keysAndReplicas(all)} ${are(all)} taken over` },
  {
    ids: ["rollout-accounts-added", "rollout-accounts-removed", "rollout-added", "rollout-changed", "rollout-removed"],
    say: (all) => `${countWords(all.length, "change")} of rollouts`,
  },
  {
    ids: ["alias-moved"],
    say: (all) => (all.length === 1 ? "1 alias leads to another key" : `${all.length} aliases lead to other keys`),
  },
  { ids: ["alias-removed"], say: (all) => (all.length === 1 ? "1 alias is gone" : `${all.length} aliases are gone`) },
  {
    ids: ["access-lost", "consumer-policy-detached", "consumer-policy-removed", "grant-removed"],
    least: "medium",
    say: (all) =>
      `${countWords(principalsIn(all, "loses"), "principal")} ${principalsIn(all, "loses") === 1 ? "loses" : "lose"} access`,
  },
  {
    ids: ["deletion-window-changed"],
    say: (all) => `the deletion window changes on ${keysAndReplicas(all)}`,
  },
  {
    ids: ["guardrail-added", "guardrail-denies-more", "guardrail-targets-added"],
    say: (all) => `guardrails hold more${inZones(all)}`,
  },
  { ids: ["key-step-changed"], say: (all) => `${countWords(all.length, "key")} ${are(all)} at another step of ending` },
  { ids: ["key-enabled"], say: (all) => `${keysAndReplicas(all)} ${are(all)} enabled again` },
  { ids: ["key-added"], say: (all) => `${countWords(all.length, "key")} ${are(all)} new` },
  { ids: ["replica-added"], say: (all) => `${countWords(all.length, "replica")} ${are(all)} new` },
  { ids: ["alias-added"], say: (all) => (all.length === 1 ? "1 alias is new" : `${all.length} aliases are new`) },
  { ids: ["rotation-changed"], say: (all) => `rotation changes on ${countWords(all.length, "key")}` },
  { ids: ["quota-near"], say: (all) => `${countWords(all.length, "quota")} ${are(all)} near` },
  {
    ids: ["other-changed", "key-changed"],
    least: "medium",
    say: (all) => `${countWords(all.length, "change")} that nothing here can judge`,
  },
];

function are(all: readonly unknown[]): string {
  return all.length === 1 ? "is" : "are";
}

/** `1 key`, `1 replica`, `2 keys and 1 replica` */
function keysAndReplicas(all: readonly ReviewChange[]): string {
  const replicas = all.filter(isOfReplica).length;
  const keys = all.length - replicas;
  return [
    ...(keys > 0 ? [countWords(keys, "key")] : []),
    ...(replicas > 0 ? [countWords(replicas, "replica")] : []),
  ].join(" and ");
}

/** A key that changes with its replicas is one change, whose address may be a replica's: its lines are of all of them. */
function isOfReplica({ place, lines }: ReviewChange): boolean {
  const isReplica = place.address?.startsWith("aws_kms_replica_") === true;
  return isReplica && lines.every(({ path }) => path.startsWith("/resource/aws_kms_replica_"));
}

function stacksIn(all: readonly ReviewChange[]): number {
  return new Set(all.map(({ place }) => place.stack)).size;
}

function zonesIn(all: readonly ReviewChange[]): string[] {
  return [...new Set(all.flatMap(({ place }) => place.zone ?? []))].sort();
}

function inZones(all: readonly ReviewChange[]): string {
  const zones = zonesIn(all);
  return zones.length === 0 ? "" : ` in ${namesWords(zones)}`;
}

function zonesWords(all: readonly ReviewChange[]): string {
  const zones = zonesIn(all);
  return zones.length === 1 ? `zone ${zones[0]}` : "their zones";
}

/** At least one where a change does not say whose access it is. */
function principalsIn(all: readonly ReviewChange[], effect: "gains" | "loses"): number {
  const whom = new Set(
    all.flatMap(({ access }) => access.filter((each) => each.effect === effect).map((each) => each.whom)),
  );
  return Math.max(1, whom.size);
}

function keysWords(all: readonly ReviewChange[]): string {
  return countWords(new Set(all.map(({ place }) => `${place.stack} ${place.resource}`)).size, "key");
}

/** `somebody outside zone pci gains Decrypt on 2 keys` */
function outsideWords(all: readonly ReviewChange[]): string {
  const access = all.flatMap((change) => change.access).filter(({ effect }) => effect === "gains");
  const zones = [...new Set(access.flatMap(({ zone }) => zone ?? []))].sort();
  const actions = [...new Set(access.flatMap((each) => each.actions))]
    .sort()
    .map((action) => action.replace(/^kms:/, ""));
  const keys = new Set(access.map(({ key, zone }) => `${zone} ${key}`)).size;
  const gained = actions.length === 0 ? "access" : actions.length > 3 ? "access" : actions.join(", ");
  return `somebody outside ${zones.length === 1 ? `zone ${zones[0]}` : "a zone"} gains ${gained}${keys === 0 ? "" : ` on ${countWords(keys, "key")}`}`;
}
