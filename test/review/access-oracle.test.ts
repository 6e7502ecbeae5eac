import { expect, test } from "@jest/globals";
import fc from "fast-check";
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
import { type Compared, compareWithOracle, usualActions } from "./compare-with-oracle";
import { reviewAccess } from "./review-access";

/** More: `ORACLE_CASES=2000 ORACLE_SEED=1 npx jest test/review/access-oracle`. */
const cases = Number(process.env.ORACLE_CASES ?? 25);
const seed = Number(process.env.ORACLE_SEED ?? 20260101);

function compared(before: Output, after: Output): Compared {
  return compareWithOracle(before, after, reviewAccess(before, after));
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
  (statement, _, __, at) => [{ ...statement, Action: [...statement.Action, usualActions[at % usualActions.length]] }],
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
