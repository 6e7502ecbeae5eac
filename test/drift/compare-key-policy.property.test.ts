import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { keyPolicyChanges } from "../../modules/access/key-policy-change";
import { changePlace, readKeyPolicy } from "../access/change-place";
import { type Json, policyCases } from "../access/oracle/policy-cases";
import { compareTexts, policyLines } from "./policy-pair";

type Fields = Readonly<Record<string, Json>>;

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): Json[] => (value === undefined ? [] : ([value].flat() as Json[]));

const policies = policyCases
  .map(({ keyPolicy }) => keyPolicy)
  .filter((policy): policy is Fields => isFields(policy) && policy.Statement !== undefined)
  .filter((policy) => readKeyPolicy(policy).statements.every(({ understood }) => understood));
const statementsOf = (policy: Fields): Fields[] => listOf(policy.Statement).filter(isFields);

/** The same in other words: by action and by principal, each twice, and in another order. */
function inPieces(statement: Fields): Fields[] {
  const byAction =
    statement.Action === undefined ? [statement] : listOf(statement.Action).map((Action) => ({ ...statement, Action }));
  const { Principal } = statement;
  if (!isFields(Principal)) return byAction;
  return byAction.flatMap((one) =>
    Object.entries(Principal).flatMap(([type, names]) =>
      listOf(names).map((name) => ({ ...one, Principal: { [type]: [name, name] } })),
    ),
  );
}

test("a policy that is the same says so, and one in other words lets nobody in or out", () => {
  let reordered = 0;
  fc.assert(
    fc.property(policies, (policy) => {
      expect(compareTexts(policy, { value: JSON.stringify(policy) })).toEqual([]);
      const same = { ...policy, Statement: statementsOf(policy).flatMap(inPieces).reverse() };
      const ids = compareTexts(policy, { value: JSON.stringify(same) }).map(({ id }) => id);
      expect(["", "policy-reordered"]).toContain(ids.join());
      reordered += ids.length;
    }),
    { numRuns: 400, seed: 20260101 },
  );
  expect(reordered).toBeGreaterThan(100);
});

test("what one side gains the other way round is lost", () => {
  fc.assert(
    fc.property(policies, policies, (one, other) => {
      const [a, b] = [readKeyPolicy(one), readKeyPolicy(other)];
      const withoutWay = (effect: string, from = a, to = b) =>
        keyPolicyChanges(from, to, changePlace)
          .filter((change) => change.effect === effect)
          .map(({ who, actions, outside }) => JSON.stringify([who, actions, outside]))
          .sort();
      expect(withoutWay("gains")).toEqual(withoutWay("loses", b, a));
    }),
    { numRuns: 400, seed: 20260101 },
  );
});

test("whoever is let in from outside the zone is found, whatever else the policy says", () => {
  const outsiders = fc.constantFrom<Json>(
    "*",
    { AWS: "444444444444" },
    { AWS: "arn:aws:iam::444444444444:role/new" },
    { AWS: ["arn:aws:iam::111111111111:role/app", "arn:aws:iam::444444444444:user/eve"] },
    { Service: "sns.amazonaws.com" },
    { Federated: "arn:aws:iam::444444444444:saml-provider/idp" },
  );
  const actions = fc.constantFrom<Json>("kms:DeriveSharedSecret", "kms:*", "*", ["kms:Derive*"], "kms:NewAction");
  fc.assert(
    fc.property(policies, outsiders, actions, fc.nat(), (policy, Principal, Action, at) => {
      const statements = statementsOf(policy).filter(({ Principal: who, Effect }) => Effect === "Allow" && who !== "*");
      const reviewed = { ...policy, Statement: statements.filter(({ NotPrincipal }) => NotPrincipal === undefined) };
      fc.pre(!JSON.stringify(reviewed).includes('"AWS":"*"') && !/"AWS":\[[^\]]*"\*"/.test(JSON.stringify(reviewed)));
      const live = { Sid: "Let", Effect: "Allow", Principal, Action, Resource: "*" };
      const Statement = reviewed.Statement.toSpliced(at % (reviewed.Statement.length + 1), 0, live);
      const lines = policyLines(compareTexts(reviewed, { value: JSON.stringify({ ...policy, Statement }) }));
      expect(lines).toContain("policy-widened critical: statement Let");
    }),
    { numRuns: 400, seed: 20260101 },
  );
});
