import type { DriftFinding } from "../drift/drift-finding";
import type { AccountDrift, DriftReport } from "../drift/drift-report";
import { countsText } from "./check-outcome";
import { driftLines, unreadLines } from "./drift-lines";
import { findingsByAccount, unreadParts } from "./drift-summary";
import { exceptionText } from "./finding-lines";
import { junitXml, type TestCase } from "./junit-xml";
import { oneLine } from "./one-line";

/**
 * JUnit XML: each zone is a suite, and each account a test, which fails with all its findings. What could not be read is an error
 * of its own beside it. Inactive accounts and ignored findings are skipped tests.
 *
 * @param template the text of `templates/junit.xml.hbs`
 */
export function driftJunit({ accounts, findings, ignored }: DriftReport, template: string): string {
  const suites = new Map<string, TestCase[]>();
  const add = (zone: string, cases: readonly Omit<TestCase, "classname">[]): void => {
    const own = suites.get(zone) ?? [];
    suites.set(zone, own);
    own.push(...cases.map((each) => ({ ...each, name: oneLine(each.name), classname: oneLine(zone) })));
  };
  const byAccount = findingsByAccount(findings);
  for (const account of accounts) add(account.zone, casesOf(account, byAccount.get(account.accountId) ?? []));
  const listed = new Set(accounts.map(({ accountId }) => accountId));
  for (const [accountId, own] of byAccount) {
    const [first] = own;
    if (first === undefined || listed.has(accountId)) continue;
    add(first.place.zone, [{ name: first.place.account, failure: failureOf(own) }]);
  }
  for (const { finding, rule } of ignored) {
    const name = `${finding.id}: ${finding.where}`;
    add(finding.place.zone, [{ name, skipped: `ignored, ${exceptionText(rule)}` }]);
  }
  const named = [...suites].map(([zone, cases]) => ({ name: oneLine(zone), cases }));
  return junitXml("orgkeys drift", named, template);
}

/** What was read in part passes no test. */
function casesOf(account: AccountDrift, findings: readonly DriftFinding[]): Omit<TestCase, "classname">[] {
  const { account: name, status } = account;
  const failed = findings.length === 0 ? [] : [{ name, failure: failureOf(findings) }];
  switch (status) {
    case "read":
      return failed.length === 0 ? [{ name }] : failed;
    case "inactive":
      return [...failed, { name, skipped: "suspended or pending in the map" }];
    case "partly":
    case "unread":
      return [...failed, { name: `${name}: not checked`, error: errorOf(account) }];
  }
}

function failureOf(findings: readonly DriftFinding[]): TestCase["failure"] {
  const [worst] = findings;
  if (worst === undefined) return undefined;
  const lines = findings.flatMap((finding, index) => {
    const [where = "", ...rest] = driftLines(finding);
    return [...(index === 0 ? [] : [""]), `${finding.severity}  ${finding.id}  ${where}`, ...rest];
  });
  return { type: worst.severity, message: countsText(findings), text: lines.join("\n") };
}

function errorOf(account: AccountDrift): TestCase["error"] {
  const message = account.status === "unread" ? "nothing was read" : "read in part";
  return { type: "unchecked", message, text: unreadParts([account]).flatMap(unreadLines).join("\n") };
}
