import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import Ajv from "ajv/dist/2020";
import { reviewDocument, reviewJsonSchema } from "../../modules/report/review-document";
import { reviewJson } from "../../modules/report/review-json";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";
import { baselineGains, changed, hostileReview, unchanged } from "./review-reports";

const schemaPath = join(__dirname, "../../docs/schemas/review.schema.json");
const few = {
  ...changed,
  review: { ...changed.review, changes: [...changed.review.changes.slice(0, 2), ...baselineGains(1)] },
};

describe("a review as JSON", () => {
  test.each([
    ["changed", few],
    ["unchanged", unchanged],
  ])("%s reads as its golden file", (name, report) => {
    const text = reviewJson(report);
    expect(text).toBe(golden(`review-${name}.json`, text));
  });

  test.each([
    ["changed", changed],
    ["unchanged", unchanged],
    ...hostileTexts.map((text) => [JSON.stringify(text), hostileReview(text)] as const),
  ])("%s is a document of the schema", (_, report) => {
    const document: unknown = JSON.parse(reviewJson(report));
    expect(reviewDocument.safeParse(document).error).toBeUndefined();
    const schema = JSON.parse(readFileSync(schemaPath, "utf8"));
    expect(new Ajv({ strict: false }).validate(schema, document)).toBe(true);
  });

  test("holds every change, word by word", () => {
    expect(JSON.parse(reviewJson(changed)).changes).toHaveLength(changed.review.changes.length);
    for (const text of hostileTexts) {
      const [change] = JSON.parse(reviewJson(hostileReview(text))).changes;
      expect(change).toMatchObject({
        what: text,
        whatToDo: text,
        place: { resource: text, stack: text },
        access: [{ whom: text, outside: text }, { effect: "loses" }],
        lines: [{ side: "head", stack: text, line: 1 }],
      });
    }
  });

  test("has a schema in docs/schemas; UPDATE_DOCS=1 writes it anew", () => {
    if (process.env.UPDATE_DOCS === "1") writeFileSync(schemaPath, reviewJsonSchema());
    else expect(readFileSync(schemaPath, "utf8")).toBe(reviewJsonSchema());
  });
});
