import type { ZoneBoundaries } from "../access/zone-boundary";
import type { AcceptedException } from "../checks/frame/check";
import { gate } from "../gate/gate";
import type { Allowance, WantedKey } from "../gate/gate-finding";
import { keptKeys, keyPlace, knownKeys, wantedKeys } from "../gate/wanted-keys";
import { findKeysLike } from "../live/find-keys-like";
import { findMadeKeys } from "../live/find-made-keys";
import type { DoubleKey, FindDoubleKeys, FindStrayKeys, Gate, StackPlan, StrayKey } from "../terraform/run/run-parts";

export interface GateSettings {
  readonly zones: ZoneBoundaries;
  readonly exceptions: readonly AcceptedException[];
  readonly allowances: readonly Allowance[];
  readonly maxChanges: number | undefined;
  readonly today: string;
}

/** The gate of one run, which may be asked in several rounds: an allowance is a mistake when none of them has a use for it. */
export function runGate(settings: GateSettings): Gate {
  const keysLike = findKeysLike({ auditRole: auditRoleIn(settings.zones) });
  let allowances = settings.allowances;
  let unused: readonly Allowance[] | undefined;
  return async (plans, { changesBefore, moreToCome }) => {
    const isOnly = unused === undefined && !moreToCome;
    const report = await gate(plans, {
      ...settings,
      allowances,
      keysLike,
      changesBefore,
      moreToCome: !isOnly,
    });
    // Whoever typed it had seen this finding: the same address of another stack, in a later round, is another thing.
    allowances = allowances.map((each) => {
      const subject = report.meant.get(each);
      return subject === undefined ? each : { ...each, subject };
    });
    unused = unused?.filter((allowance) => report.unused.includes(allowance)) ?? report.unused;
    const late =
      isOnly || moreToCome
        ? []
        : unused.map(({ subject }) => `--allow ${subject}: there is nothing to allow there; drop it`);
    return { findings: report.findings, open: report.open, mistakes: [...report.mistakes, ...late] };
  };
}

/** Finds what a cut apply has made, one key for each address, and one address for each key, at most. */
export function runStrayKeys(zones: ZoneBoundaries): FindStrayKeys {
  const madeKeys = findMadeKeys({ auditRole: auditRoleIn(zones) });
  return async (planned, since) => {
    const known = knownKeys(planned);
    const stray: StrayKey[] = [];
    const claimed = new Map<string, string>();
    for (const wanted of wantedKeys(planned)) {
      const found = await madeKeys(planned, wanted, since, ({ arn }) => known.has(keyPlace(arn)));
      if ("unread" in found) return { unknown: found.unread };
      if (found.length > 1) {
        const ids = found.map(({ keyId }) => keyId).join(", ");
        return { unknown: `${wanted.address} may be any of ${ids}: import one of them, and let the others be deleted` };
      }
      for (const { arn, keyId } of found) {
        const other = claimed.get(arn);
        if (other !== undefined) {
          return {
            unknown: `${keyId} may be ${other} or ${wanted.address}, which have the same tags and description: import it as the one that it is`,
          };
        }
        claimed.set(arn, wanted.address);
        stray.push({ address: wanted.address, id: keyId });
      }
    }
    return stray;
  };
}

/** Finds keys that were made twice; each time anew, since every apply makes some. */
export function runDoubleKeys(zones: ZoneBoundaries): FindDoubleKeys {
  return async (planned, since, made) => {
    const madeKeys = findMadeKeys({ auditRole: auditRoleIn(zones) });
    const known = knownKeys(planned);
    const doubles: DoubleKey[] = [];
    for (const { kept, wanted } of keysToCheck(planned, made)) {
      const found = await madeKeys(
        planned,
        wanted,
        since,
        ({ keyId, arn }) => keyId === kept || known.has(keyPlace(arn)),
      );
      if ("unread" in found) return { unknown: found.unread };
      doubles.push(...found.map(({ arn }) => ({ address: wanted.address, arn, kept })));
    }
    return doubles;
  };
}

function keysToCheck(
  planned: StackPlan,
  made: ReadonlyMap<string, string> | undefined,
): { readonly wanted: WantedKey; readonly kept: string }[] {
  if (made === undefined) return keptKeys(planned).map(({ keyId, ...wanted }) => ({ wanted, kept: keyId }));
  return wantedKeys(planned).flatMap((wanted) => {
    const kept = made.get(wanted.address);
    return kept === undefined ? [] : [{ wanted, kept }];
  });
}

function auditRoleIn(zones: ZoneBoundaries): (accountId: string) => string | undefined {
  return (accountId) => zones.ofAccount(accountId)?.auditRole;
}
