import type { DriftFinding } from "../drift/drift-finding";
import type { AccountDrift, DriftReport } from "../drift/drift-report";
import { severities } from "../findings/finding";
import { countOf } from "./check-outcome";
import { driftLines, idleLine, ignoredLines, isSameStep, unreadLines } from "./drift-lines";
import {
  coverageOfAll,
  coverageRows,
  type DriftGroup,
  driftSummary,
  findingsByAccount,
  groupDrift,
  percentText,
  statusCounts,
  type UnreadOf,
  unreadParts,
} from "./drift-summary";
import { oneLine } from "./one-line";
import { bySameCause, othersText } from "./same-cause";
import { table } from "./table";

/** A person reads no more than this of one kind, and wants to see that there are others. */
const MOST_OF_A_GROUP = 20;
/** Of more accounts than a screen has lines, each zone is one. */
const MOST_ACCOUNTS = 20;

/**
 * Drift for people: most severe first, each with its next step; then what was read, and what was not; the numbers stand last, where
 * a terminal shows them.
 *
 * @param emphasize for the lines to find on a long page
 */
export function driftText(report: DriftReport, emphasize: (text: string) => string = (text) => text): string[] {
  const { findings, accounts, ignored, idleRules } = report;
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [emphasize(title), ...lines.map((line) => `  ${line}`), ""];
  return [
    ...groupDrift(findings).flatMap((group) => [...groupText(group, emphasize), ""]),
    ...part("accounts", accountLines(report)),
    ...part("reviewed, of what is in AWS", accounts.length === 0 ? [] : table(coverageRows(accounts))),
    ...part(
      "not checked",
      firstOf(
        bySameCause(unreadParts(accounts), ({ unread, ...part }) => ({ ...part, why: unread })),
        unreadTogether,
      ),
    ),
    ...part("ignored", firstOf(ignored, ignoredLines)),
    ...part(
      "rules of drift.yaml that ignore nothing",
      firstOf(idleRules, (rule) => [idleLine(rule, report)]),
    ),
    emphasize(driftSummary(report)),
  ];
}

function groupText({ id, severity, findings }: DriftGroup, emphasize: (text: string) => string): string[] {
  const shown =
    id === "unchecked"
      ? bySameCause(findings, ({ place, why, whatToDo }) => ({ account: place.account, why, whatToDo }))
      : findings.map((finding): [DriftFinding] => [finding]);
  const more = shown.length - MOST_OF_A_GROUP;
  return [
    emphasize(`${severity}  ${id}  ${countOf(findings.length, "finding")}`),
    ...shown
      .slice(0, MOST_OF_A_GROUP)
      .flatMap((same, index) => [
        ...(index === 0 ? [] : [""]),
        ...sameLines(same, shown[index - 1]?.[0]).map((line) => `  ${line}`),
      ]),
    ...(more > 0 ? ["", `  and ${more} more; --format json has all`] : []),
  ];
}

/** @param above the finding right above */
function sameLines(
  [finding, ...others]: readonly [DriftFinding, ...DriftFinding[]],
  above: DriftFinding | undefined,
): string[] {
  const { account } = finding.place;
  const alike = othersText(
    account,
    others.map(({ place }) => place.account),
  );
  return [...driftLines(finding, isSameStep(finding, above)), ...alike.map((line) => `    ${oneLine(line)}`)];
}

function unreadTogether([part, ...others]: readonly [UnreadOf, ...UnreadOf[]]): string[] {
  const alike = othersText(
    part.account,
    others.map(({ account }) => account),
  );
  return [...unreadLines(part), ...alike.map((line) => `    ${oneLine(line)}`)];
}

const statusWords: Readonly<Record<AccountDrift["status"], string>> = {
  read: "read",
  partly: "read in part",
  unread: "NOT READ",
  inactive: "inactive",
};

/** One line an account, or one line a zone where there are many. */
export function accountLines({ accounts, findings }: DriftReport): string[] {
  const byAccount = findingsByAccount(findings);
  const of = (account: AccountDrift) => byAccount.get(account.accountId) ?? [];
  const used = severities.filter((severity) => findings.some((finding) => finding.severity === severity));
  const counts = (some: readonly AccountDrift[]): number[] => {
    const own = some.flatMap(of);
    return used.map((severity) => own.filter((finding) => finding.severity === severity).length);
  };
  if (accounts.length === 0) return [];
  if (accounts.length <= MOST_ACCOUNTS) {
    return table([
      ["account", "zone", ...used, "keys", "reviewed", ""],
      ...accounts.map((account) => [
        oneLine(account.account),
        oneLine(account.zone),
        ...counts([account]),
        account.coverage.keys.total,
        percentText(account.coverage.keys),
        statusWords[account.status],
      ]),
    ]);
  }
  const zones = new Map<string, AccountDrift[]>();
  for (const account of accounts) {
    const own = zones.get(account.zone);
    if (own === undefined) zones.set(account.zone, [account]);
    else own.push(account);
  }
  return table([
    ["zone", "accounts", "with drift", "not read", "in part", "inactive", ...used, "keys", "reviewed"],
    ...[...zones].map(([zone, own]) => {
      const { unread, partly, inactive } = statusCounts(own);
      const { keys } = coverageOfAll(own);
      const drifted = own.filter((account) => of(account).length > 0).length;
      return [
        oneLine(zone),
        own.length,
        drifted,
        unread,
        partly,
        inactive,
        ...counts(own),
        keys.total,
        percentText(keys),
      ];
    }),
  ]);
}

function firstOf<Item>(items: readonly Item[], linesOf: (item: Item) => readonly string[]): string[] {
  const more = items.length - MOST_OF_A_GROUP;
  return [
    ...items.slice(0, MOST_OF_A_GROUP).flatMap(linesOf),
    ...(more > 0 ? [`and ${more} more; --format json has all`] : []),
  ];
}
