import { groupedBy } from "../aws/grouped-by";
import { type Coverage, type Covered, NOTHING_COVERED } from "../drift/coverage";
import type { DriftFinding } from "../drift/drift-finding";
import type { AccountDrift, DriftReport, UnreadPart } from "../drift/drift-report";

import type { Severity } from "../findings/finding";
import { countOf, countsText } from "./check-outcome";

/** Findings of one kind with one severity, which reports show together. */
export interface DriftGroup {
  readonly id: string;
  readonly severity: Severity;
  readonly findings: readonly DriftFinding[];
}

/** In the order of the findings: most severe first, then by kind. */
export function groupDrift(findings: readonly DriftFinding[]): DriftGroup[] {
  const groups = groupedBy(findings, ({ severity, id }) => `${severity} ${id}`);
  return [...groups.values()].map((group) => {
    const [{ id, severity }] = group;
    return { id, severity, findings: group };
  });
}

/** What matters most in one line, without its full stop: what was not read is never said to be without drift. */
export function headlineText(report: DriftReport): string {
  const { findings, ignored, left, accounts } = report;
  const { read, partly, unread } = statusCounts(accounts);
  const incomplete = [
    ...(unread === 0 ? [] : [`${countOf(unread, "account")} not read`]),
    ...(partly === 0 ? [] : [`${countOf(partly, "account")} read in part`]),
  ];
  const other = ignored.length + left.belowSeverity + left.known;
  const nothing =
    read + partly === 0 ? "nothing was read" : incomplete.length === 0 ? "no drift" : "no drift in what was read";
  const affected = new Set(findings.map(({ place }) => place.accountId)).size;
  const found =
    findings.length > 0
      ? `${countsText(findings)} in ${countOf(affected, "account")}`
      : other > 0
        ? "nothing to report"
        : nothing;
  return [found, ...incomplete].join("; ");
}

/** One line: what was found, what is not shown, and on what. */
export function driftSummary(report: DriftReport): string {
  const { ignored, idleRules, left, accounts, today, calls, engine } = report;
  const { inactive } = statusCounts(accounts);
  const asides = [
    ...(left.known === 0 ? [] : [`${left.known} known already`]),
    ...(left.gone === 0 ? [] : [`${left.gone} gone since`]),
    ...(left.belowSeverity === 0 ? [] : [`${left.belowSeverity} less severe not shown`]),
    ...(ignored.length === 0 ? [] : [`${ignored.length} ignored`]),
    ...(idleRules.length === 0 ? [] : [idleText(idleRules.length)]),
  ];
  return [
    `${capital(headlineText(report))}${asides.map((aside) => `; ${aside}`).join("")}.`,
    `${countOf(accounts.length, "account")}${inactive === 0 ? "" : `, ${inactive} of them inactive`},`,
    `${keysText(report)}, ${countOf(calls, "call")} of AWS${engine === "terraform" ? " and Terraform's refresh" : ""}, ${today}.`,
  ].join(" ");
}

function idleText(count: number): string {
  return count === 1 ? "1 rule ignores nothing" : `${count} rules ignore nothing`;
}

function keysText({ accounts }: DriftReport): string {
  const { keys } = coverageOfAll(accounts);
  return keys.total === 0 ? "no keys" : `${countOf(keys.total, "key")} and replicas, ${percentText(keys)} reviewed`;
}

export function statusCounts(accounts: readonly AccountDrift[]): Record<AccountDrift["status"], number> {
  const counts = { read: 0, partly: 0, unread: 0, inactive: 0 };
  for (const { status } of accounts) counts[status] += 1;
  return counts;
}

export function coverageOfAll(accounts: readonly AccountDrift[]): Coverage {
  const add = (a: Covered, b: Covered): Covered => ({ managed: a.managed + b.managed, total: a.total + b.total });
  return accounts.reduce<Coverage>(
    (sum, { coverage }) => ({
      keys: add(sum.keys, coverage.keys),
      aliases: add(sum.aliases, coverage.aliases),
      grants: add(sum.grants, coverage.grants),
      serviceGrants: sum.serviceGrants + coverage.serviceGrants,
    }),
    NOTHING_COVERED,
  );
}

/** `86%`, and 100% for nothing less than all; `-` where there is nothing. */
export function percentText({ managed, total }: Covered): string {
  return total === 0 ? "-" : `${Math.floor((managed * 100) / total)}%`;
}

/** How much of what is there was reviewed, one line a kind. */
export function coverageRows(accounts: readonly AccountDrift[]): (readonly (string | number)[])[] {
  const { keys, aliases, grants, serviceGrants } = coverageOfAll(accounts);
  const row = (what: string, covered: Covered, aside = "") => [
    what,
    percentText(covered),
    `${covered.managed} of ${covered.total}${aside}`,
  ];
  const services = serviceGrants === 0 ? "" : `, and ${serviceGrants} that AWS services made for themselves`;
  return [row("keys and replicas", keys), row("aliases", aliases), row("grants", grants, services)];
}

/** A part that nobody has checked, with its account. */
export interface UnreadOf extends UnreadPart {
  readonly account: string;
}

export function unreadParts(accounts: readonly AccountDrift[]): UnreadOf[] {
  return accounts.flatMap(({ account, unread }) => unread.map((part) => ({ ...part, account })));
}

/** How many findings each account has, by its id. */
export function findingsByAccount(findings: readonly DriftFinding[]): ReadonlyMap<string, DriftFinding[]> {
  const byAccount = new Map<string, DriftFinding[]>();
  for (const finding of findings) {
    const own = byAccount.get(finding.place.accountId);
    if (own === undefined) byAccount.set(finding.place.accountId, [finding]);
    else own.push(finding);
  }
  return byAccount;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
