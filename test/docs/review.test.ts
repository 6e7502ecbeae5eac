import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { severities } from "../../modules/findings/finding";
import { reviewIds } from "../../modules/review/review-ids";
import { reviewKinds } from "../../modules/review/review-kinds";
import { holdGeneratedPart } from "./generated-part";

const page = join(__dirname, "../../docs/review.md");

/** Most risky first, and by name. */
const listed = severities.flatMap((risk) => reviewKinds.filter((kind) => kind.risk === risk));

describe("the page on reviews", () => {
  test("has every kind as the code has it; UPDATE_DOCS=1 writes them anew", () => {
    holdGeneratedPart(page, "review kinds", [
      "| change | risk | unless | what it means |",
      "|---|---|---|---|",
      ...listed.map(({ id, risk, unless, means }) => `| \`${id}\` | ${risk} | ${unless} | ${means} |`),
    ]);
  });
});

describe("every kind of change", () => {
  test("is there, in name order", () => {
    expect(reviewKinds.map(({ id }) => id)).toEqual([...reviewIds]);
  });

  test.each(reviewKinds.map((kind) => [kind.id, kind] as const))("%s says what it means", (_, { means, unless }) => {
    expect(means).toMatch(/^[A-Z].*\.$/);
    expect(unless).not.toMatch(/\.$/);
  });
});
