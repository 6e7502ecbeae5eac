import { exactlyIgnoredDriftIds } from "../../findings/drift-ids";
import { type IgnoreRule, isExact } from "../../findings/ignore-rule";
import type { CheckedEntries } from "../check-files";
import type { MapPath } from "../map-file";
import type { Account } from "../organization-map";
import { listNames, type Problem, suggestName } from "../problem";
import type { DriftIgnoreFile } from "../schema/drift-schema";
import { type KnownAccounts, UNKNOWN_ZONE } from "./known-accounts";

/** What rules are held against. */
export interface DriftSurroundings {
  readonly accounts: KnownAccounts;
  /** Undefined when the file of zones could not be read. */
  readonly zoneNames: ReadonlySet<string> | undefined;
}

type Report = (path: MapPath, message: string, fix: string, atKey?: boolean) => void;

/**
 * Resolves the accounts and zones of rules that ignore drift, and refuses those that can match nothing, or too much.
 *
 * @param checked undefined when there is no file of drift, or none that could be read
 */
export function linkDriftIgnores(
  checked: CheckedEntries<DriftIgnoreFile> | undefined,
  around: DriftSurroundings,
): { driftIgnores: IgnoreRule[]; problems: Problem[] } {
  const driftIgnores: IgnoreRule[] = [];
  const problems: Problem[] = [];
  const byScope = new Map<string, string>();
  for (const [name, { value, file }] of checked?.entries ?? []) {
    const report: Report = (path, message, fix, atKey = false) => {
      problems.push(file.problem([name, ...path], message, { fix, atKey }));
    };
    checkZones(value, around, report);
    const accounts = linkAccounts(value, around, report);
    refuseBreadth(value, report);
    const scope = JSON.stringify([value.drift, accounts?.toSorted(), value.zones?.toSorted(), value.resource]);
    const other = byScope.get(scope);
    if (other === undefined) byScope.set(scope, name);
    else report(["drift"], `is already ignored by ${other}, in the same places`, "keep one of the two");
    const { drift, zones, resource, critical = false, owner, reason, expires } = value;
    const source = `${file.path} ${name}`;
    driftIgnores.push({ name, drift, accounts, zones, resource, critical, owner, reason, expires, source });
  }
  return { driftIgnores, problems };
}

function checkZones({ zones = [] }: DriftIgnoreFile, { zoneNames }: DriftSurroundings, report: Report): void {
  if (zoneNames === undefined) return;
  for (const [index, zone] of zones.entries()) {
    if (zoneNames.has(zone)) continue;
    const fix = suggestName(zone, zoneNames, `zones are ${listNames(zoneNames)}`);
    report(["zones", index], "is not a zone of this map", fix);
  }
}

/** By name, whichever way they are given; undefined for all. */
function linkAccounts(
  { accounts, zones }: DriftIgnoreFile,
  { accounts: known, zoneNames }: DriftSurroundings,
  report: Report,
): string[] | undefined {
  const places = new Map<string, number>();
  for (const [index, given] of (accounts ?? []).entries()) {
    const account = known.byName.get(given) ?? known.byId(given);
    if (account === undefined) {
      const mayBe = /^\d{12}$/.test(given) ? known.mayHaveMore() : known.mayHave(given);
      if (!mayBe) report(["accounts", index], "is not an account of this map", known.suggest(given));
      continue;
    }
    if (places.has(account.name)) {
      report(["accounts", index], `is account ${account.name}, which this list has already`, "drop one");
    } else if (zones?.every((zone) => isElsewhere(account, zone, zoneNames))) {
      const fix = "drop the account, or leave zones out: where both are given, both have to match";
      report(["accounts", index], `is in zone ${account.zone}, which is not among zones`, fix);
    }
    places.set(account.name, index);
  }
  return accounts === undefined ? undefined : [...places.keys()];
}

/** Of a zone in doubt nothing is said. */
function isElsewhere({ zone }: Account, other: string, zoneNames: ReadonlySet<string> | undefined): boolean {
  return zone !== UNKNOWN_ZONE && zone !== other && zoneNames?.has(other) === true;
}

function refuseBreadth(rule: DriftIgnoreFile, report: Report): void {
  const { drift, accounts, resource, critical } = rule;
  if (!(critical === true || exactlyIgnoredDriftIds.includes(drift)) || isExact(rule)) return;
  const why = `has to be named by a rule for ${critical === true ? "what is critical" : drift}: a rule for more would hide the next one`;
  if (accounts === undefined) report(["accounts"], why, "name the account, as in accounts: [NAME]");
  if (resource === undefined) report(["resource"], why, "copy the resource from the finding");
  else if (!isExact({ accounts: [], resource })) {
    report(
      ["resource"],
      `must be one resource in full for ${critical === true ? "what is critical" : drift}`,
      "write it without * and ?, as the finding has it",
    );
  }
}
