import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { ReviewOrigin } from "../../modules/report/review-report";
import { reviewText } from "../../modules/report/review-text";
import { type ReviewOutput, reviewOutputs } from "../../modules/review/review-outputs";
import { verdictOf } from "../../modules/review/verdict";
import { sampleWithOracle } from "./compare-with-oracle";
import { accessChanges } from "./corpus/access-changes";
import { type CorpusChange, sample, today } from "./corpus/change";
import { harmlessChanges } from "./corpus/harmless-changes";
import { keyChanges } from "./corpus/key-changes";
import { wallChanges } from "./corpus/wall-changes";
import { sideOf } from "./reviewed";

const folder = join(__dirname, "golden");
const corpus = [...harmlessChanges, ...accessChanges, ...wallChanges, ...keyChanges];

const origin: ReviewOrigin = { from: "folder", isMergeBase: false, code: undefined, byOwnCode: false, zones: "own" };

/** The golden file's text; `UPDATE_GOLDEN=1` writes it anew, for a reviewer to read the difference. */
function golden(name: string, text: string): string {
  const path = join(folder, `${name}.txt`);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  return readFileSync(path, "utf8");
}

function besideOf(files: readonly string[]): NonNullable<ReviewOutput["besideOf"]> {
  return (stack) =>
    new Map(files.flatMap((path) => (path.startsWith(`${stack}/`) ? [[path.slice(stack.length + 1), "sha256"]] : [])));
}

/** Of all changes together: single samples miss the one context in which a row shows. */
const told = { asked: 0, confirmed: 0 };

describe("a review of", () => {
  test.each(corpus.map((change) => [change.name, change] as const))(
    "%s",
    (name, { edit, beside = [] }: CorpusChange) => {
      const after = edit(sample);
      const review = reviewOutputs(
        sideOf(sample.texts, "before"),
        { ...sideOf(after.texts, "after"), besideOf: besideOf(beside) },
        { zones: after.rules.zones, zonesBefore: sample.rules.zones, today },
      );
      const text = `${reviewText({
        review,
        verdict: verdictOf(review),
        base: origin,
        head: origin,
        today,
        failures: [],
        lineOf: () => undefined,
        link: undefined,
      }).join("\n")}\n`;
      expect(text).toBe(golden(name, text));
      // What cannot be read has nothing that the oracle could be asked about.
      if (review.changes.some(({ id }) => id === "stack-unreadable")) return;
      const { missed, asked, confirmed } = sampleWithOracle(sample, after, review.changes);
      expect(missed).toEqual([]);
      told.asked += asked;
      told.confirmed += confirmed;
    },
  );

  test("tells of access what the oracle says as well, both ways", () => {
    expect(told.asked).toBeGreaterThan(80);
    expect(told.confirmed / told.asked).toBeGreaterThan(0.85);
  });

  test("has a golden file for each change, and none besides", () => {
    expect(readdirSync(folder)).toEqual(corpus.map(({ name }) => `${name}.txt`).sort());
  });
});
