import { expect, test } from "@jest/globals";
import { constraintNarrows } from "../../modules/aws/grant-constraint";
import { grantOperations } from "../../modules/aws/kms-actions";

test.each(
  grantOperations.map((operation) => [operation, !["DescribeKey", "RetireGrant"].includes(operation)] as const),
)("a constraint on %s takes something away: %s", (operation, narrows) => {
  expect(constraintNarrows([operation])).toBe(narrows);
});

test.each([
  [["DescribeKey", "RetireGrant"], false],
  [["DescribeKey", "Decrypt"], true],
  [["Sign"], true],
  [["describekey"], true],
  [[], true],
])("of operations %j in doubt: %s", (operations, narrows) => {
  expect(constraintNarrows(operations)).toBe(narrows);
});
