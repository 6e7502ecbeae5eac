import { expect, test } from "@jest/globals";
import { unreadInRegion } from "../../modules/drift/unread-parts";
import type { UnreadKey } from "../../modules/live/live-account";

const denied = (keyId: string, unread = `AccessDenied: not on ${keyId}`): UnreadKey => ({
  keyId,
  unread,
  whatToDo: "allow it",
});

test("what many keys have with one cause is said once, another cause by itself", () => {
  const keys = ["d", "c", "b", "a"].map((keyId) => denied(keyId.repeat(8)));
  const parts = unreadInRegion({
    region: "us-east-1",
    keys: { value: [...keys, denied("eeeeeeee", "it takes too long")] },
    aliases: { unread: "no", whatToDo: "allow aliases" },
    keyStores: undefined,
  });
  expect(parts.map(({ what, region, whatToDo }) => `${region} ${what} -> ${whatToDo}`)).toEqual([
    "us-east-1 4 keys: aaaaaaaa, bbbbbbbb, cccccccc and 1 more -> allow it",
    "us-east-1 key eeeeeeee -> allow it",
    "us-east-1 aliases -> allow aliases",
  ]);
});
