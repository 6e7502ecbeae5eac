import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { matrixForms } from "../../../modules/report/affected-matrix";
import { type Matrix, matrixOf } from "../../../modules/terraform/affected/matrix";
import type { StackNode } from "../../../modules/terraform/graph/stack-node";

function node(name: string, more: Partial<StackNode> = {}): StackNode {
  return {
    name,
    kind: "account",
    organization: "acme",
    ou: "Workloads/Prod",
    zone: "corporate",
    account: name,
    accountId: "100000000001",
    state: name,
    providers: 1,
    resources: 10,
    ...more,
  };
}

function matrix(nodes: readonly StackNode[], by: "ou" | "zone" | "stack", most = 256): Matrix {
  const made = matrixOf(nodes, by, most);
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  return made;
}

const some = [
  node("acme.workloads.prod.b"),
  node("acme.workloads.prod.a"),
  node("acme.workloads.prod.pci", { zone: "pci" }),
  node("acme.root", { ou: "" }),
  node("acme.guardrails.pci", { kind: "guardrails", ou: undefined, zone: "pci" }),
];

describe("jobs", () => {
  test("are each of an OU and a zone, and a zone's own stacks are a job of theirs", () => {
    expect(matrix(some, "ou").entries.map(({ name, zone, ou, stacks }) => [name, zone, ou, ...stacks])).toEqual([
      ["acme", "corporate", "", "acme.root"],
      [
        "acme/Workloads/Prod, zone corporate",
        "corporate",
        "Workloads/Prod",
        "acme.workloads.prod.a",
        "acme.workloads.prod.b",
      ],
      ["acme/Workloads/Prod, zone pci", "pci", "Workloads/Prod", "acme.workloads.prod.pci"],
      ["zone pci", "pci", "", "acme.guardrails.pci"],
    ]);
  });

  test("are each of a zone", () => {
    expect(matrix(some, "zone").entries.map(({ name, stacks }) => [name, stacks.length])).toEqual([
      ["zone corporate", 3],
      ["zone pci", 2],
    ]);
  });

  test("are each of a stack", () => {
    expect(matrix(some, "stack").entries.map(({ name, stacks }) => [name, ...stacks])).toEqual(
      some.map(({ name }) => [name, name]).sort(),
    );
  });

  test("are never more than the vendor takes, and the largest stay alone", () => {
    const large = node("acme.large", { resources: 5000, ou: "Large" });
    const nodes = [
      ...Array.from({ length: 600 }, (_, index) => node(`acme.s${index}`, { ou: `Small/${index}` })),
      large,
    ];
    const made = matrix([...nodes, ...some], "ou", 256);
    expect(made.entries).toHaveLength(256);
    expect(made.mergedFrom).toBe(605);
    expect(made.entries.find(({ stacks }) => stacks.includes("acme.large"))?.stacks).toEqual(["acme.large"]);
    expect(made.entries.flatMap(({ stacks }) => stacks).sort()).toEqual(
      [...nodes, ...some].map(({ name }) => name).sort(),
    );
    expect(new Set(made.entries.map(({ name }) => name)).size).toBe(256);
    const zoneOf = new Map([...nodes, ...some].map(({ name, zone }) => [name, zone]));
    for (const { zone, stacks } of made.entries)
      expect(new Set(stacks.map((name) => zoneOf.get(name)))).toEqual(new Set([zone]));
  });

  test("of more zones than there may be jobs are none", () => {
    const nodes = Array.from({ length: 3 }, (_, index) => node(`acme.s${index}`, { zone: `z${index}` }));
    expect(matrixOf(nodes, "zone", 2)).toEqual({
      problems: ["3 zones have affected stacks, and there may be 2 jobs, each of one zone: use --shard"],
    });
  });

  test("have no more stacks than an argument has room for", () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => node(`acme.workloads.prod.account-with-a-name-${index}`));
    const made = matrix(nodes, "ou");
    expect(made.entries.map(({ name }) => name)).toEqual([
      "acme/Workloads/Prod (1 of 3)",
      "acme/Workloads/Prod (2 of 3)",
      "acme/Workloads/Prod (3 of 3)",
    ]);
    for (const { stacks } of made.entries) expect(stacks.join(" ").length).toBeLessThan(131_072);
    expect(made.mergedFrom).toBeUndefined();
  });

  test.each(["a b", "a;rm", "$(x)", "-rf", "a*", "a\nb", ""])("take no stack with the name %j", (name) => {
    expect(matrixOf([node(name)], "stack", 256)).toEqual({
      problems: [expect.stringContaining("could read more into")],
    });
  });
});

describe("for GitHub", () => {
  test("the jobs are one line that fromJSON takes", () => {
    const text = matrixForms.github.text(matrix(some, "ou"));
    expect(text).not.toContain("\n");
    expect(JSON.parse(text).include[1]).toEqual({
      name: "acme/Workloads/Prod, zone corporate",
      zone: "corporate",
      organization: "acme",
      ou: "Workloads/Prod",
      stacks: "acme.workloads.prod.a acme.workloads.prod.b",
      count: 2,
    });
  });

  test("no jobs are an empty list", () => {
    expect(matrixForms.github.text(matrix([], "ou"))).toBe('{"include":[]}');
  });
});

describe("for GitLab", () => {
  test("the jobs are a child pipeline, with names that are short enough", () => {
    const jobs = parse(matrixForms.gitlab.text(matrix(some, "zone")));
    expect(Object.keys(jobs)).toEqual(["plan zone corporate", "plan zone pci"]);
    expect(jobs["plan zone pci"]).toEqual({
      extends: ".orgkeys-plan",
      variables: {
        ORGKEYS_NAME: "zone pci",
        ORGKEYS_ZONE: "pci",
        ORGKEYS_STACKS: "acme.guardrails.pci acme.workloads.prod.pci",
      },
    });
  });

  test("no jobs are one that says so: a pipeline without jobs is an error", () => {
    expect(Object.keys(parse(matrixForms.gitlab.text(matrix([], "ou"))))).toEqual(["nothing affected"]);
  });
});
