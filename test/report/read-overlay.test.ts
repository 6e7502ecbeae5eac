import { describe, expect, test } from "@jest/globals";
import { driftJson } from "../../modules/report/drift-json";
import { readOverlay } from "../../modules/report/read-overlay";
import { reviewJson } from "../../modules/report/review-json";
import { drifted } from "./drift-reports";
import { changed } from "./review-reports";

const drift = driftJson(drifted);
const edited = (change: Record<string, unknown>): string => JSON.stringify({ ...JSON.parse(drift), ...change });

describe("a document to lay over the page", () => {
  test.each([
    ["drift", drift],
    ["review", reviewJson(changed)],
  ] as const)("of %s is what its command has written", (kind, text) => {
    expect(readOverlay(text, kind)).toEqual({ overlay: JSON.parse(text) });
    expect(readOverlay(`\uFEFF${text}`, kind)).toEqual({ overlay: JSON.parse(text) });
  });

  test.each([
    ["nothing", "", "is not JSON, but empty"],
    ["half of it", drift.slice(0, 200), "is not JSON"],
    ["another document", JSON.stringify([1]), "is no report of orgkeys"],
    ["another report", reviewJson(changed), "is a report of schema orgkeys/review/v1, and orgkeys/drift/v1 is needed"],
    ["a later version", edited({ schema: "orgkeys/drift/v2" }), "is a report of schema orgkeys/drift/v2"],
    ["a part that is missing", edited({ findings: undefined }), "findings is missing, or not what it has to be"],
    ["a part that is another", edited({ findings: [{ id: 1 }] }), "findings[0].id is missing"],
    ["more than is known", edited({ extra: 1 }), "has extra, which is not known here"],
  ])("is refused: %s", (_, text, why) => {
    const read = readOverlay(text, "drift");
    expect("problems" in read && read.problems[0]).toContain(why);
    expect("problems" in read && read.problems[0]).toContain(
      "give --drift what orgkeys drift --format json has written",
    );
  });

  test("says no more than somebody reads", () => {
    const read = readOverlay(edited({ findings: Array.from({ length: 500 }, () => ({})) }), "drift");
    expect("problems" in read && read.problems.length).toBe(6);
  });
});
