import { cancelKeyDeletion, disableKey, enableKey, scheduleKeyDeletion } from "../aws/kms-commands";
import type { Finding } from "../findings/finding";
import type { KeyLifecycle } from "../organization/key-lifecycle";
import { listNames } from "../organization/problem";
import { atTerminal } from "./key-at-terminal";
import type { KeyCandidate } from "./key-identity";
import { lacksMaterial, plannedReplicasOf } from "./key-material";
import type { PlannedGrant } from "./key-plan";
import { deletionWindowOf } from "./key-reasons";
import { materialFindingIds, materialFindings } from "./material-findings";
import { earliestGone, earliestReplicaGone, earliestScheduled } from "./refuse-lifecycle";

const ids = [
  "key-adopted",
  "key-disabled",
  "key-gone",
  "key-handed-over",
  "key-replaced",
  "key-scheduled",
  "lifecycle-unused",
] as const;

/** Whether a finding is about what comes next in a key's life. */
export function isLifecycleFinding({ id }: Finding): boolean {
  return [...ids, ...materialFindingIds].some((each) => each === id);
}

/**
 * What is to be done next for a key, with the commands: Terraform lets nobody disable a key or schedule its deletion but the
 * break-glass role, and imported material must not pass through it.
 *
 * @param grants that are left out, or held, on the key
 * @param today the day it is; without one nothing is said of material that expires
 */
export function lifecycleFindings(
  key: KeyCandidate,
  grants: readonly PlannedGrant[],
  today: string | undefined,
): Finding[] {
  return [
    ...materialFindings(key, grants, today),
    ...(key.life.lifecycle === undefined ? [] : entryFindings(key, key.life.lifecycle, today)),
  ];
}

/** An entry whose key the map does not have any more. */
export function unusedLifecycle({ source, key, account }: KeyLifecycle): Finding {
  return {
    id: "lifecycle-unused" satisfies (typeof ids)[number],
    severity: "low",
    where: source,
    why: `key ${key} of account ${account.name} is in the map no more, and nothing needs this entry`,
    whatToDo: "delete the entry",
  };
}

function entryFindings(key: KeyCandidate, lifecycle: KeyLifecycle, today: string | undefined): Finding[] {
  const { adopt, decommission, handOver, replaced, reason, source } = lifecycle;
  const finding = (id: (typeof ids)[number], severity: Finding["severity"], why: string, next: string[]): Finding => {
    return { id, severity, where: source, why: `key ${key.alias} ${why}: ${reason}`, whatToDo: next.join("\n") };
  };
  const found: Finding[] = [];
  if (adopt !== undefined) {
    const made = key.aliases.filter((alias) => !adopt.aliases.includes(alias));
    found.push(
      finding("key-adopted", "low", `exists as ${adopt.keyId} and is taken over`, [
        ...(made.length === 0 ? [] : [notNamed(made)]),
        'the next plan has a line "to import" for each resource that is named here, and changes of deletion_window_in_days and bypass_policy_lockout_safety_check, which are no calls to AWS; what else it changes is how the key differs from the map. A plan that replaces something fails. Delete adopt once it is applied',
      ]),
    );
  }
  if (replaced !== undefined && decommission === undefined && handOver === undefined) {
    found.push(
      finding("key-replaced", "medium", `is for old data only since ${replaced}`, [
        "apply the stacks of the using accounts before the owner's, so that both keys can be used when the alias moves; have the old data encrypted anew (docs/lifecycle.md), and decommission the key when nothing has used it for a while",
      ]),
    );
  }
  if (handOver !== undefined) {
    found.push(
      finding("key-handed-over", "low", `is ${handOver.to}'s since ${handOver.day}`, [
        "apply: Terraform lets go of the key and leaves it, its replicas, aliases and grants as they are. Keep this entry while the map has the workload",
      ]),
    );
  }
  const regions = plannedReplicasOf(key);
  const living = regions.filter((region) => lifecycle.replicas.get(region)?.scheduled === undefined);
  if (decommission !== undefined) {
    const { disabled, scheduled, gone } = decommission;
    const own = [...living, key.region];
    if (gone !== undefined) {
      const next =
        replaced === undefined
          ? "delete what makes the key from the map (its workload, environment or service), and this entry with it"
          : "leave this entry: it gives the key that replaces this one its identity";
      found.push(finding("key-gone", "low", `is gone since ${gone}`, [next]));
    } else if (scheduled !== undefined) {
      const earliest = earliestGone(scheduled, key, lifecycle);
      found.push(
        finding("key-scheduled", "high", `is to be deleted since ${scheduled}`, scheduledSteps(key, own, earliest)),
      );
    } else {
      const earliest = earliestScheduled(decommission, key.zone);
      found.push(
        finding("key-disabled", "medium", `is disabled since ${disabled}`, disabledSteps(key, own, earliest, today)),
      );
    }
  }
  for (const [region, own] of lifecycle.replicas) {
    const here = `has a replica in ${region} that is`;
    if (!regions.includes(region)) continue;
    if (own.gone !== undefined) {
      const next = `drop ${region} from replicas in the workload, and then from this entry`;
      found.push(finding("key-gone", "low", `${here} gone since ${own.gone}`, [next]));
    } else if (own.scheduled !== undefined) {
      const earliest = earliestReplicaGone(own.scheduled, key);
      found.push(
        finding(
          "key-scheduled",
          "high",
          `${here} to be deleted since ${own.scheduled}`,
          scheduledSteps(key, [region], earliest),
        ),
      );
    } else if (decommission === undefined) {
      const earliest = earliestScheduled(own, key.zone);
      found.push(
        finding(
          "key-disabled",
          "medium",
          `${here} disabled since ${own.disabled}`,
          disabledSteps(key, [region], earliest, today),
        ),
      );
    }
  }
  return found;
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html (AlreadyExistsException) */
function notNamed(aliases: readonly string[]): string {
  return `${listNames(aliases)} ${aliases.length === 1 ? "is" : "are"} not named and would be made, which AWS refuses where it exists: look with aws kms list-aliases, and name under adopt.aliases what is there`;
}

/**
 * The provider would disable the key itself, which the key policy denies the deploy role: this comes before the apply. A key
 * pending import takes neither DisableKey nor EnableKey, and nobody can use it; its deletion can be scheduled.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
 */
function disabledSteps(
  key: KeyCandidate,
  regions: readonly string[],
  earliest: string,
  today: string | undefined,
): string[] {
  const waiting = regions.filter((region) => lacksMaterial(key, region, today));
  const usable = regions.filter((region) => !waiting.includes(region));
  const wait = `From ${earliest} on, if nobody has missed it: add scheduled. If somebody does: delete these days`;
  return [
    ...(usable.length === 0 ? [] : [`as ${breakGlassOf(key)}, before the apply:`]),
    ...usable.map((region) => disableKey(atTerminal(key, region))),
    ...(waiting.length === 0
      ? []
      : [
          `nothing in ${listNames(waiting)}: without material nobody can use it there, and AWS refuses disable-key while it is pending import. Where somebody has imported it, record that under material, and the command is here`,
        ]),
    ...(key.dataClass.kind.origin === "EXTERNAL"
      ? enabledByHand(key, usable, wait)
      : [`${wait} and apply, which enables it`]),
  ];
}

/** Terraform leaves it to AWS whether a key with imported material is enabled, as it is not while it waits for that. */
function enabledByHand(key: KeyCandidate, regions: readonly string[], wait: string): string[] {
  if (regions.length === 0) return [`${wait} and apply`];
  return [
    `${wait}, apply, and as ${key.zone.administrators.join(" or ")}:`,
    ...[...regions].reverse().map((region) => enableKey(atTerminal(key, region))),
  ];
}

/** Terraform takes a key whose deletion is scheduled for gone: this comes after the apply that lets go of it. */
function scheduledSteps(key: KeyCandidate, regions: readonly string[], earliest: string): string[] {
  const { days } = deletionWindowOf(key);
  return [
    `as ${breakGlassOf(key)}, after the apply that lets go of it${regions.length > 1 ? ", replicas first" : ""}:`,
    ...regions.map((region) => scheduleKeyDeletion(atTerminal(key, region), days)),
    `AWS has deleted it on ${earliest} at the earliest: add gone then. To stop that, until then:`,
    ...[...regions].reverse().map((region) => cancelKeyDeletion(atTerminal(key, region))),
    "It is then disabled, and Terraform's again with adopt in place of scheduled",
  ];
}

function breakGlassOf({ zone, owner }: KeyCandidate): string {
  return `${zone.breakGlass} of ${owner.name} (${owner.id})`;
}
