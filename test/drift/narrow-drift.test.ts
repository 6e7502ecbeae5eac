import { describe, expect, test } from "@jest/globals";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { type Narrowing, narrowDrift } from "../../modules/drift/narrow-drift";
import { type FormerDrift, type FormerFinding, goneSince, sinceFormer } from "../../modules/drift/since";
import { findingOf, ruleOf, shopRead } from "./drift-findings";

const formerOf = ({ id, severity, fingerprint, place }: DriftFinding): FormerFinding => {
  const { accountId, region, stack } = place;
  return { id, severity, fingerprint, accountId, region, stack };
};
const former = (...findings: DriftFinding[]): FormerDrift => ({ findings: findings.map(formerOf) });
const stack = "acme.workloads.prod.shop-prod";
const legacy = findingOf();
const other = findingOf({ resource: "alias/other" });

describe("since a former report", () => {
  test("what it has is known, and everything else is new", () => {
    expect(sinceFormer([legacy, other], former(legacy))).toEqual({ fresh: [other], known: [legacy] });
  });

  test("what has become more severe is new, and what has become less severe is known", () => {
    const worse: DriftFinding = { ...legacy, severity: "critical" };
    expect(sinceFormer([worse], former(legacy)).fresh).toEqual([worse]);
    expect(sinceFormer([legacy], former(worse)).fresh).toEqual([]);
  });

  test("two that are alike, of which one was known, are one known and one new", () => {
    expect(sinceFormer([legacy, legacy], former(legacy))).toEqual({ fresh: [legacy], known: [legacy] });
    expect(sinceFormer([legacy], former(legacy, legacy)).fresh).toEqual([]);
  });
});

describe("what is gone since a former report", () => {
  const gone = (
    finding: DriftFinding,
    account: AccountDrift | undefined,
    engine: "aws" | "terraform" = "aws",
    found: readonly DriftFinding[] = [],
  ): number => {
    const fingerprints = new Set(found.map(({ fingerprint }) => fingerprint));
    return goneSince(former(finding), fingerprints, account === undefined ? [] : [account], engine);
  };
  const part = { what: "keys", unread: "denied", whatToDo: "allow it" };

  test.each<[string, number, AccountDrift | undefined]>([
    ["what was read again", 1, shopRead],
    ["nothing of an account that was not asked", 0, undefined],
    ["nothing of an account that could not be read", 0, { ...shopRead, status: "unread" }],
    ["nothing of an account that is suspended", 0, { ...shopRead, status: "inactive" }],
    [
      "what is in another Region than what was not read",
      1,
      { ...shopRead, status: "partly", unread: [{ ...part, region: "us-west-2" }] },
    ],
    [
      "nothing of a Region that was read in part",
      0,
      { ...shopRead, status: "partly", unread: [{ ...part, region: "us-east-1" }] },
    ],
    [
      "nothing where something of no Region was not read",
      0,
      { ...shopRead, status: "partly", unread: [{ ...part, region: undefined }] },
    ],
  ])("is %s", (_, expected, account) => {
    expect(gone(legacy, account)).toBe(expected);
  });

  test("is nothing that is there", () => {
    expect(gone(legacy, shopRead, "aws", [legacy])).toBe(0);
  });

  test("is nothing of a stack that was not held against the account", () => {
    expect(gone(findingOf({ stack }), shopRead)).toBe(1);
    expect(gone(findingOf({ stack: "acme.zones.corporate" }), shopRead)).toBe(0);
  });

  test("is nothing that only Terraform sees, unless it was asked", () => {
    expect(gone(findingOf({ id: "terraform-drift" }), shopRead)).toBe(0);
    expect(gone(findingOf({ id: "terraform-drift" }), shopRead, "terraform")).toBe(1);
  });
});

describe("what is reported", () => {
  const all: Narrowing = {
    today: "2026-06-01",
    accounts: [shopRead],
    whole: true,
    engine: "aws",
    rules: [],
    former: undefined,
    severity: undefined,
  };
  const low = findingOf({ id: "tags-changed", severity: "low" });
  const critical = findingOf({ id: "policy-widened", severity: "critical" });

  test("is everything, most severe first, when nothing narrows it", () => {
    expect(narrowDrift([low, legacy, critical], all)).toEqual({
      findings: [critical, legacy, low],
      ignored: [],
      idleRules: [],
      known: [],
      left: { belowSeverity: 0, known: 0, gone: 0 },
    });
  });

  test("is what no rule ignores, no report had, and is severe enough; each finding is counted once", () => {
    const rule = ruleOf({ drift: "tags-changed" });
    const gone = findingOf({ resource: "alias/gone" });
    const ignoredBefore = { ...all, rules: [rule], former: former(legacy, gone, low), severity: "high" } as const;
    expect(narrowDrift([low, legacy, other, critical], ignoredBefore)).toEqual({
      findings: [critical],
      ignored: [{ finding: low, rule }],
      idleRules: [],
      known: [legacy],
      left: { belowSeverity: 1, known: 1, gone: 1 },
    });
  });

  test("is new again when the rule that ignored it is past its day", () => {
    const rule = ruleOf({ drift: "tags-changed", expires: "2026-06-01" });
    const { findings, idleRules } = narrowDrift([low], { ...all, rules: [rule], former: former() });
    expect([findings, idleRules]).toEqual([[low], [rule]]);
  });

  test("is no longer new in the report after the next: what was known stays known", () => {
    const tuesday = narrowDrift([legacy, other], { ...all, former: former(legacy) });
    expect(tuesday.findings).toEqual([other]);
    const wednesday = narrowDrift([legacy, other], {
      ...all,
      former: former(...tuesday.findings, ...tuesday.known),
    });
    expect(wednesday.findings).toEqual([]);
  });
});
