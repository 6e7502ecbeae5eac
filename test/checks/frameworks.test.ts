import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { AcceptedException } from "../../modules/checks/frame/check";
import type { CheckFinding, CheckReport } from "../../modules/checks/frame/run-checks";
import { checksOfOurOwn, frameworks } from "../../modules/checks/frameworks/all-frameworks";
import { coverageOf } from "../../modules/checks/frameworks/coverage-of";
import { checksOf, type Framework } from "../../modules/checks/frameworks/framework";
import { check as rotation } from "../../modules/checks/rotation";
import { type CheckId, checkIds } from "../../modules/findings/check-ids";
import { frameworkIds } from "../../modules/findings/framework-ids";
import { coverageMarkdown, coverageText, frameworkMarkdown } from "../../modules/report/framework-text";
import { outputOf } from "./sample-output";

const all: readonly Framework[] = Object.values(frameworks);
const idsOf = ({ controls }: Framework): readonly string[] => controls.map(({ id }) => id);

describe("framework tables", () => {
  test("are there for every framework that a zone can name, under its id", () => {
    expect(all.map(({ id }) => id)).toEqual([...frameworkIds]);
    expect(Object.entries(frameworks).filter(([id, framework]) => id !== framework.id)).toEqual([]);
  });

  test("name every check, but those that no framework asks for", () => {
    const named = new Set<string>(all.flatMap(({ controls }) => controls.flatMap(checksOf)));
    const own = Object.keys(checksOfOurOwn);
    expect([...named, ...own].filter((id) => !(checkIds as readonly string[]).includes(id))).toEqual([]);
    expect(checkIds.filter((id) => !named.has(id) && !own.includes(id))).toEqual([]);
    expect(own.filter((id) => named.has(id))).toEqual([]);
  });

  describe.each(all.map((framework) => [framework.id, framework] as const))("%s", (_, framework) => {
    test("has every control once", () => {
      const ids = idsOf(framework);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      expect(ids.length).toBeGreaterThan(3);
    });

    test("says for each control which checks answer it, or why none does", () => {
      for (const control of framework.controls) {
        const { coverage } = control;
        const checks = checksOf(control);
        expect([control.id, checks]).toEqual([control.id, [...new Set(checks)].sort()]);
        if (!("nothing" in coverage)) expect([control.id, checks.length > 0]).toEqual([control.id, true]);
        const open = "nothing" in coverage ? coverage.nothing : "partly" in coverage ? coverage.missing : "all";
        expect(open).toMatch(/\S/);
      }
    });

    test("has an address, and short titles", () => {
      expect(framework.source).toMatch(/^https:\/\/\S+$/);
      expect(framework.controls.filter(({ title }) => title.length > 120 || /[.|]$/.test(title))).toEqual([]);
    });
  });

  test("have every requirement of PCI DSS on keys", () => {
    const onKeys = idsOf(frameworks["pci-dss-4.0"]).filter((id) => /^3\.[67]/.test(id));
    expect(onKeys).toEqual([
      ...["3.6.1", "3.6.1.1", "3.6.1.2", "3.6.1.3", "3.6.1.4"],
      ...["3.7.1", "3.7.2", "3.7.3", "3.7.4", "3.7.5", "3.7.6", "3.7.7", "3.7.8", "3.7.9"],
    ]);
  });

  test("have every enhancement of SC-12 that NIST has not withdrawn", () => {
    expect(idsOf(frameworks["nist-800-53"]).filter((id) => id.startsWith("SC-12"))).toEqual([
      "SC-12",
      "SC-12(1)",
      "SC-12(2)",
      "SC-12(3)",
      "SC-12(6)",
    ]);
  });

  /** Source: https://github.com/GSA/fedramp-automation, rev5 baselines. */
  const inNoBaseline = ["SA-9(6)", "SC-12(2)", "SC-12(3)", "SC-12(6)", "SC-28(3)"];

  test("take FedRAMP's baselines from NIST's controls", () => {
    const nist = idsOf(frameworks["nist-800-53"]);
    expect(idsOf(frameworks["fedramp-high"])).toEqual(nist.filter((id) => !inNoBaseline.includes(id)));
    expect(idsOf(frameworks["fedramp-moderate"])).toEqual(
      nist.filter((id) => ![...inNoBaseline, "SC-12(1)"].includes(id)),
    );
  });

  test("claim all of a control for few", () => {
    const whole = all.flatMap(({ id, controls }) =>
      controls.filter(({ coverage }) => "by" in coverage).map((control) => `${id} ${control.id}`),
    );
    expect(whole).toEqual(["security-hub KMS.1", "security-hub KMS.4", "security-hub KMS.5"]);
  });
});

const exception: AcceptedException = {
  name: "old-key",
  check: "rotation",
  subject: "keys aws_kms_key.old enable_key_rotation",
  owner: "platform",
  reason: "it is being replaced",
  expires: "2027-01-31",
  source: "exceptions.yaml old-key",
};

function finding(id: CheckId, where = "keys aws_kms_key.old"): CheckFinding {
  return { id, severity: "high", where, why: "is wrong", whatToDo: "mend it", place: undefined, sources: [] };
}

type Found = Pick<CheckReport, "findings" | "accepted" | "ran">;

const small: Framework = {
  id: "cis",
  name: "Small",
  version: "1",
  source: "https://example.com/small",
  controls: [
    { id: "1", title: "Keys rotate", elsewhere: "2 in 0.9", coverage: { by: ["rotation"] } },
    { id: "2", title: "Keys live", coverage: { partly: ["deletion-window", "key-enabled"], missing: "a | backup" } },
    { id: "3", title: "Logs are read", coverage: { nothing: "People do." } },
  ],
};

describe("the coverage of a framework", () => {
  const ran = checkIds;
  const states = (found: Found): readonly string[] => coverageOf(small, found).map(({ state }) => state);

  test.each<[string, Found, readonly string[]]>([
    ["nothing was found", { findings: [], accepted: [], ran }, ["clean", "partly", "not-covered"]],
    [
      "a check of one control found something",
      { findings: [finding("rotation")], accepted: [], ran },
      ["findings", "partly", "not-covered"],
    ],
    [
      "one of two checks found something",
      { findings: [finding("key-enabled")], accepted: [], ran },
      ["clean", "findings", "not-covered"],
    ],
    [
      "a check of no control found something",
      { findings: [finding("zone-state")], accepted: [], ran },
      ["clean", "partly", "not-covered"],
    ],
    [
      "something could not be read",
      { findings: [finding("readable")], accepted: [], ran },
      ["findings", "findings", "not-covered"],
    ],
    [
      "all that was found is accepted",
      { findings: [], accepted: [{ finding: finding("rotation"), exception }], ran },
      ["clean", "partly", "not-covered"],
    ],
    [
      "a check did not run",
      { findings: [], accepted: [], ran: ["readable", "rotation", "key-enabled"] },
      ["clean", "not-run", "not-covered"],
    ],
    [
      "a check did not run and another found something",
      { findings: [finding("key-enabled")], accepted: [], ran: ["readable", "rotation", "key-enabled"] },
      ["clean", "findings", "not-covered"],
    ],
    [
      "nobody looked for the unreadable",
      { findings: [], accepted: [], ran: ["rotation"] },
      ["not-run", "not-run", "not-covered"],
    ],
  ])("when %s", (_, found, expected) => {
    expect(states(found)).toEqual(expected);
  });

  test("gives each control what its checks found, what is accepted and what did not run", () => {
    const accepted = [{ finding: finding("rotation"), exception }];
    const findings = [finding("deletion-window"), finding("aws-limits")];
    const results = coverageOf(small, { findings, accepted, ran: ["rotation", "readable", "deletion-window"] });
    expect(results.map((result) => [result.findings.length, result.accepted.length, result.notRun])).toEqual([
      [0, 1, []],
      [1, 0, ["key-enabled"]],
      [0, 0, []],
    ]);
  });

  test("of the sample names the controls that a key without rotation fails", () => {
    const edited = outputOf("config").edit("commercial.regulated.pci.pci-key-management", (json) => {
      json.resource.aws_kms_key["payments_prod_us-east-1"].enable_key_rotation = false;
    });
    const { findings, accepted } = edited.report([rotation]);
    const failed = all.flatMap((framework) =>
      coverageOf(framework, { findings, accepted, ran })
        .filter(({ state }) => state === "findings")
        .map(({ control }) => `${framework.id} ${control.id}`),
    );
    expect(failed).toEqual([
      "cis 4.6",
      ...["fedramp-high CM-6", "fedramp-high SC-12", "fedramp-high SC-28(1)"],
      ...["fedramp-moderate CM-6", "fedramp-moderate SC-12", "fedramp-moderate SC-28(1)"],
      "hipaa 164.312(a)(2)(iv)",
      ...["nist-800-53 CM-6", "nist-800-53 SC-12", "nist-800-53 SC-12(2)", "nist-800-53 SC-28(1)"],
      "pci-dss-4.0 3.7.4",
      "security-hub KMS.4",
    ]);
  });
});

describe("the coverage for people", () => {
  const hostile = finding("key-enabled", "keys | <b>x</b>\n\u001b[31m# owned");
  const many = Array.from({ length: 11 }, () => finding("rotation"));
  const results = coverageOf(small, {
    findings: [hostile, ...many],
    accepted: [{ finding: finding("rotation"), exception }],
    ran: ["readable", "rotation", "key-enabled"],
  });
  const found = "rotation: keys aws_kms_key.old: is wrong";
  const accepted = "rotation: keys aws_kms_key.old: accepted until 2027-01-31 by platform, exception old-key";

  test("is text for a terminal", () => {
    expect(coverageText(small, results)).toEqual([
      "Small (1): 3 controls: 2 findings, 1 not covered",
      "",
      "findings     1  Keys rotate",
      "findings     2  Keys live",
      "not covered  3  Logs are read",
      "",
      "1",
      ...Array(10).fill(`  ${found}`),
      "  and 1 more findings",
      `  ${accepted}`,
      "",
      "2",
      "  key-enabled: keys | <b>x</b>\\u{a}\\u{1b}[31m# owned: is wrong",
      "  did not run: deletion-window",
      "",
      "What the checks leave open",
      "  2: a | backup",
      "  3: People do.",
    ]);
  });

  test("is Markdown that nothing found can break", () => {
    const markdown = coverageMarkdown(small, results);
    expect(markdown.slice(0, 9)).toEqual([
      "## Small (1)",
      "",
      "3 controls: 2 findings, 1 not covered. What counts is the framework's own text: <https://example.com/small>",
      "",
      "| control | asks that | state | checks | what they leave open |",
      "|---|---|---|---|---|",
      "| 1 | Keys rotate (2 in 0.9) | findings | `rotation` |  |",
      "| 2 | Keys live | findings | `deletion-window`, `key-enabled` | a \\| backup |",
      "| 3 | Logs are read | not covered | none | People do. |",
    ]);
    const text = markdown.join("\n");
    expect(text).toContain("\n### 1\n\n- rotation: keys aws&#95;kms&#95;key.old: is wrong\n");
    expect(["<b>", "\u001b", "\n# owned"].filter((trick) => text.includes(trick))).toEqual([]);
  });

  test("has a state for each of the states", () => {
    const clean = coverageOf(small, { findings: [], accepted: [], ran: checkIds });
    expect(coverageText(small, clean)[0]).toBe("Small (1): 3 controls: 1 clean, 1 clean in part, 1 not covered");
    const blind = coverageOf(small, { findings: [], accepted: [], ran: [] });
    expect(coverageText(small, blind)[0]).toBe("Small (1): 3 controls: 2 not checked, 1 not covered");
  });
});

test("the page on frameworks has the tables as they are", () => {
  const path = join(__dirname, "../../docs/frameworks.md");
  const page = readFileSync(path, "utf8");
  const tables = all.flatMap((framework) => [
    `## ${framework.name}, ${framework.version}`,
    "",
    `\`${framework.id}\`; <${framework.source}>`,
    "",
    ...frameworkMarkdown(framework),
    "",
  ]);
  const own = Object.entries(checksOfOurOwn).map(([id, why]) => `- \`${id}\`: ${why}`);
  const fresh = between(between(page, "frameworks", tables), "checks of our own", own);
  if (process.env.UPDATE_DOCS === "1") writeFileSync(path, fresh);
  else expect(page).toBe(fresh);
});

function between(page: string, name: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->\n`];
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page has no ${start} before ${end}`);
  return `${page.slice(0, before)}${start}${lines.join("\n").trimEnd()}\n${page.slice(after)}`;
}
