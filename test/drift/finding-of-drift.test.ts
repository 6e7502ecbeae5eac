import { expect, test } from "@jest/globals";
import type { DriftPlace } from "../../modules/drift/drift";
import { findingOfDrift } from "../../modules/drift/finding-of-drift";

const keyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
const place: DriftPlace = {
  account: "shop-dev",
  accountId: "230000000001",
  partition: "aws",
  zone: "corporate",
  region: "us-east-1",
  stack: undefined,
  address: undefined,
  resource: "alias/laboratory",
};

test.each([
  ["alias/laboratory", `shop-dev us-east-1 alias/laboratory, key ${keyId}`],
  [keyId, `shop-dev us-east-1 ${keyId}`],
])("a key that is shown as %s is named by its id once", (resource, where) => {
  const drift = { id: "key-unmanaged", place: { ...place, resource }, detail: [`key ${keyId}`], why: "" } as const;
  expect(findingOfDrift(drift, { config: "config", out: "cdktf.out" }).where).toBe(where);
});
