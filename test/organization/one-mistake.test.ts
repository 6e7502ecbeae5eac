import { describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { baseMap, baseMapInYaml, sourcesOf } from "./base-map";
import { changedAt, placesIn, type Value } from "./value-places";

const base = baseMap();
const wrongValues: readonly Value[] = [null, [["x"]]];

/** Every problem of the base map with one value of one file replaced. */
function problemsWith(path: string, place: readonly (string | number)[], wrong: Value) {
  const now = changedAt(parse(base.get(path) ?? "") as Value, place, () => wrong);
  const read = readOrganizationMap(sourcesOf(new Map([...base, [path, stringify(now)]])), "config");
  return "problems" in read ? read.problems : [];
}

describe.each([...baseMapInYaml().keys()])("in %s", (path) => {
  const places = placesIn(parse(base.get(path) ?? "") as Value);

  test.each(wrongValues.map((wrong) => [JSON.stringify(wrong), wrong] as const))(
    "%s in place of any one value is one problem, in that value and nowhere else",
    (_, wrong) => {
      for (const place of places) {
        const problems = problemsWith(path, place, wrong);
        expect([place.join("."), problems.map(formatProblem)]).toEqual([place.join("."), [expect.any(String)]]);
        expect(problems[0]?.file).toBe(`config/${path}`);
        expect(problems[0]?.path.startsWith(place.join("."))).toBe(true);
      }
    },
  );
});
