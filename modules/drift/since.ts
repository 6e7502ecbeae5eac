import { type Severity, severities } from "../findings/finding";
import type { DriftFinding } from "./drift-finding";
import type { AccountDrift } from "./drift-report";

/** What a former report knew of a finding, those that were known to it already included. */
export interface FormerFinding {
  readonly id: string;
  readonly severity: Severity;
  readonly fingerprint: string;
  readonly accountId: string;
  readonly region: string | undefined;
  readonly stack: string | undefined;
}

/** A former report of `orgkeys drift`, as far as `--since` needs it. */
export interface FormerDrift {
  readonly findings: readonly FormerFinding[];
}

/**
 * Tells what is new from what a former report has as well. What has become more severe since is new.
 *
 * @param findings what nobody ignores: what a rule no longer ignores is new as well, for the former report had set it apart
 */
export function sinceFormer<Found extends DriftFinding>(
  findings: readonly Found[],
  former: FormerDrift,
): { fresh: Found[]; known: Found[] } {
  const left = new Map<string, Severity[]>();
  for (const { fingerprint, severity } of former.findings) {
    const list = left.get(fingerprint);
    if (list === undefined) left.set(fingerprint, [severity]);
    else list.push(severity);
  }
  const fresh: Found[] = [];
  const known: Found[] = [];
  for (const finding of findings) {
    // Each stands for one: two that are alike, of which one was known, are one known and one new.
    const list = left.get(finding.fingerprint) ?? [];
    const index = list.findIndex((severity) => rank(severity) <= rank(finding.severity));
    if (index === -1) fresh.push(finding);
    else {
      list.splice(index, 1);
      known.push(finding);
    }
  }
  return { fresh, known };
}

/**
 * How many findings of a former report are no more. What was not read again is not said to be gone.
 *
 * @param found fingerprints of everything that was found, ignored or not
 */
export function goneSince(
  former: FormerDrift,
  found: ReadonlySet<string>,
  accounts: readonly AccountDrift[],
  engine: "aws" | "terraform",
): number {
  const byId = new Map(accounts.map((account) => [account.accountId, account]));
  return former.findings.filter(
    (finding) => !found.has(finding.fingerprint) && wasReadAgain(finding, byId.get(finding.accountId), engine),
  ).length;
}

function wasReadAgain(
  { id, region, stack }: FormerFinding,
  account: AccountDrift | undefined,
  engine: "aws" | "terraform",
): boolean {
  if (account === undefined || account.status === "unread" || account.status === "inactive") return false;
  if (id === "terraform-drift" && engine !== "terraform") return false;
  if (stack !== undefined && !account.stacks.includes(stack)) return false;
  return account.unread.every((part) => part.region !== undefined && region !== undefined && part.region !== region);
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
