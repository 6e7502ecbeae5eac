import { expect, test } from "@jest/globals";
import { instantOf } from "../../modules/findings/instant";

test.each<[string, string | undefined]>([
  ["2026-12-01", "2026-12-01T00:00:00Z"],
  ["2026-12-01T18:00Z", "2026-12-01T18:00:00Z"],
  ["2026-12-01T18:00:30Z", "2026-12-01T18:00:30Z"],
  ["2026-12-01T00:30+01:00", "2026-11-30T23:30:00Z"],
  ["2026-12-31T23:30-01:00", "2027-01-01T00:30:00Z"],
  ["2026-02-29", undefined],
  ["2026-02-29T00:00Z", undefined],
  ["2026-12-01T24:00Z", undefined],
  ["2026-12-01T18:00", undefined],
  ["2026-12-01T18:00+0100", undefined],
  ["2026-12-01 18:00Z", undefined],
  ["1796148000", undefined],
])("the instant of %s is %s", (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});
