import { expect, test } from "@jest/globals";
import { unreadInRegions } from "../../modules/drift/unread-parts";
import type { UnreadKey } from "../../modules/live/live-account";

const denied = (keyId: string, unread = `AccessDenied: not on ${keyId}`): UnreadKey => ({
  keyId,
  unread,
  whatToDo: "allow it",
});

test("what many keys have with one cause is said once, another cause by itself", () => {
  const keys = ["d", "c", "b", "a"].map((keyId) => denied(keyId.repeat(8)));
  const parts = unreadInRegions([
    {
      region: "us-east-1",
      keys: { value: [...keys, denied("eeeeeeee", "it takes too long")] },
      aliases: { unread: "no", whatToDo: "allow aliases" },
      keyStores: undefined,
    },
  ]);
  expect(parts.map(({ what, region, whatToDo }) => `${region} ${what} -> ${whatToDo}`)).toEqual([
    "us-east-1 4 keys: aaaaaaaa, bbbbbbbb, cccccccc and 1 more -> allow it",
    "us-east-1 key eeeeeeee -> allow it",
    "us-east-1 aliases -> allow aliases",
  ]);
});

test("what Regions have with one cause is said once, too", () => {
  const parts = unreadInRegions(
    ["us-east-1", "us-west-2"].map((region) => ({
      region,
      keys: { value: [denied("mrk-a", `AccessDenied: not on arn:aws:kms:${region}:310000000001:key/mrk-a`)] },
      aliases: { unread: region === "us-east-1" ? "no" : "never", whatToDo: "allow aliases" },
      keyStores: undefined,
    })),
  );
  expect(parts.map(({ what, region }) => `${region ?? ""} ${what}`.trim())).toEqual([
    "key mrk-a in us-east-1, us-west-2",
    "us-east-1 aliases",
    "us-west-2 aliases",
  ]);
});
