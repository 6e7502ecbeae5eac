import { expect, test } from "@jest/globals";
import { type Json, outputOf } from "../checks/sample-output";
import { reviewOf } from "./reviewed";

test("a policy whose lookup finds a key of another zone is one that reaches it, though its text is the same", () => {
  const features = outputOf("test/fixtures/features");
  const after = features.edit("everything.sealed.sealed-prod", (json) => {
    const [lookup] = Object.values<Json>(json.data.aws_kms_key);
    lookup.key_id = "arn:aws:kms:us-east-1:510000000001:alias/orders-data";
  });
  expect(reviewOf(features, after).changes.map(({ id }) => id)).toEqual(["access-gained-outside", "access-lost"]);
});
