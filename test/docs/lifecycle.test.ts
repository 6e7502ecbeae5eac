import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  cancelKeyDeletion,
  describeKey,
  disableKey,
  enableKey,
  importKeyMaterial,
  listKeyRotations,
  reencryptions,
  rotateKeyOnDemand,
  scheduleKeyDeletion,
} from "../../modules/aws/kms-commands";

const page = readFileSync(join(__dirname, "../../docs/lifecycle.md"), "utf8");

const inRegion = (region: string) => ({ alias: "alias/payments-prod", region, keyId: undefined });
const primary = inRegion("us-east-1");
const replica = inRegion("us-west-2");

/** Every command of the page, in its order: replicas go first on the way to the end, and last on the way back. */
const commands = [
  describeKey(primary),
  enableKey(primary),
  rotateKeyOnDemand(primary),
  listKeyRotations(primary),
  disableKey(replica),
  disableKey(primary),
  scheduleKeyDeletion(replica, 30),
  scheduleKeyDeletion(primary, 30),
  cancelKeyDeletion(primary),
  cancelKeyDeletion(replica),
  ...importKeyMaterial(primary, "2027-11-22"),
];

describe("the page on the life of a key", () => {
  test("shows commands as findings give them", () => {
    const shown = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));
    expect(shown).toEqual(commands);
  });

  test("shows how data gets under another key, for all that the tool knows", () => {
    const rows = [...page.matchAll(/^\| (.+?) \| `(aws .+?)` \|$/gm)].map(([, data, command]) => ({ data, command }));
    expect(rows).toEqual(reencryptions);
  });

  test("leads to its own parts", () => {
    const anchors = [...page.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? "");
    const headings = [...page.matchAll(/^##+ (.+)$/gm)].map((match) =>
      (match[1] ?? "").toLowerCase().replaceAll(" ", "-"),
    );
    expect(anchors.filter((anchor) => !headings.includes(anchor))).toEqual([]);
  });
});
