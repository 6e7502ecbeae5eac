import { describe, expect, test } from "@jest/globals";
import { checkText } from "../../modules/report/check-text";
import { golden } from "./golden";
import { breached, clean, flooded, foreignRole, hostile, hostileTexts, narrowed } from "./outcome";

describe("findings as text", () => {
  test.each([
    ["breached", breached],
    ["clean", clean],
    ["narrowed", narrowed],
  ])("%s reads as its golden file", (name, outcome) => {
    const text = checkText(outcome).join("\n");
    expect(text).toBe(golden(`check-${name}.txt`, text));
  });

  test("a clean run with an accepted breach does not claim the whole proof", () => {
    const text = checkText({ ...breached, findings: [], proof: "accepted" }).join("\n");
    expect(text).toContain("but for what is accepted above");
  });

  test.each([
    ["outside of the selection", { notSelected: 1, belowSeverity: 0 }],
    ["less severe", { notSelected: 0, belowSeverity: 1 }],
  ])("a breach that is %s is said, and nothing is claimed", (where, left) => {
    const text = checkText({ ...breached, findings: [], left }).join("\n");
    expect(text).toContain(`What breaches the zone proof is ${where}`);
    expect(text).toContain("The zone proof is breached. No findings");
    expect(text).not.toContain("Proved");
  });

  test("a fix of a finding's own is said with it, the common one once", () => {
    const lines = checkText({
      ...breached,
      findings: breached.findings.flatMap((finding) => [finding, { ...finding, where: `${finding.where} 2` }]),
    });
    expect(lines.filter((line) => line.includes("-> take the principal out"))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("-> give zone pci a bucket"))).toHaveLength(2);
  });

  test("many places of the map are counted, not listed", () => {
    const map = Array.from({ length: 12 }, (_, number) => ({
      file: "config/a.yaml",
      line: number,
      column: 1,
      path: "a",
    }));
    const lines = checkText({ ...breached, findings: [{ ...foreignRole, map }] });
    expect(lines.filter((line) => line.includes("config/a.yaml"))).toHaveLength(5);
    expect(lines).toContain("      and 7 more places in the map");
  });

  test.each(hostileTexts)("%j forges no line and steers no terminal", (text) => {
    const lines = checkText(hostile(text));
    expect(lines.length).toBe(checkText(hostile("harmless")).length);
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\u202e]/u);
  });

  test("10,000 findings are counted and the first are shown", () => {
    const lines = checkText(flooded());
    expect(lines.length).toBeLessThan(200);
    expect(lines).toContain("critical  zone-key-access  10000 findings");
    expect(lines).toContain("  and 9980 more; --format json has all");
    expect(lines.at(-1)).toContain("10000 critical findings");
  });
});
