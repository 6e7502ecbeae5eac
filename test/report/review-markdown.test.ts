import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { severities } from "../../modules/findings/finding";
import { reviewMarkdown } from "../../modules/report/review-markdown";
import type { ReviewReport } from "../../modules/report/review-report";
import { reviewIds } from "../../modules/review/review-ids";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";
import { outsideOfFences } from "./outside-of-fences";
import { baselineGains, changed, hostileReview, outsider, unchanged } from "./review-reports";

const marks = /[<>`|*_[\]@#{}&]/g;
const more = ["</details>", "<script>alert(1)</script>", "@team/security", "[a](http://x)", "| a | b |", "*bold* _it_"];

/** As many as there can be, each another so that none is like another. */
function everyKind(text: string): ReviewReport["review"]["changes"] {
  return severities.flatMap((risk) =>
    reviewIds.flatMap((id) => Array.from({ length: 5 }, (_, at) => ({ ...outsider, id, risk, what: `${text}${at}` }))),
  );
}

function withChanges(changes: ReviewReport["review"]["changes"]): ReviewReport {
  return { ...changed, review: { ...changed.review, changes } };
}

describe("a review as Markdown", () => {
  test.each<[string, ReviewReport]>([
    ["changed", changed],
    ["unchanged", unchanged],
  ])("%s reads as its golden file", (name, report) => {
    const text = reviewMarkdown(report);
    expect(text).toBe(golden(`review-${name}.md`, text));
  });

  test.each([...hostileTexts, ...more])("%j stays in its fence, or is text", (hostile) => {
    const plain = (text: string): string => outsideOfFences(reviewMarkdown(hostileReview(text)));
    const without = (text: string): string =>
      text.replaceAll(/&#\d+;|<!-- -->/g, "").replaceAll(/\(https:[^)]*\)/g, "()");
    expect(without(plain(hostile)).match(marks)).toEqual(without(plain("harmless")).match(marks));
    expect(plain(hostile).split("\n")).toHaveLength(plain("harmless").split("\n").length);
    for (const [, url = ""] of plain(hostile).matchAll(/\]\((https:[^)]*)\)/g)) expect(url).toMatch(/^[\w:/.%#~-]+$/);
  });

  test.each<[string, ReviewReport]>([
    ["300 alike and 40 alike", changed],
    [
      "10,000 that are all different",
      withChanges(baselineGains(10_000).map((each, at) => ({ ...each, what: `x${at}` }))),
    ],
    ["every kind with every risk", withChanges(everyKind("y".repeat(1000)))],
    ["every kind, of marks alone", withChanges(everyKind("|".repeat(1000)))],
    ["what is endless", hostileReview("z".repeat(100_000))],
    ["what is endless and of marks alone", hostileReview("`|".repeat(50_000))],
    [
      "10,000 of everything else",
      {
        ...changed,
        review: {
          ...changed.review,
          sameMeaning: Array.from({ length: 10_000 }, (_, at) => `${"s".repeat(200)}${at}`),
          zones: Array.from({ length: 10_000 }, (_, at) => ({ zone: `z${at}`, stacks: 1, changes: 1, wall: true })),
        },
        failures: [{ reason: "widening", why: "x", of: Array.from({ length: 10_000 }, (_, at) => `alias/${at}`) }],
      },
    ],
  ])("%s fits into a comment", (_, report) => {
    const text = reviewMarkdown(report);
    expect(text.length).toBeLessThan(60_000);
    expect(text).toMatch(/^### orgkeys review\n\n\*\*.+\*\*\n/);
  });

  test("fits into a comment whatever it is about, and closes what it opens", () => {
    const change = fc.record({
      id: fc.constantFrom(...reviewIds),
      risk: fc.constantFrom(...severities),
      what: fc.oneof(fc.string({ unit: "binary", maxLength: 2000 }), fc.constantFrom(...hostileTexts, ...more)),
      resource: fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.constantFrom(...hostileTexts, ...more)),
      rows: fc.nat(300),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.nat(40), (drawn, times) => {
        const changes = drawn.flatMap(({ id, risk, what, resource, rows }) =>
          Array.from({ length: times }, (_, at) => ({
            ...outsider,
            id,
            risk,
            what: `${what}${at}`,
            place: { ...outsider.place, resource },
            access: outsider.access.flatMap((row) =>
              Array.from({ length: rows % 7 }, (_, n) => ({ ...row, whom: `${n}` })),
            ),
          })),
        );
        const text = reviewMarkdown(withChanges(changes));
        expect(text.length).toBeLessThan(60_000);
        const outside = outsideOfFences(text);
        expect(outside.match(/<details>/g)?.length).toBe(outside.match(/<\/details>/g)?.length);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("links to lines after the change alone", () => {
    const text = reviewMarkdown(changed);
    expect(text.match(/\[line 812\]\(https:\/\/[^)]*\/cdk\.tf\.json#L812\)/g)).toHaveLength(1);
    expect(reviewMarkdown({ ...changed, link: undefined })).not.toContain("](");
  });

  test("has no table where nothing matters", () => {
    expect(reviewMarkdown(unchanged)).not.toContain("| risk |");
  });
});
