import { describe, expect, test } from "@jest/globals";
import { severities } from "../../modules/findings/finding";
import { reviewIds } from "../../modules/review/review-ids";
import { reviewKinds } from "../../modules/review/review-kinds";

describe("every kind of change", () => {
  test("is there, in name order", () => {
    expect(reviewKinds.map(({ id }) => id)).toEqual([...reviewIds].sort());
  });

  test.each(reviewKinds.map((kind) => [kind.id, kind] as const))("%s says what it is", (_, { risk, means, unless }) => {
    expect(severities).toContain(risk);
    expect(means).toMatch(/^[A-Z].*\.$/);
    expect(unless).toMatch(/^$|^(critical|high|medium|low|information) .*[^.]$/);
    expect(unless.split("; ").some((each) => each.startsWith(`${risk} `))).toBe(false);
  });
});
