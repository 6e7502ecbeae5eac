import { describe, expect, test } from "@jest/globals";
import { checkDocument } from "../../modules/report/check-document";
import { checkJson } from "../../modules/report/check-json";
import { golden } from "./golden";
import { breached, clean, flooded, hostile, hostileTexts, narrowed } from "./outcome";

describe("findings as JSON", () => {
  test.each([
    ["breached", breached],
    ["clean", clean],
  ])("%s reads as its golden file", (name, outcome) => {
    const text = checkJson(outcome);
    expect(text).toBe(golden(`check-${name}.json`, text));
  });

  test.each([
    ["breached", breached],
    ["clean", clean],
    ["narrowed", narrowed],
    ["flooded", flooded()],
    ...hostileTexts.map((text) => [JSON.stringify(text), hostile(text)] as const),
  ])("%s is a document of the schema", (_, outcome) => {
    expect(checkDocument.safeParse(JSON.parse(checkJson(outcome))).error).toBeUndefined();
  });

  test("holds every finding, word by word", () => {
    const document = JSON.parse(checkJson(flooded()));
    expect(document.findings).toHaveLength(10_000);
    expect(document.summary.findings).toBe(10_000);
    for (const text of hostileTexts) {
      expect(JSON.parse(checkJson(hostile(text))).findings[0]).toMatchObject({ where: text, why: text });
    }
  });
});
