import { describe, expect, test } from "@jest/globals";
import type { Fields } from "../../modules/access/stack-reading";
import { KnownToAws, TemplateValues, unknownText } from "../../modules/access/template-values";

const place = { accountId: "310000000002", region: "us-east-1", partition: "aws", stackName: undefined };
const body: Fields = {
  Parameters: {
    Days: { Type: "Number", Default: 30 },
    Given: { Type: "String" },
    Missing: { Type: "String" },
    Looked: { Type: "AWS::SSM::Parameter::Value<String>", Default: "x" },
  },
  Conditions: {
    IsPayments: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000002"] },
    IsLedger: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000001"] },
    Both: { "Fn::And": [{ Condition: "IsPayments" }, { Condition: "IsLedger" }] },
    Either: { "Fn::Or": [{ Condition: "IsPayments" }, { Condition: "IsLedger" }] },
    Neither: { "Fn::Not": [{ "Fn::Or": [{ Condition: "IsLedger" }, { "Fn::Equals": ["a", "b"] }] }] },
    Undecided: { "Fn::Equals": [{ Ref: "AWS::StackId" }, "x"] },
    UndecidedButFalse: { "Fn::And": [{ Condition: "Undecided" }, { Condition: "IsLedger" }] },
    UndecidedButTrue: { "Fn::Or": [{ Condition: "Undecided" }, { Condition: "IsPayments" }] },
    PartOfAnAccount: { "Fn::Equals": [{ "Fn::Sub": "9${AWS::AccountId}" }, "9310000000002"] },
    NoAccount: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "payments"] },
    AsksForItself: { "Fn::Not": [{ Condition: "AsksForItself" }] },
    Strange: { "Fn::Contains": [["a"], "a"] },
    TwoAtOnce: { "Fn::Not": [{ Condition: "IsLedger" }], "Fn::Or": [] },
  },
  Resources: { Key: { Type: "AWS::KMS::Key" }, Role: { Type: "AWS::IAM::Role" } },
};

function work(value: unknown) {
  const values = new TemplateValues(body, { Given: "given" }, place, (logicalId, attribute) =>
    logicalId === "Role" ? `${logicalId} ${attribute ?? "itself"}` : undefined,
  );
  const result = values.value(value, "/at");
  return { result, unreadable: values.unreadable.map(({ path, why }) => `${path}: ${why}`) };
}

describe("the value of", () => {
  test.each<[name: string, value: unknown, expected: unknown]>([
    ["a text", "x", "x"],
    ["a number in a list", [1, "2"], [1, "2"]],
    ["a parameter with a default", { Ref: "Days" }, "30"],
    ["a parameter that is given", { Ref: "Given" }, "given"],
    ["the account", { Ref: "AWS::AccountId" }, "310000000002"],
    ["the name of an instance's stack", { Ref: "AWS::StackName" }, unknownText],
    ["a resource with a name of its own", { Ref: "Role" }, "Role itself"],
    ["its attribute", { "Fn::GetAtt": ["Role", "Arn"] }, "Role Arn"],
    ["its attribute in one text", { "Fn::GetAtt": "Role.Arn" }, "Role Arn"],
    ["a key", { Ref: "Key" }, new KnownToAws("Key", undefined)],
    ["a key's ARN", { "Fn::GetAtt": ["Key", "Arn"] }, new KnownToAws("Key", "Arn")],
    [
      "a text with names in it",
      { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root ${Given} ${Role.Arn} ${!aws:username}" },
      "arn:aws:iam::310000000002:root given Role Arn ${aws:username}",
    ],
    ["a text with values of its own", { "Fn::Sub": ["${A}-${Given}", { A: { Ref: "Days" } }] }, "30-given"],
    ["a text with a key's ARN in it", { "Fn::Sub": "${Key.Arn}" }, unknownText],
    ["parts of a text", { "Fn::Join": [":", ["a", { Ref: "Given" }, { Ref: "Days" }]] }, "a:given:30"],
    ["a choice", { "Fn::If": ["IsPayments", "yes", "no"] }, "yes"],
    ["another", { "Fn::If": ["IsLedger", "yes", "no"] }, "no"],
    ["nothing in a list", ["a", { "Fn::If": ["IsLedger", "b", { Ref: "AWS::NoValue" }] }], ["a"]],
    ["nothing in an object", { a: 1, Condition: { "Fn::If": ["IsLedger", {}, { Ref: "AWS::NoValue" }] } }, { a: 1 }],
    ["all conditions", { "Fn::If": ["Both", 1, 2] }, 2],
    ["any condition", { "Fn::If": ["Either", 1, 2] }, 1],
    ["no condition", { "Fn::If": ["Neither", 1, 2] }, 1],
  ])("%s", (_, value, expected) => {
    expect(work(value)).toEqual({ result: expected, unreadable: [] });
  });

  test("a condition of which a part is undecided may be decided all the same, and the part is told", () => {
    expect(work({ "Fn::If": ["UndecidedButFalse", 1, 2] }).result).toBe(2);
    expect(work({ "Fn::If": ["UndecidedButTrue", 1, 2] }).result).toBe(1);
    expect(work({ "Fn::If": ["UndecidedButTrue", 1, 2] }).unreadable).toHaveLength(1);
  });
});

describe("nobody can tell here", () => {
  const undecided = "/Conditions/Undecided/Fn::Equals: Fn::Equals takes two texts that are known beforehand";
  test.each<[name: string, value: unknown, why: string]>([
    ["a parameter without a value", { Ref: "Missing" }, "/at/Ref: nobody gives parameter Missing a value"],
    [
      "a parameter that CloudFormation looks up",
      { Ref: "Looked" },
      '/at/Ref: parameters of type "AWS::SSM::Parameter::Value<String>" are not understood here',
    ],
    ["what is not there", { Ref: "Gone" }, "/at/Ref: there is no parameter and no resource Gone"],
    [
      "a pseudo parameter of tomorrow",
      { Ref: "AWS::Zone" },
      "/at/Ref: pseudo parameter AWS::Zone is not understood here",
    ],
    ["another function", { "Fn::Select": [0, ["a"]] }, "/at/Fn::Select: Fn::Select is not understood here"],
    ["a function beside something else", { Ref: "Given", a: 1 }, "/at: a function stands beside something else"],
    ["a function after something else", { a: 1, "Fn::Sub": "x" }, "/at: a function stands beside something else"],
    ["a dynamic reference", "{{resolve:ssm:x}}", "/at: nobody knows here what a dynamic reference gives"],
    [
      "a dynamic reference in parts",
      { "Fn::Join": ["", ["{{res", "olve:ssm:x}}"]] },
      "/at/Fn::Join: nobody knows here what a dynamic reference gives",
    ],
    ["a choice by what is undecided", { "Fn::If": ["Undecided", 1, 2] }, undecided],
    [
      "a choice by a part of the account's id",
      { "Fn::If": ["PartOfAnAccount", 1, 2] },
      "/Conditions/PartOfAnAccount/Fn::Equals: has to compare all of the account's id with another one",
    ],
    [
      "a choice by what is no account's id",
      { "Fn::If": ["NoAccount", 1, 2] },
      "/Conditions/NoAccount/Fn::Equals: has to compare all of the account's id with another one",
    ],
    ["a choice by nothing", { "Fn::If": ["Gone", 1, 2] }, "/at/Fn::If: there is no condition Gone"],
    ["a choice of one", { "Fn::If": ["IsLedger", 1] }, "/at/Fn::If: Fn::If takes a condition and two values"],
    [
      "a condition by another function",
      { "Fn::If": ["Strange", 1, 2] },
      "/Conditions/Strange/Fn::Contains: Fn::Contains is no condition that is understood here",
    ],
    [
      "a condition of two functions",
      { "Fn::If": ["TwoAtOnce", 1, 2] },
      "/Conditions/TwoAtOnce: a condition has to be one function",
    ],
    ["a text of lists", { "Fn::Join": ["", [["a"]]] }, "/at/Fn::Join: a text can be made of texts alone"],
  ])("%s", (_, value, why) => {
    expect(work(value)).toEqual({ result: undefined, unreadable: [why] });
  });

  test("a condition that asks for itself", () => {
    expect(work({ "Fn::If": ["AsksForItself", 1, 2] }).result).toBeUndefined();
  });

  test("a part of a list, which then has a hole and is not shorter", () => {
    const { result, unreadable } = work(["a", { "Fn::ImportValue": "x" }]);
    expect(result).toEqual(["a", undefined]);
    expect(unreadable).toEqual(["/at/1/Fn::ImportValue: Fn::ImportValue is not understood here"]);
  });
});

test("a part of a value goes back to where it was written", () => {
  const values = new TemplateValues(body, {}, place, () => undefined);
  const raw = {
    Statement: [
      { "Fn::If": ["IsLedger", { Sid: "no" }, { Ref: "AWS::NoValue" }] },
      { "Fn::If": ["IsPayments", { Sid: "yes", Principal: { AWS: "x" } }, "no"] },
    ],
  };
  const value = values.value(raw, "/at");
  expect(value).toEqual({ Statement: [{ Sid: "yes", Principal: { AWS: "x" } }] });
  expect(values.originOf(value, "/at", "/Statement/0")).toBe("/at/Statement/1/Fn::If/1");
  expect(values.originOf(value, "/at", "/Statement/0/Principal/AWS")).toBe("/at/Statement/1/Fn::If/1/Principal");
  expect(values.originOf(value, "/at", "")).toBe("/at");
});
