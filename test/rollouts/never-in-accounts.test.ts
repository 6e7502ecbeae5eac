import { expect, test } from "@jest/globals";
import { neverInAccounts } from "../../modules/rollouts/never-in-accounts";
import type { RenderedTemplate, TemplateDocument } from "../../modules/rollouts/template";

const isAccount = (id: string) => ({ "Fn::Equals": [{ Ref: "AWS::AccountId" }, id] });
const [MANAGEMENT, ELSEWHERE] = ["100000000001", "200000000002"];
const Conditions = {
  IsManagement: isAccount(MANAGEMENT ?? ""),
  IsElsewhere: isAccount(ELSEWHERE ?? ""),
  IsHome: { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] },
  IsEither: { "Fn::Or": [{ Condition: "IsManagement" }, { Condition: "IsElsewhere" }] },
  IsMember: { "Fn::Not": [{ Condition: "IsManagement" }] },
  IsBoth: { "Fn::And": [{ Condition: "IsMember" }, { Condition: "IsHome" }] },
  IsNeither: { "Fn::And": [{ Condition: "IsManagement" }, { Condition: "IsHome" }] },
};

function template(document: Partial<TemplateDocument>): RenderedTemplate {
  const whole: TemplateDocument = { Conditions, Resources: { Plain: { Type: "AWS::A::A" } }, ...document };
  return { text: "", document: whole, parameters: {}, capabilities: [], creates: [] };
}

const reduced = (document: Partial<TemplateDocument>, accounts = [MANAGEMENT ?? ""]) =>
  neverInAccounts(template(document), accounts).document;

test("conditions that hold in those accounts alone go, and others become what is left of them", () => {
  expect(reduced({}).Conditions).toEqual({
    IsElsewhere: Conditions.IsElsewhere,
    IsHome: Conditions.IsHome,
    IsEither: { Condition: "IsElsewhere" },
    IsBoth: { Condition: "IsHome" },
  });
});

test.each([
  ["IsManagement", undefined],
  ["IsNeither", undefined],
  ["IsMember", { Type: "AWS::B::B" }],
  ["IsElsewhere", { Type: "AWS::B::B", Condition: "IsElsewhere" }],
  ["IsEither", { Type: "AWS::B::B", Condition: "IsEither" }],
  ["IsBoth", { Type: "AWS::B::B", Condition: "IsBoth" }],
])("a resource under %s is %p", (Condition, expected) => {
  const { Resources } = reduced({
    Resources: { Plain: { Type: "AWS::A::A" }, Other: { Type: "AWS::B::B", Condition } },
  });
  expect(Resources.Other).toEqual(expected);
});

test("a choice is what it comes to, nothing included", () => {
  const choose = (condition: string, no: unknown) => ({ "Fn::If": [condition, { Sid: "Yes" }, no] });
  const Properties = {
    Statement: [choose("IsManagement", { Ref: "AWS::NoValue" }), choose("IsMember", { Sid: "No" }), { Sid: "Kept" }],
    Maybe: choose("IsManagement", { Ref: "AWS::NoValue" }),
    Still: choose("IsHome", { Sid: "No" }),
  };
  const { Resources } = reduced({ Resources: { Plain: { Type: "AWS::A::A", Properties } } });
  expect(Resources.Plain?.Properties).toEqual({
    Statement: [{ Sid: "Yes" }, { Sid: "Kept" }],
    Still: { "Fn::If": ["IsHome", { Sid: "Yes" }, { Sid: "No" }] },
  });
});

test("nothing waits for what is gone, and no output names it", () => {
  const Resources = {
    Plain: { Type: "AWS::A::A", DependsOn: ["Gone", "Other"] },
    Other: { Type: "AWS::A::A", DependsOn: "Gone" },
    Gone: { Type: "AWS::A::A", Condition: "IsManagement" },
  };
  const Outputs = { Gone: { Condition: "IsManagement", Value: { Ref: "Gone" } }, Kept: { Value: { Ref: "Plain" } } };
  expect(reduced({ Resources, Outputs })).toMatchObject({
    Resources: { Plain: { Type: "AWS::A::A", DependsOn: ["Other"] }, Other: { Type: "AWS::A::A" } },
    Outputs: { Kept: { Value: { Ref: "Plain" } } },
  });
  expect(Object.keys(reduced({ Resources, Outputs }).Outputs ?? {})).toEqual(["Kept"]);
});

test("a template that asks for no such account stays as it is", () => {
  const given = template({ Conditions: { IsHome: Conditions.IsHome } });
  expect(neverInAccounts(given, [MANAGEMENT ?? ""])).toBe(given);
});

test("an account that is a text of something else decides nothing", () => {
  const given = {
    Same: { "Fn::Equals": [{ Ref: "Account" }, MANAGEMENT] },
    Region: { "Fn::Equals": ["a", MANAGEMENT] },
  };
  expect(reduced({ Conditions: given }).Conditions).toEqual(given);
});
