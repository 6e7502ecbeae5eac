import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { LoadedPlan } from "../../stacks/load-plan";
import { expectedKeys, readKey } from "./live-keys";
import { type LiveOrganization, startOrganization } from "./organization";

let live: LiveOrganization;
let loaded: LoadedPlan;
beforeAll(async () => {
  live = await startOrganization("s3-state");
  loaded = await live.load("test/fixtures/small");
});
afterAll(() => live.stop());

/** The emulator's buckets answer on paths; real ones need no such setting. */
const backend = { use_path_style: "true" };

test("stacks of a zone with S3 state apply, plan clean, and keep their state under the account's id", async () => {
  const management = { accountId: "123456789012", region: "us-east-1" };
  const { s3 } = await live.emulator.clientsFor(management);
  await s3.send(new CreateBucketCommand({ Bucket: "acme-orgkeys-corporate" }));
  const stacks = loaded.accounts.filter((account) => account.zone.name === "corporate").map((account) => account.stack);
  expect(stacks).toHaveLength(3);
  await live.apply(stacks, backend);
  await live.expectNoChanges(stacks);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "acme-orgkeys-corporate" }));
  expect(Contents.map((object) => object.Key).sort()).toEqual([
    "100000000001.tfstate",
    "210000000001.tfstate",
    "220000000001.tfstate",
  ]);
});

test("what exists is what the key plan says", async () => {
  for (const planned of loaded.plan.keys.filter((key) => key.zone === "corporate")) {
    for (const expected of expectedKeys(planned)) {
      const place = { accountId: planned.accountId, region: expected.region, partition: planned.partition };
      expect((await readKey(live.emulator, place, planned.alias)).key).toEqual(expected);
    }
  }
});
