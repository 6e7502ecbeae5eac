import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readPolicy } from "../../modules/access/read-policy";
import { ZoneBoundaries, type ZoneBoundary } from "../../modules/access/zone-boundary";
import { widenedKeyPolicy } from "../../modules/gate/widened-key-policy";
import { askOracle } from "../access/oracle/ask";
import { type Json, owner, type PolicyCase, policyCases } from "../access/oracle/policy-cases";
import { small } from "../checks/small-output";

/** More: `ORACLE_CASES=20000 ORACLE_SEED=1 npx jest test/gate/oracle`. */
const cases = Number(process.env.ORACLE_CASES ?? 500);
const seed = Number(process.env.ORACLE_SEED ?? 20260101);

const [template] = small.rules.zones.all;
if (template === undefined) throw new Error("the small organization has no zone");

function zoneOf(name: string, accountId: string, ou: string): ZoneBoundary {
  const whole = { id: ou, path: name, idPath: `o-a1b2c3d4e5/r-ab12/${ou}/` };
  return { ...(template as ZoneBoundary), name, accounts: new Map([[accountId, name]]), wholeOus: [whole], ownOus: [] };
}

const zone = zoneOf("own", owner, "ou-ab12-11111111");
const zones = new ZoneBoundaries([zone, zoneOf("other", "222222222222", "ou-ab12-22222222")]);

/** Two of them are in another zone, and one in no organization of the map. */
const outsiders: readonly { readonly principal: string; readonly context: PolicyCase["context"] }[] = [
  outsider("arn:aws:iam::222222222222:role/app", "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/"),
  outsider("arn:aws:iam::222222222222:user/bob", "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/"),
  outsider("arn:aws:iam::333333333333:role/app", "o-zzzzzzzzzz/r-zz99/"),
];

function outsider(principal: string, path: string) {
  const context = {
    "aws:PrincipalAccount": principal.split(":")[4] ?? "",
    "aws:PrincipalArn": principal,
    "aws:PrincipalOrgID": path.split("/")[0] ?? "",
    "aws:PrincipalOrgPaths": [path],
  };
  return { principal, context };
}

const fullAccess: Json = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

const nothing: PolicyCase = {
  principal: "",
  action: "",
  context: {},
  keyPolicy: null,
  identityPolicies: [],
  serviceControl: [],
  resourceControl: [],
};

/** The same request under a policy, with what a caller from outside cannot choose as it is. */
function askedBy({ principal, context }: (typeof outsiders)[number], given: PolicyCase, keyPolicy: Json): PolicyCase {
  const { "aws:SourceArn": _, ...chosen } = given.context;
  return {
    ...given,
    principal,
    context: { ...chosen, ...context },
    keyPolicy,
    identityPolicies: [fullAccess],
    serviceControl: [],
    resourceControl: [],
  };
}

const statementsOf = (policy: Json): Json[] =>
  typeof policy === "object" && policy !== null && "Statement" in policy ? [policy.Statement ?? []].flat() : [];

/** What a hand does to a policy: it writes another one, adds to it, takes from it, or drops a condition. */
const edits = fc.constantFrom<(policy: Json, other: Json, at: number) => Json[]>(
  (_, other) => statementsOf(other),
  (policy, other) => [...statementsOf(policy), ...statementsOf(other)],
  (policy, _, at) => statementsOf(policy).filter((__, index, all) => index !== at % all.length),
  (policy, _, at) =>
    statementsOf(policy).map((statement, index, all) => {
      if (index !== at % all.length || typeof statement !== "object" || statement === null) return statement;
      const { Condition: __, ...rest } = statement as Readonly<Record<string, Json>>;
      return rest;
    }),
);

const read = (policy: Json) => readPolicy(policy, { document: "policy", path: "" }, "key").policy;
const found = (before: Json, after: Json) => widenedKeyPolicy(read(before), read(after), zone, zones, "us-east-1");

test(`whoever gains from outside by one of ${cases} generated changes of a policy is found`, async () => {
  const answers = { gained: 0, quiet: 0 };
  const change = fc.record({
    given: policyCases,
    other: policyCases,
    edit: edits,
    at: fc.nat(),
    who: fc.constantFrom(...outsiders),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ given, other, edit, at, who }) => {
      const before = given.keyPolicy;
      const after: Json = { Version: "2012-10-17", Statement: edit(before, other.keyPolicy, at) };
      const widened = found(before, after);
      if (widened.length === 0) answers.quiet += 1;
      const was = await askOracle(askedBy(who, given, before));
      const is = await askOracle(askedBy(who, given, after));
      if (was.outcome === "allowed" || is.outcome === "denied") return;
      answers.gained += 1;
      expect(widened).not.toEqual([]);
    }),
    { numRuns: cases, seed },
  );
  // The property would also hold for changes by which nobody gains, and for a rule that always finds something.
  expect(answers.gained).toBeGreaterThan(cases * 0.05);
  expect(answers.quiet).toBeGreaterThan(cases * 0.25);
}, 600_000);

const other = "arn:aws:iam::222222222222:root";
const app = "arn:aws:iam::222222222222:role/app";
const allow = (AWS: Json, Action: Json = "kms:Decrypt", rest: Readonly<Record<string, Json>> = {}): Json => ({
  Effect: "Allow",
  Principal: { AWS },
  Action,
  Resource: "*",
  ...rest,
});
const deny = (AWS: Json, Action: Json = "kms:Decrypt"): Json => ({ ...(allow(AWS, Action) as object), Effect: "Deny" });
const viaS3: Json = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } };
const ofZone: Json = { StringEquals: { "aws:PrincipalAccount": owner } };

/** Who gains what, as `ACTION by ARN`. */
const changes: readonly { what: string; before: Json[]; after: Json[]; gains: string[] }[] = [
  { what: "a role from outside", before: [], after: [allow(app)], gains: [`kms:Decrypt by ${app}`] },
  {
    what: "one more action of a role from outside",
    before: [allow(app)],
    after: [allow(app, ["kms:Decrypt", "kms:Encrypt"])],
    gains: [`kms:Encrypt by ${app}`],
  },
  {
    what: "everybody",
    before: [allow(other)],
    after: [allow("*")],
    gains: ["kms:Decrypt by arn:aws:iam::333333333333:role/app"],
  },
  {
    what: "a condition that goes",
    before: [allow(app, "kms:Decrypt", { Condition: viaS3 })],
    after: [allow(app)],
    gains: [`kms:Decrypt by ${app}`],
  },
  {
    what: "a Deny that goes",
    before: [allow(app), deny(app)],
    after: [allow(app)],
    gains: [`kms:Decrypt by ${app}`],
  },
  { what: "a role of the zone itself", before: [], after: [allow(`arn:aws:iam::${owner}:role/app`)], gains: [] },
  { what: "everybody of the zone", before: [], after: [allow("*", "kms:*", { Condition: ofZone })], gains: [] },
  { what: "less than before", before: [allow(app, ["kms:Decrypt", "kms:Encrypt"])], after: [allow(app)], gains: [] },
  {
    what: "a condition more",
    before: [allow(app)],
    after: [allow(app, "kms:Decrypt", { Condition: viaS3 })],
    gains: [],
  },
  {
    what: "the same in two statements",
    before: [allow(app, ["kms:Decrypt", "kms:Encrypt"])],
    after: [allow(app), allow(app, "kms:Encrypt")],
    gains: [],
  },
  { what: "a Deny that comes", before: [allow(app)], after: [allow(app), deny(app)], gains: [] },
];

test.each(changes)("gate and oracle say the same of $what", async ({ before, after, gains }) => {
  const document = (statements: Json[]): Json => ({
    Version: "2012-10-17",
    // AWS takes no policy without a statement.
    Statement: [allow(`arn:aws:iam::${owner}:root`, "kms:*"), ...statements],
  });
  const gained: string[] = [];
  for (const action of ["kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"]) {
    for (const who of outsiders) {
      const ask = (statements: Json[]) =>
        askOracle(askedBy(who, { ...nothing, action }, document(statements))).then(({ outcome }) => outcome);
      if ((await ask(before)) === "denied" && (await ask(after)) === "allowed")
        gained.push(`${action} by ${who.principal}`);
    }
  }
  expect(gained).toEqual(gains);
  const widened = found(document(before), document(after));
  expect(widened.map(({ why }) => why)).toEqual(
    gains.map((gain) =>
      expect.stringContaining(` do ${gain.replace(/^kms:(\w+) by .*$/, "$1")} with a key of zone own`),
    ),
  );
});
