import { describe, expect, test } from "@jest/globals";
import { dependentsOf } from "../../../modules/terraform/affected/dependents";
import { graphOfTexts } from "../graph/written-output";
import { affected, type Texts, textsAfter } from "./affected-small";

const base = textsAfter();
const keys = "acme.security.keys";
const user = "acme.workloads.prod.shop-prod";

function dependents(before: Texts, after: Texts): string[] {
  return dependentsOf(affected(before, after), graphOfTexts(after), graphOfTexts(before)).flatMap(({ stack, needs }) =>
    needs.map(({ to, why }) => `${stack} needs ${to}: ${why}`),
  );
}

const without = (stack: string): Texts => new Map([...base].filter(([name]) => name !== stack));

describe("what depends on affected stacks", () => {
  test("is told with its reason, and is not affected itself", () => {
    const after = textsAfter(["workloads/shop.yaml", "owner: finance", "owner: accounting"]);
    expect(affected(base, after).map(({ stack }) => stack)).toEqual([keys]);
    const told = dependents(base, after);
    expect(told).toContainEqual(expect.stringContaining(`${user} needs ${keys}: `));
    expect(told.filter((line) => line.startsWith(`${keys} `))).toEqual([]);
  });

  test("is told of a stack that is removed", () => {
    expect(dependents(base, without(keys))).toContainEqual(expect.stringContaining(`${user} needs ${keys}: `));
  });

  test("is nothing when nothing is affected", () => {
    expect(dependents(base, base)).toEqual([]);
  });
});
