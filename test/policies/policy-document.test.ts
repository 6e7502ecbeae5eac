import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  allOf,
  type PolicyStatement,
  policyBytes,
  policyDocument,
  policyText,
  sidPart,
} from "../../modules/policies/policy-document";

const names = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 4 });
const condition = fc.option(
  fc.dictionary(
    fc.constantFrom("StringEquals", "ArnLike", "Bool"),
    fc.dictionary(fc.constantFrom("aws:x", "aws:y"), names, { minKeys: 1, maxKeys: 2 }),
    { minKeys: 1, maxKeys: 2 },
  ),
  { nil: undefined },
);
/** Sids that collide with each other and with the numbers that keep them apart. */
const statement: fc.Arbitrary<PolicyStatement> = fc
  .record({
    Sid: fc.constantFrom("Use", "Use2", "Use22", "Use3", "Grant"),
    Effect: fc.constantFrom("Allow" as const, "Deny" as const),
    principals: names,
    Action: names,
    condition,
  })
  .map(({ Sid, Effect, principals, Action, condition: Condition }) => ({
    Sid,
    Effect,
    Principal: { AWS: principals },
    Action,
    Resource: ["*"],
    ...(Condition === undefined ? {} : { Condition }),
  }));
const statements = fc.array(statement, { maxLength: 8 });

describe("the canonical form", () => {
  test("does not depend on the order of statements, nor of anything in them", () => {
    fc.assert(
      fc.property(
        statements.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const turned = shuffled.map((each) => ({
            ...each,
            Principal: { AWS: [...(each.Principal?.AWS ?? [])].reverse() },
            Action: [...(each.Action ?? []), ...(each.Action ?? [])].reverse(),
          }));
          expect(policyText(policyDocument(turned))).toBe(policyText(policyDocument(all)));
        },
      ),
    );
  });

  test("is its own canonical form", () => {
    fc.assert(
      fc.property(statements, (all) => {
        const once = policyDocument(all);
        expect(policyText(policyDocument(once.Statement))).toBe(policyText(once));
      }),
    );
  });

  test("gives every statement a Sid of its own", () => {
    fc.assert(
      fc.property(statements, (all) => {
        const sids = policyDocument(all).Statement.map(({ Sid }) => Sid);
        expect(new Set(sids).size).toBe(sids.length);
      }),
    );
  });

  test("loses no statement and adds none", () => {
    fc.assert(
      fc.property(statements, (all) => {
        const content = ({ Sid: _, ...rest }: PolicyStatement): string => JSON.stringify(rest);
        const before = new Set(all.map((each) => content(policyDocument([each]).Statement[0] ?? each)));
        expect(new Set(policyDocument(all).Statement.map(content))).toEqual(before);
      }),
    );
  });

  test("says the same thing once, and numbers what only shares a Sid past the Sids that are taken", () => {
    const use = (action: string, Sid = "Use"): PolicyStatement => ({
      Sid,
      Effect: "Allow",
      Principal: { AWS: ["p"] },
      Action: [action],
      Resource: ["*"],
    });
    const document = policyDocument([use("b"), use("a"), use("a"), use("c", "Use2")]);
    expect(document.Statement.map(({ Sid, Action = [] }) => [Sid, ...Action])).toEqual([
      ["Use", "a"],
      ["Use2", "c"],
      ["Use3", "b"],
    ]);
  });

  test("has no empty condition", () => {
    const document = policyDocument([{ Sid: "A", Effect: "Allow", Action: ["a"], Resource: ["*"], Condition: {} }]);
    expect(document.Statement[0]).not.toHaveProperty("Condition");
  });
});

describe("a policy's size", () => {
  test("counts bytes, not characters", () => {
    const of = (value: string): number =>
      policyBytes(policyDocument([{ Sid: "A", Effect: "Allow", Action: [value], Resource: ["*"] }]));
    expect(of("ä") - of("a")).toBe(1);
  });

  test.each(["<", ">", "&"])("counts %s as Terraform writes it, six characters long", (character) => {
    const document = policyDocument([{ Sid: "A", Effect: "Allow", Action: [character], Resource: ["*"] }]);
    expect(policyBytes(document)).toBe(JSON.stringify(document).length + 5);
    expect(JSON.parse(policyText(document))).toEqual(document);
  });
});

describe("conditions that all have to hold", () => {
  test.each([
    [[], undefined],
    [[undefined, undefined], undefined],
    [[{ Bool: { a: ["true"] } }, undefined], { Bool: { a: ["true"] } }],
    [
      [{ StringEquals: { a: ["1"] } }, { StringEquals: { b: ["2"] } }, { Bool: { c: ["true"] } }],
      { StringEquals: { a: ["1"], b: ["2"] }, Bool: { c: ["true"] } },
    ],
    [[{ StringEquals: { a: ["1", "2"] } }, { StringEquals: { a: ["2", "1"] } }], { StringEquals: { a: ["2", "1"] } }],
  ])("%j join to %j", (conditions, joined) => {
    expect(allOf(...conditions)).toEqual(joined);
  });

  test("that disagree are refused, because either list alone would allow more than both", () => {
    expect(() => allOf({ StringEquals: { a: ["1"] } }, { StringEquals: { a: ["2"] } })).toThrow(
      "two conditions disagree on StringEquals a: 1 and 2",
    );
  });

  test("do not change what they are made of", () => {
    const first = { StringEquals: { a: ["1"] } };
    allOf(first, { StringEquals: { b: ["2"] } });
    expect(first).toEqual({ StringEquals: { a: ["1"] } });
  });
});

describe("part of a Sid", () => {
  test.each([
    ["payments-api", "PaymentsApi"],
    ["service/shop-api", "ServiceShopApi"],
    ["a_b.c@d+e", "ABCDE"],
    ["", ""],
  ])("is letters and digits: %j becomes %j", (name, part) => {
    expect(sidPart(name)).toBe(part);
  });
});
