import { expect, test } from "@jest/globals";
import type { AccessChange } from "../../modules/access/access-change";
import { grantChanges } from "../../modules/access/grant-change";
import type { Grant } from "../../modules/access/grant-match";
import { changePlace } from "./change-place";

const lines = (changes: readonly AccessChange[]): string[] =>
  changes.map(
    ({ effect, who, actions, outside }) =>
      `${who} ${effect} ${actions.join(" ")}${outside === undefined ? "" : ` [${outside}]`}`,
  );

const grant: Grant = {
  document: "grants",
  path: "",
  name: "",
  id: "batch",
  grantee: "arn:aws:iam::111111111111:role/batch",
  retiring: undefined,
  operations: ["Decrypt", "Encrypt"],
  constraint: { kind: "subset", pairs: { app: "a" } },
};

const grants: readonly [string, Partial<Grant> | undefined, readonly string[]][] = [
  ["the same", {}, []],
  ["one operation more", { operations: ["Decrypt", "Encrypt", "Sign"] }, [`${grant.grantee} gains kms:Sign`]],
  ["none", undefined, [`${grant.grantee} loses kms:Decrypt kms:Encrypt`]],
  ["no constraint", { constraint: undefined }, [`${grant.grantee} gains kms:Decrypt kms:Encrypt`]],
  [
    "somebody else from outside who ends it",
    { retiring: "arn:aws:iam::222222222222:role/x" },
    ["arn:aws:iam::222222222222:role/x gains kms:RetireGrant [account other (222222222222) of zone other]"],
  ],
];

test.each(grants)("a grant that is %s", (_, change, expected) => {
  const after = change === undefined ? undefined : { ...grant, ...change };
  expect(lines(grantChanges(grant, after, changePlace))).toEqual(expected);
  const back = lines(grantChanges(after, grant, changePlace)).map((line) =>
    line.replace(/ (gains|loses) /, (__, word: string) => (word === "gains" ? " loses " : " gains ")),
  );
  expect(back).toEqual(expected);
});
