import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AccessChange } from "../../../modules/access/access-change";
import { keyPolicyChanges } from "../../../modules/access/key-policy-change";
import { parseRequester } from "../../../modules/access/requester";
import { matchWildcards } from "../../../modules/access/wildcard";
import { changePlace, readKeyPolicy } from "../change-place";
import { askOracle } from "./ask";
import { type Json, owner, type PolicyCase, policyCases } from "./policy-cases";

/** More: `ORACLE_CASES=20000 ORACLE_SEED=1 npx jest test/access/oracle/access-change`. */
const cases = Number(process.env.ORACLE_CASES ?? 600);
const seed = Number(process.env.ORACLE_SEED ?? 20260101);

/** With the ARN that requests of a session carry in `aws:PrincipalArn`, and where the account is. */
const callers: readonly { readonly name: string; readonly arn?: string; readonly path?: string }[] = [
  { name: `arn:aws:iam::${owner}:role/app`, path: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/" },
  { name: `arn:aws:iam::${owner}:user/alice`, path: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/" },
  {
    name: `arn:aws:sts::${owner}:assumed-role/app/one`,
    arn: `arn:aws:iam::${owner}:role/app`,
    path: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
  },
  { name: "arn:aws:iam::222222222222:role/app", path: "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/" },
  { name: "arn:aws:iam::222222222222:role/team/batch", path: "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/" },
  { name: "arn:aws:iam::222222222222:user/bob", path: "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/" },
  { name: "arn:aws:iam::333333333333:role/app", path: "o-zzzzzzzzzz/r-zz99/" },
  { name: "arn:aws:iam::333333333333:role/nobody-names-it", path: "o-zzzzzzzzzz/r-zz99/" },
  { name: "cloudtrail.amazonaws.com" },
  { name: "logs.us-east-1.amazonaws.com" },
];

type Caller = (typeof callers)[number];

const fullAccess: Json = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

function contextOf({ name, arn = name, path = "" }: Caller, given: PolicyCase): PolicyCase["context"] {
  const { "aws:SourceArn": source, ...rest } = given.context;
  if (!name.startsWith("arn:")) {
    const chosen = Object.entries(given.context).filter(([key]) => !key.startsWith("aws:Principal"));
    return Object.fromEntries(chosen);
  }
  return {
    ...rest,
    "aws:PrincipalAccount": name.split(":")[4] ?? "",
    "aws:PrincipalArn": arn,
    "aws:PrincipalOrgID": path.split("/")[0] ?? "",
    "aws:PrincipalOrgPaths": [path],
  };
}

async function isAllowed(caller: Caller, given: PolicyCase, keyPolicy: Json): Promise<boolean> {
  const { outcome } = await askOracle({
    principal: caller.name,
    action: given.action,
    context: contextOf(caller, given),
    keyPolicy,
    identityPolicies: caller.name.startsWith("arn:") ? [fullAccess] : [],
    serviceControl: [],
    resourceControl: [],
  });
  return outcome === "allowed";
}

type Fields = Readonly<Record<string, Json>>;

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const statementsOf = (policy: Json): Fields[] => (isFields(policy) ? listOf(policy.Statement).filter(isFields) : []);

type Edit = (policy: Json, other: Json, at: number) => Fields[];

/** One statement as a hand leaves it; no statement where it takes it away. */
function edited(change: (statement: Fields, other: Fields) => readonly Fields[]): Edit {
  return (policy, given, at) => {
    const others = statementsOf(given);
    return statementsOf(policy).flatMap((statement, index, all) =>
      index === at % all.length ? change(statement, others[at % others.length] ?? {}) : [statement],
    );
  };
}

const names = (statement: Fields): readonly Json[] =>
  isFields(statement.Principal) ? listOf(statement.Principal.AWS) : [];

function withNames(statement: Fields, change: (names: readonly Json[]) => readonly Json[]): Fields {
  const AWS = change(names(statement));
  return names(statement).length === 0 || AWS.length === 0
    ? statement
    : { ...statement, Principal: { ...(statement.Principal as Fields), AWS } };
}

function withValues(statement: Fields, change: (values: readonly Json[]) => readonly Json[]): Fields {
  if (!isFields(statement.Condition)) return statement;
  const condition = Object.entries(statement.Condition).map(([operator, keys]) => [
    operator,
    Object.fromEntries(
      Object.entries(keys as Fields).map(([key, values]) => {
        const left = change(listOf(values));
        return [key, left.length === 0 ? values : left];
      }),
    ),
  ]);
  return { ...statement, Condition: Object.fromEntries(condition) };
}

const edits = fc.constantFrom<Edit>(
  (_, other) => statementsOf(other),
  (policy, other) => [...statementsOf(policy), ...statementsOf(other)],
  edited(() => []),
  edited(({ Condition: _, ...rest }) => [rest]),
  edited((statement, other) => [
    { ...statement, ...(other.Condition === undefined ? {} : { Condition: other.Condition }) },
  ]),
  edited((statement, other) => [withNames(statement, (own) => [...own, ...names(other)])]),
  edited((statement) => [withNames(statement, (own) => own.slice(1))]),
  edited((statement) => [withValues(statement, (values) => values.slice(1))]),
  edited((statement) => [
    withValues(statement, (values) => [...values, `arn:aws:iam::222222222222:role/app`, "222222222222"]),
  ]),
  edited((statement) => [{ ...statement, Action: ["kms:Decrypt", ...listOf(statement.Action)] }].map(withoutNotAction)),
  edited((statement) => [{ ...statement, Effect: statement.Effect === "Deny" ? "Allow" : "Deny" }]),
);

function withoutNotAction({ NotAction: _, ...statement }: Fields): Fields {
  return statement;
}

/** Whether a line says of somebody that he may do something. */
function tells({ who, actions }: AccessChange, { name, arn = name }: Caller, action: string): boolean {
  if (!actions.some((each) => matchWildcards(each, action, { ignoreCase: true }) === true)) return false;
  if (who.startsWith("anybody")) return true;
  const requester = parseRequester(name);
  if (requester === undefined || requester.kind === "service") return who.split(".")[0] === name.split(".")[0];
  return (
    who === name || matchWildcards(who, arn) === true || matchWildcards(who, `account ${requester.accountId}`) === true
  );
}

test(`whoever gains or loses by one of ${cases} generated changes of a policy is told`, async () => {
  const answers = { gains: 0, loses: 0, quiet: 0 };
  const change = fc.record({
    given: policyCases,
    other: policyCases,
    edit: edits,
    at: fc.nat(),
    caller: fc.constantFrom(...callers),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ given, other, edit, at, caller }) => {
      const before = given.keyPolicy;
      const Version = isFields(before) ? (before.Version ?? "2008-10-17") : "2012-10-17";
      const after: Json = { Version, Statement: edit(before, other.keyPolicy, at) };
      const changes = keyPolicyChanges(readKeyPolicy(before), readKeyPolicy(after), changePlace);
      const was = await isAllowed(caller, given, before);
      const is = await isAllowed(caller, given, after);
      const told = (effect: AccessChange["effect"]) =>
        changes.filter((line) => line.effect === effect && tells(line, caller, given.action));
      if (is && !was) {
        answers.gains += 1;
        expect(told("gains")).not.toEqual([]);
      } else if (was && !is) {
        answers.loses += 1;
        expect(told("loses")).not.toEqual([]);
      } else if (told("gains").length + told("loses").length === 0) {
        answers.quiet += 1;
      }
    }),
    { numRuns: cases, seed },
  );
  // The property would also hold for changes that change nothing, and for lines that tell everything of everybody.
  expect(answers.gains).toBeGreaterThan(cases * 0.01);
  expect(answers.loses).toBeGreaterThan(cases * 0.01);
  expect(answers.quiet).toBeGreaterThan(cases * 0.3);
}, 600_000);
