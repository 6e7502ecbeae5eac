import { describe, expect, test } from "@jest/globals";
import { checkMarkdown } from "../../modules/report/check-markdown";
import { type CheckOutcome, countsText } from "../../modules/report/check-outcome";
import { markdownText } from "../../modules/report/markdown-text";
import { golden, template } from "./golden";
import { breached, clean, flooded, foreignRole, hostile, hostileTexts, narrowed } from "./outcome";
import { outsideOfFences } from "./outside-of-fences";

const markdown = (outcome: CheckOutcome): string => checkMarkdown(outcome, template("check-markdown.md.hbs"));

describe("findings as Markdown", () => {
  test.each([
    ["breached", breached],
    ["clean", clean],
    ["narrowed", narrowed],
  ])("%s reads as its golden file", (name, outcome) => {
    const text = markdown(outcome);
    expect(text).toBe(golden(`check-${name}.md`, text));
  });

  test.each(hostileTexts)("%j stays in its fence", (text) => {
    expect(outsideOfFences(markdown(hostile(text)))).toBe(outsideOfFences(markdown(hostile("harmless"))));
  });

  test.each([
    ["10,000 findings", flooded()],
    ["300 findings", flooded(300)],
    [
      "findings of many checks",
      {
        ...breached,
        findings: Array.from({ length: 500 }, (_, number) => ({
          ...foreignRole,
          id: `check-${number % 150}`,
          where: "y".repeat(5000),
        })),
      },
    ],
    [
      "10,000 exceptions",
      { ...breached, accepted: Array.from({ length: 10_000 }, () => breached.accepted[0] ?? []).flat() },
    ],
  ])("%s fit into a comment", (_, outcome) => {
    const text = markdown(outcome);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toContain(`| severity | check | findings |`);
    expect(text).toContain(`; ${countsText(outcome.findings)}`);
    expect(outsideOfFences(text)).toContain("</details>");
  });

  test("what was left out is said", () => {
    expect(markdown(flooded(300))).toMatch(/and \d+ more; --format json has all/);
  });

  test("a name of any length is cut, and its finding is shown", () => {
    const text = markdown({ ...breached, findings: [{ ...foreignRole, where: "y".repeat(100_000) }] });
    expect(text).toContain(`${"y".repeat(399)}…\n    ${foreignRole.why}`);
  });

  test("a short report is not cut", () => {
    expect(markdown(flooded(20))).not.toContain("more; --format json has all");
  });

  test("marks are no marks in a text", () => {
    expect(markdownText("a|b `c` <script> *d* [e] _f_ & @g")).toBe(
      "a&#124;b &#96;c&#96; &#60;script&#62; &#42;d&#42; &#91;e&#93; &#95;f&#95; &#38; &#64;<!-- -->g",
    );
    expect(markdownText("#12 https://evil.example www.evil.example arn:aws:kms")).toBe(
      "&#35;<!-- -->12 https:<!-- -->//evil.example www<!-- -->.evil.example arn:aws:kms",
    );
  });
});
