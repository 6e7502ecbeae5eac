import { describe, expect, test } from "@jest/globals";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { DriftReport } from "../../modules/drift/drift-report";
import { driftSummary, headlineText, percentText } from "../../modules/report/drift-summary";
import { driftText } from "../../modules/report/drift-text";
import {
  drifted,
  floodedDrift,
  hostileDrift,
  rule as ignoreRule,
  narrowedDrift,
  undrifted,
  unmanaged,
  widened,
} from "./drift-reports";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";

const text = (report: DriftReport): string => driftText(report).join("\n");

describe("drift as text", () => {
  test.each([
    ["drifted", drifted],
    ["undrifted", undrifted],
    ["narrowed", narrowedDrift],
  ])("%s reads as its golden file", (name, report) => {
    expect(text(report)).toBe(golden(`drift-${name}.txt`, text(report)));
  });

  test.each(hostileTexts)("%j forges no line and steers no terminal", (hostile) => {
    const lines = text(hostileDrift(hostile.replaceAll("\n", " "))).split("\n");
    expect(lines).toHaveLength(text(hostileDrift("harmless")).split("\n").length);
    expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u2028]/u);
  });

  test("a command of several lines stays one to paste, and an instruction of several stays one", () => {
    const report = { ...drifted, findings: [{ ...unmanaged, commands: ["cat <<'EOF'\n{}\nEOF"] }] };
    expect(text(report)).toContain(
      [
        "      -> take it over: in lifecycle.yaml",
        "         by-hand: {account: shop-prod, …}",
        "           adopt: {keyId: 1234abcd}",
        "         cat <<'EOF'",
        "         {}",
        "         EOF",
      ].join("\n"),
    );
  });

  test("a step that puts several findings right stands once, and the step of another account again", () => {
    const one = { ...unmanaged, commands: ["aws kms put-key-policy"] };
    const far = { ...one, place: { ...one.place, accountId: "210000000009" } };
    const lines = text({ ...drifted, findings: [one, { ...one, why: "another statement" }, far] }).split("\n");
    expect(lines.filter((line) => line.includes("aws kms put-key-policy"))).toHaveLength(2);
    expect(lines.filter((line) => line.includes("-> as above: one step puts both right"))).toHaveLength(1);
  });

  test("a rule that is too wide for what is critical does not seem to match nothing", () => {
    const { id: drift, place } = widened;
    const rule = { ...ignoreRule, drift, accounts: [place.account], resource: undefined, zones: undefined };
    const report = { ...drifted, findings: [widened], idleRules: [rule] };
    expect(text(report)).toContain(
      `${rule.name}: what it matches is critical or unchecked, and ignored only by account`,
    );
  });

  test("who is outside the zone stands first, and thousands are counted", () => {
    const [inside, outside] = widened.access;
    if (inside === undefined || outside === undefined) throw new Error("both are there");
    const access = [...Array.from({ length: 1000 }, () => inside), outside];
    const lines = text({ ...drifted, findings: [{ ...widened, access }] }).split("\n");
    const gains = lines.filter((line) => line.includes("      gains  "));
    expect(gains).toHaveLength(10);
    expect(gains[0]).toContain("OUTSIDE THE ZONE: account shop-prod of zone corporate");
    expect(lines).toContain("      and 991 more who gain or lose access");
  });

  test("what many accounts have with one cause is said once", () => {
    const findings = ["210000000001", "210000000002", "210000000003"].map((accountId, index): DriftFinding => {
      const account = `account-${index}`;
      const why = `could not be read: arn:aws:iam::${accountId}:role/OrgKeysAudit cannot be assumed: not in ${accountId}`;
      return {
        ...widened,
        id: "unchecked",
        why,
        access: [],
        where: account,
        place: { ...widened.place, account, accountId },
      };
    });
    const page = text({ ...drifted, accounts: [], findings });
    expect(page.match(/cannot be assumed/g)).toHaveLength(1);
    expect(page).toContain("and 2 more accounts for the same reason: account-1, account-2");
  });

  test("long lists end with how many there are more", () => {
    const lines = text(floodedDrift(1000)).split("\n");
    expect(lines.filter((line) => line.trim() === "and 980 more; --format json has all")).toHaveLength(4);
  });

  test("of many accounts each zone is one line", () => {
    const accounts = Array.from({ length: 30 }, (_, number) => drifted.accounts[number % 4] ?? []).flat();
    const lines = text({ ...drifted, accounts }).split("\n");
    const at = lines.indexOf("accounts");
    expect(lines.slice(at + 1, at + 5)).toEqual([
      "  zone       accounts  with drift  not read  in part  inactive  critical  medium  keys  reviewed",
      "  corporate        23           8         8        8         7         0       8    24  100%",
      "  pci               7           7         0        0         0        14       0    42  83%",
      "",
    ]);
  });
});

describe("what is said of drift in one line", () => {
  const base: DriftReport = { ...undrifted };
  const [read] = base.accounts;
  if (read === undefined) throw new Error("one was read");
  test.each<[string, DriftReport]>([
    ["no drift", base],
    ["no drift in what was read; 1 account not read", { ...base, accounts: [read, { ...read, status: "unread" }] }],
    ["no drift in what was read; 1 account read in part", { ...base, accounts: [{ ...read, status: "partly" }] }],
    ["nothing was read; 1 account not read", { ...base, accounts: [{ ...read, status: "unread" }] }],
    ["nothing was read", { ...base, accounts: [{ ...read, status: "inactive" }] }],
    ["nothing was read", { ...base, accounts: [] }],
    ["nothing to report", { ...base, left: { ...base.left, known: 1 } }],
    ["nothing to report", { ...base, left: { ...base.left, belowSeverity: 1 } }],
    ["nothing to report", { ...base, ignored: drifted.ignored }],
    ["3 findings: 2 critical, 1 medium in 2 accounts; 1 account not read; 1 account read in part", drifted],
  ])("%s", (line, report) => {
    expect(headlineText(report)).toBe(line);
  });

  test("ends with what is not shown and on what it is", () => {
    expect(driftSummary(narrowedDrift)).toBe(
      "1 critical finding in 1 account; 1 known already; 3 gone since; 2 less severe not shown. " +
        "1 account, 6 keys and replicas, 83% reviewed, 96 calls of AWS and Terraform's refresh, 2026-06-01.",
    );
  });

  test.each([
    [0, 0, "-"],
    [0, 5, "0%"],
    [999, 1000, "99%"],
    [1000, 1000, "100%"],
  ])("%i of %i is %s", (managed, total, percent) => {
    expect(percentText({ managed, total })).toBe(percent);
  });
});
