import { allowedContextKeysForRequest, typeForContextKey } from "@cloud-copilot/iam-simulate";
import { describe, expect, test } from "@jest/globals";
import { allKeyActions, grantOperations, kmsActions } from "../../modules/aws/kms-actions";
import { conditionKey, conditionKeyNames } from "../../modules/aws/kms-condition-keys";
import { uniqueNames } from "../../modules/aws/name-order";

const key = "arn:aws:kms:us-east-1:111111111111:key/mrk-1";

/** Left out of the table: deprecated, or about something else than a key. */
const elsewhere = /^kms:(CustomerMasterKey|ResourceAliases)/i;
const notInKeyPolicies = /^aws:(ResourceTag|ChatbotSourceArn|IsMcp|ViaAwsMcp|CalledViaAwsMcp|Referer|SourceOwner)/i;

/** The keys that an action carries, as the service authorization reference has them, with our names for variable parts. */
async function referenceKeys(action: string): Promise<string[]> {
  const names = await allowedContextKeysForRequest("kms", action.replace("kms:", ""), key, false, undefined);
  return uniqueNames(
    names
      .filter((name) => /^(kms|aws):/.test(name) && !elsewhere.test(name) && !notInKeyPolicies.test(name))
      .map((name) =>
        name
          .replace(/\$\{.*$/, "")
          .replace(/^(kms:recipientattestation:).*/, "$1")
          .replace(/tag-key$/, ""),
      ),
  );
}

describe("condition keys of AWS KMS", () => {
  test.each(allKeyActions.filter((action) => action !== "kms:SynchronizeMultiRegionKey"))(
    "are carried by %s as in the service authorization reference",
    async (action) => {
      const ours = conditionKeyNames.filter((name) => {
        const actions = conditionKey(/[:/]$/.test(name) ? `${name}x` : name)?.actions;
        return name.startsWith("kms:") && (actions === undefined || actions.includes(action));
      });
      const theirs = (await referenceKeys(action)).filter((name) => name.startsWith("kms:"));
      expect(ours).toEqual(theirs);
    },
  );

  test("include every global one that a request to KMS can have", async () => {
    const theirs = (await referenceKeys("kms:TagResource")).filter((name) => name.startsWith("aws:"));
    expect(conditionKeyNames.filter((name) => name.startsWith("aws:"))).toEqual(theirs);
  });

  test.each(conditionKeyNames)("say of %s whether it has several values", async (name) => {
    const example = /[:/]$/.test(name) ? `${name}${name.includes("recipient") ? "PCR0" : "x"}` : name;
    const type = await typeForContextKey(example);
    expect([example, conditionKey(example)?.multiValued]).toEqual([example, type.startsWith("ArrayOf")]);
  });

  test("are sorted, in lower case, and found in any case", () => {
    expect(conditionKeyNames).toEqual(uniqueNames(conditionKeyNames.map((name) => name.toLowerCase())));
    expect(conditionKey("KMS:ViaService")).toBeDefined();
    expect(conditionKey("kms:EncryptionContext:aws:s3:arn")).toBeDefined();
  });

  test.each([
    "kms:EncryptionContext:",
    "aws:PrincipalTag/",
    "kms:ResourceAliases",
    "aws:ResourceTag/a",
    "constructor",
    "kms:Foo",
  ])("are nothing for %j", (name) => {
    expect(conditionKey(name)).toBeUndefined();
  });
});

describe("actions of AWS KMS", () => {
  test.each(allKeyActions)(
    "have %s, which is an action on keys in the service authorization reference",
    async (action) => {
      // Rejects for an action that does not exist, or that takes no key.
      await expect(
        allowedContextKeysForRequest("kms", action.replace("kms:", ""), key, false, undefined),
      ).resolves.toContain("kms:keyspec");
    },
  );

  test("are in one group each", () => {
    expect(uniqueNames(allKeyActions)).toEqual(allKeyActions);
  });

  test("that a grant can allow are actions all the same, and those that use a key are all among them", () => {
    expect(uniqueNames(grantOperations)).toEqual([...grantOperations]);
    expect(grantOperations.filter((operation) => !allKeyActions.includes(`kms:${operation}`))).toEqual([]);
    expect(
      kmsActions.cryptographic.filter((action) => !grantOperations.some((one) => action === `kms:${one}`)),
    ).toEqual([]);
    const administering: readonly string[] = [...kmsActions.administering, ...kmsActions.destroying];
    expect(grantOperations.filter((operation) => administering.includes(`kms:${operation}`))).toEqual([]);
  });
});
