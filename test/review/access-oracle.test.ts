import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseRequester } from "../../modules/access/requester";
import { matchWildcards } from "../../modules/access/wildcard";
import { anyGrantee } from "../../modules/review/access/access-rows";
import type { ReviewedAccess } from "../../modules/review/review";
import type { Json, Output } from "../checks/sample-output";
import {
  adding,
  consumer,
  type Edit,
  ledger,
  onPolicy,
  onResource,
  onStatement,
  records,
  shared,
  small,
  withoutStatement,
} from "../checks/small-output";
import {
  contextsOf,
  isAllowed,
  type SimulatedKey,
  type SimulatedRequest,
  simulatedIdentities,
  simulatedKeys,
} from "./access-oracle";
import { reviewAccess } from "./review-access";

/** More: `ORACLE_CASES=2000 ORACLE_SEED=1 npx jest test/review/access-oracle`. */
const cases = Number(process.env.ORACLE_CASES ?? 25);
const seed = Number(process.env.ORACLE_SEED ?? 20260101);

/** Of each row, asked of the oracle. */
const MOST_ACTIONS = 6;

/** Somebody of each account whom no policy names, and somebody of none. */
const strangers = ["100000000001", "210000000001", "310000000001", "999999999999"].map(
  (accountId) => `arn:aws:iam::${accountId}:role/nobody-names-it`,
);
const usual = ["kms:Decrypt", "kms:Encrypt", "kms:DescribeKey", "kms:CreateGrant", "kms:ScheduleKeyDeletion"];

/** One request that is answered otherwise on one side than on the other. */
interface Shift extends SimulatedRequest {
  readonly effect: ReviewedAccess["effect"];
  readonly half: ReviewedAccess["half"];
  readonly key: SimulatedKey;
}

const simulated = new WeakMap<Output, ReturnType<typeof simulate>>();
function simulate(output: Output) {
  return { keys: simulatedKeys(output), identities: simulatedIdentities(output) };
}
function simulationOf(output: Output) {
  const known = simulated.get(output) ?? simulate(output);
  simulated.set(output, known);
  return known;
}

/** What the oracle finds, asked as everybody whom the difference names, in every context that it speaks of. */
function shiftsBetween(before: Output, after: Output, rows: readonly ReviewedAccess[]): Shift[] {
  const [was, is] = [simulationOf(before), simulationOf(after)];
  const told = [...new Set(rows.flatMap(({ actions }) => actions.slice(0, MOST_ACTIONS)))];
  const shifts: Shift[] = [];
  const ask = (
    half: Shift["half"],
    [keyBefore, keyAfter]: readonly [SimulatedKey, SimulatedKey],
    [identityBefore, identityAfter]: readonly [readonly Json[], readonly Json[]],
    requests: readonly SimulatedRequest[],
  ) => {
    for (const request of requests) {
      const could = isAllowed(half, keyBefore, identityBefore, request);
      const can = isAllowed(half, keyAfter, identityAfter, request);
      if (could !== can) shifts.push({ ...request, half, key: keyAfter, effect: can ? "gains" : "loses" });
    }
  };
  for (const [name, key] of is.keys) {
    const former = was.keys.get(name);
    if (former === undefined) continue;
    const statements = differingStatements([former.policy], [key.policy]);
    if (statements.length === 0) continue;
    const around = speaking(statements, [former.policy, key.policy]);
    ask("key", [former, key], [[], []], requestsOf(around, callersOf(statements), told, statements));
  }
  for (const caller of new Set([...was.identities.keys(), ...is.identities.keys()])) {
    const [had, has] = [was.identities.get(caller) ?? [], is.identities.get(caller) ?? []];
    const statements = differingStatements(had, has);
    if (statements.length === 0) continue;
    const requests = requestsOf(speaking(statements, [...had, ...has]), [caller], told, statements);
    for (const key of is.keys.values()) ask("identity", [key, key], [had, has], requests);
  }
  return shifts;
}

function statementsOf(policies: readonly Json[]): Json[] {
  return policies.flatMap((policy) => [policy.Statement].flat());
}

function differingStatements(before: readonly Json[], after: readonly Json[]): Json[] {
  const [old, fresh] = [before, after].map(
    (policies) => new Set(statementsOf(policies).map((each) => JSON.stringify(each))),
  );
  const only = (one: Set<string> | undefined, other: Set<string> | undefined): string[] =>
    [...(one ?? [])].filter((each) => other?.has(each) !== true);
  return [...only(old, fresh), ...only(fresh, old)].map((each): Json => JSON.parse(each));
}

/** What a Deny takes away, some other statement gives, in contexts of its own. */
function speaking(statements: readonly Json[], policies: readonly Json[]): readonly Json[] {
  const isDeny = statements.some(({ Effect }) => Effect === "Deny");
  return isDeny ? [...statements, ...statementsOf(policies).filter(({ Effect }) => Effect === "Allow")] : statements;
}

function callersOf(statements: readonly Json[]): string[] {
  const names = statements.flatMap(({ Principal }) =>
    typeof Principal === "string" ? [] : [Principal.AWS ?? [], Principal.Service ?? []].flat(),
  ) as string[];
  const conditions = (JSON.stringify(statements).match(/arn:aws:iam::\d{12}:(role|user)\/[\w/-]+/g) ?? []) as string[];
  const principals = [...names, ...conditions].filter((name) => {
    const requester = parseRequester(name);
    return requester !== undefined && requester.kind !== "root";
  });
  return [...new Set([...principals, ...strangers])];
}

/** @param around whose conditions the contexts fulfil, or fail */
function requestsOf(
  around: readonly Json[],
  callers: readonly string[],
  told: readonly string[],
  statements: readonly Json[],
): SimulatedRequest[] {
  const named = statements.flatMap(({ Action }) => [Action ?? []].flat() as string[]);
  const plain = named.filter((action) => /^kms:\w+$/.test(action)).slice(0, 4);
  // "The kms:RetireGrant permission is not effective in a key policy", which the oracle does not know.
  const actions = [...new Set([...usual, ...plain, ...told])].filter((name) => /^kms:(?!RetireGrant$)\w+$/.test(name));
  const contexts = contextsOf(around);
  return callers.flatMap((principal) =>
    actions.flatMap((action) => contexts.map((context) => ({ principal, action, context }))),
  );
}

function isAbout(row: ReviewedAccess, { half, key, principal, action, effect }: Shift): boolean {
  return (
    row.half === half &&
    row.effect === effect &&
    row.actions.some((each) => matchWildcards(each, action, { ignoreCase: true }) === true) &&
    isKey(row, key) &&
    isWho(row.who, principal)
  );
}

function isKey({ key: name, regions }: ReviewedAccess, { arn, aliases }: SimulatedKey): boolean {
  const region = arn.split(":")[3] ?? "";
  if (!name.startsWith("alias/")) return name.startsWith("everything but") || matchWildcards(name, arn) === true;
  return aliases.includes(name) && regions.includes(region);
}

function isWho(who: string, principal: string): boolean {
  if (who.startsWith("anybody") || who === anyGrantee || who === principal) return true;
  const requester = parseRequester(principal);
  if (requester === undefined || requester.kind === "service") return false;
  return who === `account ${requester.accountId}` || matchWildcards(who, principal) === true;
}

const shiftText = ({ effect, principal, action, half, key, context }: Shift): string =>
  `${principal} ${effect} ${action} on ${key.aliases[0]} by the ${half} half with ${JSON.stringify(context)}`;

interface Compared {
  readonly shifts: readonly Shift[];
  /** What the oracle finds and the review does not tell. */
  readonly missed: readonly string[];
  /** What the review tells and the oracle does not find in any context. */
  readonly falseAlarms: readonly string[];
}

function compared(before: Output, after: Output): Compared {
  const changes = reviewAccess(before, after);
  const rows = changes.flatMap(({ access }) => access);
  const shifts = shiftsBetween(before, after, rows);
  const isUnread = changes.some(({ id }) => id === "access-unreadable");
  return {
    shifts,
    missed: isUnread ? [] : shifts.filter((shift) => !rows.some((row) => isAbout(row, shift))).map(shiftText),
    // Grants that services make are in no stack.
    falseAlarms: rows
      .filter(({ who }) => who !== anyGrantee)
      .flatMap((row) =>
        row.actions
          .slice(0, MOST_ACTIONS)
          .filter((action) => action !== "kms:RetireGrant" && /^kms:\w+$/.test(action))
          .filter((action) => !shifts.some((shift) => isAbout({ ...row, actions: [action] }, shift)))
          .map((action) => `${row.who} ${row.effect} ${action} on ${row.key} through ${row.through}`),
      ),
  };
}

const app = "arn:aws:iam::210000000001:role/new-app";
const viaS3 = { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "rds.us-east-1.amazonaws.com"] } };
const grantId = "shared_confidential_prod_us-east-1_shop_shop-batch";

const onGrant = (change: (grant: Json) => void): Edit => onResource(shared.stack, "aws_kms_grant", grantId, change);
const onConsumer =
  (role: string, change: (statement: Json) => void): Edit =>
  (output) =>
    output.edit(consumer.stack, (json) => {
      const policy = json.locals[`consumer_role_${role}-policy`];
      if (policy === undefined) throw new Error(`there is no policy of ${role}`);
      for (const statement of policy.Statement) change(statement);
    });

const table: readonly (readonly [what: string, edit: Edit])[] = [
  ["a role more", adding(ledger, { Principal: { AWS: app } })],
  ["a role of another zone", adding(ledger, { Principal: { AWS: "arn:aws:iam::310000000001:role/x" } })],
  ["a role through two services", adding(ledger, { Principal: { AWS: app }, Condition: viaS3 })],
  ["everybody", adding(ledger, { Principal: "*" })],
  ["a whole account", adding(ledger, { Principal: { AWS: "210000000001" }, Action: ["kms:Decrypt", "kms:Sign"] })],
  ["a service", adding(ledger, { Principal: { Service: "sns.amazonaws.com" } })],
  ["the owner's role", adding(records, { Principal: { AWS: "arn:aws:iam::310000000001:role/other" } })],
  ["a new Deny", adding(ledger, { Effect: "Deny", Principal: { AWS: ledger.user }, Action: "kms:Encrypt" })],
  ["a Deny that goes", withoutStatement(ledger, "OnlyBreakGlassDestroys")],
  ["users that go", withoutStatement(ledger, "UseLedgerProdLedger")],
  [
    "an encryption context that goes",
    onStatement(ledger, "UseLedgerProdLedger", (statement) => {
      statement.Condition = undefined;
    }),
  ],
  [
    "an encryption context that comes",
    onStatement(records, "UseRecordsProdRecords", (statement) => {
      statement.Condition.StringEquals["kms:EncryptionContext:step"] = ["billing"];
    }),
  ],
  ["a grant with an operation more", onGrant((grant) => grant.operations.push("Encrypt"))],
  ["a grant with another operation", onGrant((grant) => grant.operations.splice(0, 1, "DescribeKey"))],
  [
    "a grant without its constraint",
    onGrant((grant) => {
      grant.constraints = undefined;
    }),
  ],
  [
    "a grant that is narrower",
    onGrant((grant) => {
      grant.constraints = [{ encryption_context_equals: { app: "shop", job: "night" } }];
    }),
  ],
  [
    "a grant to somebody else",
    onGrant((grant) => {
      grant.grantee_principal = app;
    }),
  ],
  [
    "a grant that goes",
    (output) =>
      output.edit(shared.stack, (json) => {
        delete json.resource.aws_kms_grant[grantId];
      }),
  ],
  [
    "a consumer policy for any service",
    onConsumer("shop-api", (statement) => {
      delete statement.Condition.StringEquals;
    }),
  ],
  [
    "a consumer policy for one more alias",
    onConsumer("shop-api", (statement) => {
      statement.Condition["ForAnyValue:StringEquals"]["kms:ResourceAliases"].push("alias/ledger-ebs");
    }),
  ],
  [
    "a consumer policy for one action less",
    onConsumer("ledger", (statement) => {
      if (statement.Action.length > 1)
        statement.Action = statement.Action.filter((each: string) => each !== "kms:Decrypt");
    }),
  ],
  [
    "a consumer policy with a Deny",
    (output) =>
      output.edit(consumer.stack, (json) => {
        json.locals["consumer_role_ledger-policy"].Statement.push({
          Sid: "No",
          Effect: "Deny",
          Action: ["kms:Decrypt"],
          Resource: ["*"],
        });
      }),
  ],
  [
    "a consumer policy on somebody else",
    onResource(consumer.stack, "aws_iam_role_policy_attachment", "role_shop-api", (attachment) => {
      attachment.role = "ledger";
    }),
  ],
  ["no consumer policies at all", (output) => output.without(consumer.stack)],
  [
    "statements in another order",
    onPolicy(ledger, (policy) => {
      policy.Statement.reverse();
    }),
  ],
  [
    "one statement written as two",
    onPolicy(ledger, (policy) => {
      const [first] = policy.Statement;
      policy.Statement[0] = { ...first, Action: first.Action.slice(0, 5) };
      policy.Statement.push({ ...first, Sid: "Rest", Action: first.Action.slice(5) });
    }),
  ],
];

test.each(table)("oracle and review say the same of %s, and of the way back", (_, edit) => {
  const after = edit(small);
  for (const { missed, falseAlarms } of [compared(small, after), compared(after, small)]) {
    expect(missed).toEqual([]);
    expect(falseAlarms).toEqual([]);
  }
});

/** Every policy of the small organization, and every grant. */
const places = [...small.texts].flatMap(([stack, text]) => {
  const json: Json = JSON.parse(text);
  if (!/account/.test(json["//"].orgkeys.kind ?? "account")) return [];
  return [
    ...Object.keys(json.locals ?? {})
      .filter((name) => Array.isArray(json.locals[name].Statement))
      .map((name) => ({ stack, part: "locals", name })),
    ...Object.keys(json.resource?.aws_kms_grant ?? {}).map((name) => ({ stack, part: "grant", name })),
  ];
});

const values = [
  "s3.us-east-1.amazonaws.com",
  "alias/ledger",
  "alias/shared-prod-key",
  app,
  "310000000001",
  "patient",
  "*",
];
const principals = [app, ledger.user, records.user, "arn:aws:iam::310000000001:root", "210000000001", "*"];

type Mutation = (statement: Json, value: string, principal: string, at: number) => readonly Json[];

const onCondition =
  (change: (values: string[], value: string, at: number) => string[]): Mutation =>
  (statement, value, _, at) => {
    const parts = Object.entries<Json>(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.keys(keys).map((key) => [operator, key] as const),
    );
    const [operator, key] = parts[at % parts.length] ?? [];
    if (operator === undefined || key === undefined) return [statement];
    const left = change(statement.Condition[operator][key], value, at);
    const { [key]: _old, ...others } = statement.Condition[operator];
    return [
      {
        ...statement,
        Condition: { ...statement.Condition, [operator]: left.length === 0 ? others : { ...others, [key]: left } },
      },
    ].map(withoutEmpty);
  };

function withoutEmpty(statement: Json): Json {
  const kept = Object.entries<Json>(statement.Condition).filter(([, keys]) => Object.keys(keys).length > 0);
  return { ...statement, Condition: kept.length === 0 ? undefined : Object.fromEntries(kept) };
}

const mutations: readonly Mutation[] = [
  () => [],
  ({ Condition: _, ...rest }) => [rest],
  onCondition(() => []),
  onCondition((list, value) => [...list, value]),
  onCondition((list) => list.slice(1)),
  onCondition((_, value) => [value]),
  (statement, _, principal) => [
    statement.Principal === undefined
      ? statement
      : {
          ...statement,
          Principal: principal === "*" ? "*" : { AWS: [...[statement.Principal.AWS ?? []].flat(), principal] },
        },
  ],
  (statement, _, principal) => [
    statement.Principal === undefined
      ? statement
      : { ...statement, Principal: principal === "*" ? "*" : { AWS: [principal] } },
  ],
  (statement) => [{ ...statement, Effect: statement.Effect === "Allow" ? "Deny" : "Allow" }],
  (statement, _, __, at) => [{ ...statement, Action: [...statement.Action, usual[at % usual.length]] }],
  (statement, _, __, at) => [{ ...statement, Action: [statement.Action[at % statement.Action.length]] }],
  (statement) => [{ ...statement, Action: ["kms:*"] }],
  (statement, value, principal) => [
    statement,
    {
      ...statement,
      Sid: "Other",
      Condition: { StringEquals: { "kms:EncryptionContext:app": [value] } },
      ...(statement.Principal === undefined ? {} : { Principal: principal === "*" ? "*" : { AWS: [principal] } }),
    },
  ],
];

const grantMutations: readonly ((grant: Json, principal: string) => void)[] = [
  (grant) => grant.operations.push("Encrypt"),
  (grant) => grant.operations.splice(0, 1, "GenerateDataKey"),
  (grant) => {
    grant.constraints = undefined;
  },
  (grant) => {
    grant.constraints = [{ encryption_context_equals: { app: "shop" } }];
  },
  (grant) => {
    grant.constraints = [{ encryption_context_subset: { app: "shop", job: "night" } }];
  },
  (grant, principal) => {
    grant.grantee_principal = principal.startsWith("arn:") ? principal : app;
  },
];

const change = fc.record({
  place: fc.constantFrom(...places),
  mutation: fc.nat(),
  value: fc.constantFrom(...values),
  principal: fc.constantFrom(...principals),
  at: fc.nat(100),
});

function mutated(
  output: Output,
  { place, mutation, value, principal, at }: typeof change extends fc.Arbitrary<infer T> ? T : never,
): Output {
  return output.edit(place.stack, (json) => {
    if (place.part === "grant") {
      grantMutations[mutation % grantMutations.length]?.(json.resource.aws_kms_grant[place.name], principal);
      return;
    }
    const policy = json.locals[place.name];
    const index = at % policy.Statement.length;
    const changed = mutations[mutation % mutations.length]?.(policy.Statement[index], value, principal, at) ?? [];
    policy.Statement.splice(index, 1, ...changed);
    if (policy.Statement.length === 0)
      policy.Statement.push({ Effect: "Deny", Action: ["kms:Nothing"], Resource: ["*"] });
  });
}

test(`whoever gains or loses by one of ${cases} generated changes is told`, () => {
  const answers = { gains: 0, loses: 0, quiet: 0 };
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (edits) => {
      const after = edits.reduce(mutated, small);
      const { shifts, missed } = compared(small, after);
      expect(missed).toEqual([]);
      const effects = new Set(shifts.map(({ effect }) => effect));
      for (const effect of effects) answers[effect] += 1;
      if (effects.size === 0) answers.quiet += 1;
    }),
    { numRuns: cases, seed },
  );
  // The property would also hold for changes that change nothing.
  expect(answers.gains).toBeGreaterThan(cases * 0.2);
  expect(answers.loses).toBeGreaterThan(cases * 0.2);
}, 600_000);
