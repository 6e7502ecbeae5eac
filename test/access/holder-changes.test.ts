import { expect, test } from "@jest/globals";
import type { AccessChange } from "../../modules/access/access-change";
import { withArnsBehind } from "../../modules/access/arns-behind";
import { holderChanges } from "../../modules/access/holder-changes";
import { readPolicy } from "../../modules/access/read-policy";
import { changePlace } from "./change-place";

const lines = (changes: readonly AccessChange[]): string[] =>
  changes.map(
    ({ effect, who, actions, outside }) =>
      `${who} ${effect} ${actions.join(" ")}${outside === undefined ? "" : ` [${outside}]`}`,
  );

const identity = (statement: object) =>
  readPolicy({ Version: "2012-10-17", Statement: [statement] }, { document: "policy", path: "" }, "identity").policy;
const key = "arn:aws:kms:us-east-1:111111111111:key/1";
const reach = { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [key] };
const identities: readonly [string, object, readonly string[]][] = [
  ["the same", reach, []],
  [
    "a key of another zone more",
    { ...reach, Resource: [key, "arn:aws:kms:us-east-1:222222222222:key/2"] },
    [
      "role/api gains kms:Decrypt [reaches arn:aws:kms:us-east-1:222222222222:key/2, which is in account other (222222222222) of zone other]",
    ],
  ],
  ["an action more", { ...reach, Action: ["kms:Decrypt", "kms:Sign"] }, ["role/api gains kms:Sign"]],
  ["an action less", { ...reach, Action: ["kms:Sign"] }, ["role/api gains kms:Sign", "role/api loses kms:Decrypt"]],
  ["leave to do everything", { ...reach, Action: "*" }, [expect.stringContaining("role/api gains * kms:")] as never],
];

test.each(identities)("an identity policy with %s", (_, after, expected) => {
  expect(lines(holderChanges(identity(reach), identity(after), ["role/api"], changePlace))).toEqual(expected);
});

test("a key that is looked up by its alias is the one whose ARN AWS has", () => {
  const looked = identity({ ...reach, Resource: "arn:aws:kms:us-east-1:111111111111:key/${alias/a}" });
  const resolved = withArnsBehind(looked, ({ alias }) => (alias === "alias/a" ? key : undefined));
  expect(holderChanges(resolved, identity(reach), ["role/api"], changePlace)).toEqual([]);
  expect(holderChanges(looked, identity(reach), ["role/api"], changePlace)).not.toEqual([]);
});
