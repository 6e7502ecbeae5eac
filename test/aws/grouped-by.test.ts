import { expect, test } from "@jest/globals";
import { groupedBy } from "../../modules/aws/grouped-by";

test("keeps groups, and what is in them, in the order in which they first come", () => {
  const groups = groupedBy(["pear", "apple", "plum", "avocado", "fig"], (name) => name[0]);
  expect([...groups]).toEqual([
    ["p", ["pear", "plum"]],
    ["a", ["apple", "avocado"]],
    ["f", ["fig"]],
  ]);
});
