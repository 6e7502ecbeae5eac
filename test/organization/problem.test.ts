import { describe, expect, test } from "@jest/globals";
import {
  formatProblem,
  likelyNames,
  listNames,
  nearestName,
  type Problem,
  sortProblems,
  suggestName,
} from "../../modules/organization/problem";

const problem: Problem = { file: "config/zones.yaml", line: 3, column: 7, path: "pci.owner", message: "must be text" };

describe("a problem", () => {
  test("is one line: place, path, what is wrong, value, how to fix it", () => {
    expect(formatProblem({ ...problem, value: "42", fix: "write it in quotes" })).toBe(
      "config/zones.yaml:3:7  pci.owner: must be text, got 42; write it in quotes",
    );
    expect(formatProblem({ ...problem, path: "" })).toBe("config/zones.yaml:3:7  must be text");
  });

  test("stands by file, line and column, numbers as numbers", () => {
    const places = [
      ["b.yaml", 1, 1],
      ["a.yaml", 10, 1],
      ["a.yaml", 9, 20],
      ["a.yaml", 9, 3],
    ] as const;
    const sorted = sortProblems(places.map(([file, line, column]) => ({ ...problem, file, line, column })));
    expect(sorted.map(({ file, line, column }) => [file, line, column])).toEqual([
      ["a.yaml", 9, 3],
      ["a.yaml", 9, 20],
      ["a.yaml", 10, 1],
      ["b.yaml", 1, 1],
    ]);
  });
});

describe("did you mean", () => {
  test.each([
    ["regulatd", ["regulated", "restricted"], "regulated"],
    ["Dataclass", ["dataClass", "owner"], "dataClass"],
    ["prdo", ["prod", "test"], "prod"],
    ["s4", ["s3", "ebs"], "s3"],
    ["ebz", ["s3", "ebs"], "ebs"],
    ["xyz", ["s3", "ebs"], undefined],
    ["gov-management", ["key-management"], undefined],
    ["", ["a", "b"], "a"],
  ])("%s among %j is %s", (name, known, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });

  test("takes the first of two names that are equally near, in whatever order they come", () => {
    expect(nearestName("shop-xrod", ["shop-trod", "shop-prod"])).toBe("shop-prod");
    expect(nearestName("shop-xrod", ["shop-prod", "shop-trod"])).toBe("shop-prod");
  });

  test("also finds the one name that was cut short or drawn out", () => {
    expect(suggestName("payments", ["payments-prod", "shop-prod"], "add it")).toBe("did you mean payments-prod?");
    expect(suggestName("production", ["prod", "test"], "add it")).toBe("did you mean prod?");
    expect(suggestName("payments", ["payments-prod", "payments-test"], "add it")).toBe("add it");
  });

  test("goes on with the right name, so that it is not unknown wherever else it stands", () => {
    expect(likelyNames(["us-est-1", "eu-west-1"], ["us-east-1", "eu-west-1"])).toEqual(["us-east-1", "eu-west-1"]);
    expect(likelyNames(["mars"], ["us-east-1"])).toEqual(["mars"]);
  });
});

test("a list of names is sorted, without repeats, and ends where nobody reads on", () => {
  expect(listNames(["b", "a", "b"])).toBe("a, b");
  expect(listNames(["d", "c", "b", "a"], 2)).toBe("a, b and 2 more");
  expect(listNames([])).toBe("none");
});
