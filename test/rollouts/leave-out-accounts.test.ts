import { describe, expect, test } from "@jest/globals";
import { leaveOutAccounts } from "../../modules/rollouts/leave-out-accounts";
import type { RenderedTemplate, TemplateDocument } from "../../modules/rollouts/template";
import { holds } from "./condition-holds";

const isHome = { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] };

function rendered(document: TemplateDocument): RenderedTemplate {
  return { text: "Resources: {}", document, parameters: { Name: "x" }, capabilities: [], creates: [] };
}

const original = rendered({
  AWSTemplateFormatVersion: "2010-09-09",
  Conditions: { IsHome: isHome },
  Resources: {
    Always: {
      Type: "AWS::KMS::Key",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: { Enabled: true },
    },
    AtHome: { Type: "AWS::KMS::Alias", Condition: "IsHome", Properties: { AliasName: "alias/home" } },
  },
  Outputs: { Key: { Value: { Ref: "Always" } }, Alias: { Condition: "IsHome", Value: { Ref: "AtHome" } } },
});

const accounts = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `3${String(index).padStart(11, "0")}`);
const other = "999999999999";

/** The resources, or outputs, that a template makes in one account and Region. */
function made(
  { Conditions, ...document }: TemplateDocument,
  accountId: string,
  region = "us-east-1",
  section: "Resources" | "Outputs" = "Resources",
): string[] {
  const values = { "AWS::AccountId": accountId, "AWS::Region": region };
  return Object.entries(Object(document[section]) as Record<string, { Condition?: unknown }>)
    .filter(([, { Condition }]) => Condition === undefined || holds({ Condition }, Object(Conditions), values))
    .map(([name]) => name);
}

test("nobody leaves the template as it is", () => {
  expect(leaveOutAccounts(original, [])).toBe(original);
});

describe.each([1, 2, 10, 11, 20, 100, 101, 111])("%d accounts", (count) => {
  const leftOut = accounts(count);
  const { document } = leaveOutAccounts(original, leftOut);

  test("have a stack with a placeholder alone, and all others what they had", () => {
    for (const account of leftOut) {
      expect(made(document, account)).toEqual(["OrgkeysPlaceholder"]);
      expect(made(document, account, "us-east-1", "Outputs")).toEqual([]);
    }
    expect(made(document, other)).toEqual(["OrgkeysPlaceholder", "Always", "AtHome"]);
    expect(made(document, other, "us-west-2")).toEqual(["OrgkeysPlaceholder", "Always"]);
    expect(made(document, other, "us-west-2", "Outputs")).toEqual(["Key"]);
  });

  test("are named in lists of two to ten, as CloudFormation takes them", () => {
    const lengths = [...JSON.stringify(document.Conditions).matchAll(/"Fn::Or":/g)].length;
    expect(lengths > 0).toBe(count > 1);
    const check = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      if ("Fn::Or" in value) {
        const { length } = value["Fn::Or"] as unknown[];
        expect(length).toBeGreaterThanOrEqual(2);
        expect(length).toBeLessThanOrEqual(10);
      }
      Object.values(value).forEach(check);
    };
    check(document.Conditions);
  });
});

describe("a template that leaves accounts out", () => {
  const { document, ...rest } = leaveOutAccounts(original, ["310000000001"]);

  test("is the same in all else", () => {
    const { document: before, ...others } = original;
    expect(rest).toEqual(others);
    expect(document.AWSTemplateFormatVersion).toBe(before.AWSTemplateFormatVersion);
    for (const [name, { Condition: _, ...resource }] of Object.entries(before.Resources)) {
      expect(document.Resources[name]).toMatchObject(resource);
    }
    expect(document.Conditions).toMatchObject({ IsHome: isHome });
  });

  test("has one condition for each that was there", () => {
    expect(document.Conditions).toEqual({
      IsHome: isHome,
      OrgkeysIncluded: { "Fn::Not": [{ "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000001"] }] },
      OrgkeysIncludedIsHome: { "Fn::And": [{ Condition: "OrgkeysIncluded" }, { Condition: "IsHome" }] },
    });
    expect(document.Resources).toMatchObject({
      OrgkeysPlaceholder: { Type: "AWS::CloudFormation::WaitConditionHandle" },
      Always: { Condition: "OrgkeysIncluded" },
      AtHome: { Condition: "OrgkeysIncludedIsHome" },
    });
    expect(document.Resources.OrgkeysPlaceholder).not.toHaveProperty("Condition");
  });

  test("has no Outputs where there were none", () => {
    const { Outputs: _, ...without } = original.document;
    expect(leaveOutAccounts(rendered(without), ["310000000001"]).document).not.toHaveProperty("Outputs");
  });

  test("is not the one that was given", () => {
    const before = JSON.stringify(original);
    leaveOutAccounts(original, accounts(11));
    expect(JSON.stringify(original)).toBe(before);
  });

  test.each([
    ["OrgkeysPlaceholder", { ...original.document, Resources: { OrgkeysPlaceholder: { Type: "AWS::KMS::Key" } } }],
    ["OrgkeysIncluded", { ...original.document, Conditions: { OrgkeysIncluded: isHome } }],
    ["OrgkeysIncludedIsHome", { ...original.document, Conditions: { OrgkeysIncludedIsHome: isHome } }],
  ])("cannot have a %s itself", (name, taken) => {
    expect(() => leaveOutAccounts(rendered(taken), ["310000000001"])).toThrow(`the template has a ${name}`);
  });
});
