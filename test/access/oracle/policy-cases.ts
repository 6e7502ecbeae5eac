import fc from "fast-check";

/** An IAM policy as it is written, in any of the forms that AWS accepts. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One generated request with everything that decides over it. All values are literal: nothing is unknown. */
export interface PolicyCase {
  readonly principal: string;
  readonly action: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly keyPolicy: Json;
  readonly identityPolicies: readonly Json[];
  readonly serviceControl: readonly (readonly Json[])[];
  readonly resourceControl: readonly (readonly Json[])[];
}

export const owner = "111111111111";
export const keyId = "mrk-1234abcd12ab34cd56ef1234567890ab";
export const keyArn = `arn:aws:kms:us-east-1:${owner}:key/${keyId}`;
const user = "222222222222";
const stranger = "333333333333";

/** Few and related, so that generated policies meet generated requests often. */
const principals = [
  `arn:aws:iam::${owner}:role/app`,
  `arn:aws:iam::${owner}:user/alice`,
  `arn:aws:sts::${owner}:assumed-role/app/one`,
  `arn:aws:iam::${user}:role/app`,
  `arn:aws:iam::${user}:role/team/batch`,
  `arn:aws:sts::${user}:assumed-role/app/one`,
  `arn:aws:sts::${user}:assumed-role/batch/two`,
  `arn:aws:iam::${user}:user/bob`,
  `arn:aws:iam::${stranger}:role/app`,
  "logs.us-east-1.amazonaws.com",
  "cloudtrail.amazonaws.com",
];
/** All of these work across accounts: that others do not is KMS's own rule, and the oracle does not know it. */
const actions = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:ListGrants",
];

const named = [
  ...principals.filter((name) => name.startsWith("arn:")).map((AWS) => ({ AWS })),
  ...[owner, user, stranger].flatMap((account) => [{ AWS: account }, { AWS: `arn:aws:iam::${account}:root` }]),
  { AWS: "*" },
  { Service: "logs.us-east-1.amazonaws.com" },
  { Service: "cloudtrail.amazonaws.com" },
  { Federated: `arn:aws:iam::${owner}:saml-provider/idp` },
];

const actionPatterns = [
  ...actions,
  ...actions,
  "kms:*",
  "kms:De*",
  "KMS:decrypt",
  "kms:?ecrypt",
  "kms:*Grant*",
  "kms:Generate*",
  "kms:*e*r*",
  "*",
  "s3:*",
  "kms:Sign",
];

const resourcePatterns = [
  "*",
  "*",
  keyArn,
  `arn:aws:kms:us-east-1:${owner}:key/*`,
  `arn:aws:kms:*:${owner}:key/mrk-*`,
  `arn:aws:kms:us-east-1:*:key/mrk-1234*ab`,
  `arn:aws:kms:us-west-2:${owner}:key/*`,
  `arn:aws:kms:us-east-1:${user}:key/*`,
  `arn:aws:kms:us-east-1:${owner}:alias/*`,
  `arn:aws:kms:us-east-?:${owner}:key/mrk-1234abcd12ab34cd56ef1234567890a?`,
  `arn:aws:kms:us-east-1:${owner}:key/\${aws:PrincipalTag/key}`,
  `arn:aws:kms:us-east-1:${owner}:key/\${aws:PrincipalTag/key, '${keyId}'}`,
];

interface KeyPool {
  readonly key: string;
  readonly operators: readonly string[];
  readonly values: readonly string[];
  readonly actual: readonly (string | readonly string[])[];
}

const strings = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
];
const arns = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"];
const ordered = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];

export const keyPools: readonly KeyPool[] = [
  {
    key: "kms:ViaService",
    operators: strings,
    values: ["s3.us-east-1.amazonaws.com", "S3.us-east-1.amazonaws.com", "s3.*.amazonaws.com", "ec2.us-east-?.*", "*"],
    actual: ["s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", ""],
  },
  {
    key: "aws:PrincipalTag/app",
    operators: strings,
    values: [
      "payments",
      "Payments",
      "pay*",
      "${aws:PrincipalTag/team}",
      "${aws:PrincipalTag/team, 'payments'}",
      "${*}",
    ],
    actual: ["payments", "orders", "*", "a?", "pay*"],
  },
  {
    key: "aws:PrincipalTag/team",
    operators: strings,
    values: ["payments", "${aws:PrincipalTag/app}", "o*", "${aws:PrincipalTag/app}*"],
    actual: ["payments", "orders", "pay*"],
  },
  {
    key: "aws:PrincipalTag/key",
    operators: strings,
    values: [keyId, "mrk-*"],
    actual: [keyId, "mrk-*", "other"],
  },
  {
    key: "aws:PrincipalAccount",
    operators: [...strings, "NumericEquals"],
    values: [owner, user, "2*"],
    actual: [owner, user, stranger],
  },
  {
    key: "aws:PrincipalOrgID",
    operators: strings,
    values: ["o-a1b2c3d4e5", "o-*"],
    actual: ["o-a1b2c3d4e5", "o-zzzzzzzzzz"],
  },
  {
    key: "aws:PrincipalOrgPaths",
    operators: strings,
    values: ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*", "o-a1b2c3d4e5/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"],
    actual: [
      ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"],
      ["o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/"],
      ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-zzzzzzzzzz/r-ab12/"],
    ],
  },
  {
    key: "aws:CalledVia",
    operators: strings,
    values: ["athena.amazonaws.com", "*.amazonaws.com", "ATHENA.amazonaws.com"],
    actual: [["athena.amazonaws.com"], ["athena.amazonaws.com", "glue.amazonaws.com"], ["glue.amazonaws.com"]],
  },
  {
    key: "kms:GrantOperations",
    operators: strings,
    values: ["Decrypt", "Encrypt", "Generate*", "decrypt"],
    actual: [["Decrypt"], ["Decrypt", "Encrypt"], ["GenerateDataKey", "Decrypt", "DescribeKey"]],
  },
  {
    key: "kms:ResourceAliases",
    operators: strings,
    values: ["alias/app", "alias/*", "alias/o?her"],
    actual: [["alias/app"], ["alias/other"], ["alias/app", "alias/other"]],
  },
  {
    key: "aws:PrincipalArn",
    operators: [...arns, "StringLike", "StringNotLike", "StringEquals"],
    values: [
      `arn:aws:iam::${owner}:role/*`,
      `arn:aws:iam::${user}:role/app`,
      "arn:aws:iam::*:role/app",
      `arn:*:iam::${user}:*`,
      "${aws:SourceArn}",
    ],
    actual: [`arn:aws:iam::${owner}:role/app`, `arn:aws:iam::${user}:role/app`, `arn:aws:iam::${user}:role/team/batch`],
  },
  {
    key: "aws:SourceArn",
    operators: arns,
    values: [
      `arn:aws:cloudtrail:*:${owner}:trail/*`,
      `arn:aws:logs:us-east-1:${owner}:log-group:/app/*`,
      `arn:aws:logs:us-east-1:${owner}:*:*`,
      "arn:aws:logs:us-east-1:*:log-group:?app?x",
    ],
    actual: [`arn:aws:logs:us-east-1:${owner}:log-group:/app/x`, `arn:aws:cloudtrail:us-east-1:${owner}:trail/main`],
  },
  {
    key: "aws:SourceIp",
    operators: ["IpAddress", "NotIpAddress"],
    values: ["10.0.0.0/8", "10.1.2.3", "192.168.0.0/16", "10.1.2.3/31", "10.1.2.0/23"],
    actual: ["10.1.2.3", "10.200.0.1", "192.168.1.1", "10.1.3.255"],
  },
  {
    // Two families in one comparison are a case of their own.
    key: "aws:VpcSourceIp",
    operators: ["IpAddress", "NotIpAddress"],
    values: ["2001:db8::/32", "2001:db8:1::1/128", "2001:db8:1::/127"],
    actual: ["2001:db8:1::1", "2001:0db8:0001:0000:0000:0000:0000:0002", "2002::1", "2001:DB8::"],
  },
  {
    key: "aws:SecureTransport",
    operators: ["Bool"],
    values: ["true", "false"],
    actual: ["true", "false"],
  },
  {
    key: "aws:MultiFactorAuthAge",
    operators: ordered.map((name) => `Numeric${name}`),
    values: ["90", "365", "365.5", "-1", "0090"],
    actual: ["90", "365", "366", "365.50"],
  },
  {
    key: "aws:CurrentTime",
    operators: ordered.map((name) => `Date${name}`),
    values: ["2026-01-01T00:00:00Z", "2026-06-30", "2027-01-01T00:00:00+02:00"],
    actual: ["2026-01-01T00:00:00Z", "2026-07-01T12:00:00Z", "2026-12-31T22:00:00Z", "2025-01-01"],
  },
  {
    key: "aws:TokenIssueTime",
    operators: ["Null", "DateLessThan"],
    values: ["true", "false"],
    actual: ["2026-01-01T00:00:00Z"],
  },
  {
    key: "kms:RequestAlias",
    operators: [...strings, "BinaryEquals"],
    values: ["YWxpYXM=", "YWxpYXMx", "QQ=="],
    actual: ["YWxpYXM=", "QQ=="],
  },
];

const pick = <Item>(items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items);
const oneOrMore = (items: readonly string[]): fc.Arbitrary<string | string[]> =>
  fc.oneof(
    { weight: 2, arbitrary: pick(items) },
    { weight: 1, arbitrary: fc.array(pick(items), { minLength: 1, maxLength: 3 }) },
  );

const operatorForm = (name: string): fc.Arbitrary<string> =>
  name === "Null"
    ? fc.constant(name)
    : fc
        .tuple(pick(["", "", "ForAnyValue:", "ForAllValues:"]), pick(["", "", "IfExists"]))
        .map(([set, ifExists]) => `${set}${name}${ifExists}`);

/**
 * Where AWS's documentation decides against the oracle, and `settled-cases.ts` holds the cases with their sources: inverted
 * operators match a variable that has no value, and `${*}` is a plain asterisk to operators without wildcards too.
 */
const settled = (operator: string, value: string): boolean =>
  (operator.includes("Not") && /\$\{aws:[^,}]*\}/.test(value)) ||
  (!operator.endsWith("Like") && value.includes("${*}"));

const anyCondition = pick(keyPools).chain((pool) =>
  fc
    .tuple(
      fc.oneof({ weight: 8, arbitrary: pick(pool.operators) }, { weight: 1, arbitrary: fc.constant("Null") }),
      fc.boolean(),
    )
    .chain(([operator, lowerCase]) =>
      fc.tuple(
        operatorForm(operator),
        fc.constant(lowerCase ? pool.key.toLowerCase() : pool.key),
        oneOrMore(operator === "Null" ? ["true", "false"] : pool.values.filter((value) => !settled(operator, value))),
      ),
    ),
);

const conditionBlock: fc.Arbitrary<Json | undefined> = fc
  .oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(anyCondition, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(anyCondition, { minLength: 2, maxLength: 3 }) },
  )
  .map((conditions) => {
    if (conditions.length === 0) return undefined;
    const block: Record<string, Record<string, Json>> = {};
    for (const [operator, key, values] of conditions) block[operator] = { ...block[operator], [key]: values };
    return block;
  });

const actionElement = fc.oneof(
  { weight: 9, arbitrary: oneOrMore(actionPatterns).map((Action): Record<string, Json> => ({ Action })) },
  { weight: 1, arbitrary: oneOrMore(actionPatterns).map((NotAction): Record<string, Json> => ({ NotAction })) },
);
const resourceElement = fc.oneof(
  { weight: 9, arbitrary: oneOrMore(resourcePatterns).map((Resource): Record<string, Json> => ({ Resource })) },
  { weight: 1, arbitrary: oneOrMore(resourcePatterns).map((NotResource): Record<string, Json> => ({ NotResource })) },
);
const nameSets = fc.array(pick(named), { minLength: 1, maxLength: 3 }).map((names) => {
  const joined: Record<string, string[]> = {};
  for (const [type, name] of names.flatMap((entry) => Object.entries(entry))) {
    joined[type] = [...(joined[type] ?? []), name];
  }
  return Object.fromEntries(
    Object.entries(joined).map(([type, list]): [string, Json] => [type, list.length === 1 ? (list[0] ?? "") : list]),
  );
});
const principalElement = fc.oneof(
  { weight: 10, arbitrary: nameSets.map((Principal): Record<string, Json> => ({ Principal })) },
  { weight: 2, arbitrary: fc.constant<Record<string, Json>>({ Principal: "*" }) },
  { weight: 1, arbitrary: nameSets.map((NotPrincipal): Record<string, Json> => ({ NotPrincipal })) },
);

const statement = (
  who: fc.Arbitrary<Record<string, Json>>,
  effects: readonly string[],
  resource: fc.Arbitrary<Record<string, Json>> = resourceElement,
  actionsOf: fc.Arbitrary<Record<string, Json>> = actionElement,
): fc.Arbitrary<Json> =>
  fc
    .tuple(who, pick(effects), actionsOf, resource, conditionBlock)
    .map(([principal, Effect, action, where, Condition]) => ({
      ...principal,
      Effect,
      ...action,
      ...where,
      ...(Condition === undefined ? {} : { Condition }),
    }));

const nobody = fc.constant<Record<string, Json>>({});
/** Variables are for the newer version alone; that they are plain text in the older one is a case of its own. */
const newerForVariables = (policy: Readonly<Record<string, Json>>): Json =>
  JSON.stringify(policy).includes("${") ? { ...policy, Version: "2012-10-17" } : policy;

const versions = ["2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17"];
const document = (
  statements: fc.Arbitrary<Json>,
  maxLength: number,
  version: fc.Arbitrary<string> = pick(versions),
): fc.Arbitrary<Json> =>
  fc
    .tuple(version, fc.oneof(statements, fc.array(statements, { minLength: 1, maxLength })))
    .map(([Version, Statement]) => newerForVariables({ Version, Statement }));

const everything: Json = { Effect: "Allow", Action: "*", Resource: "*" };
const fullAccess: Json = { Version: "2012-10-17", Statement: [everything] };
const mostlyAllow = ["Allow", "Allow", "Allow", "Allow", "Deny"];
const denies = document(statement(nobody, ["Deny"]), 2);

const keyPolicy = document(
  statement(
    principalElement,
    mostlyAllow,
    fc.oneof(
      { weight: 6, arbitrary: fc.constant<Record<string, Json>>({ Resource: "*" }) },
      { weight: 1, arbitrary: resourceElement },
    ),
  ),
  4,
);
const identityPolicies = fc.oneof(
  fc.constant([]),
  fc.constant([fullAccess]),
  fc.constant([fullAccess]),
  fc.array(document(statement(nobody, mostlyAllow), 2), { minLength: 1, maxLength: 2 }),
);
const serviceControl = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constant([[fullAccess], [fullAccess]]) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.oneof(
        denies.map((policy) => [fullAccess, policy]),
        document(statement(nobody, mostlyAllow), 2).map((policy) => [policy]),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
);
const everybody = fc.constant<Record<string, Json>>({ Principal: "*" });
/** RCPs know neither NotAction nor a bare `*`, and no version but the newest. */
const rcpActions = oneOrMore(actionPatterns.filter((action) => action !== "*")).map(
  (Action): Record<string, Json> => ({ Action }),
);
const rcp = document(statement(everybody, ["Deny"], resourceElement, rcpActions), 2, fc.constant("2012-10-17"));
const resourceControl = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(fc.array(rcp, { maxLength: 2 }), {
      minLength: 1,
      maxLength: 2,
    }),
  },
);

const context = fc
  .tuple(
    ...keyPools.map((pool) =>
      fc.oneof(
        { weight: 2, arbitrary: fc.constant<string | readonly string[] | undefined>(undefined) },
        { weight: 3, arbitrary: pick(pool.actual) },
      ),
    ),
  )
  .map((values) =>
    Object.fromEntries(
      values.flatMap((value, index): [string, string | readonly string[]][] => {
        const pool = keyPools[index];
        return value === undefined || pool === undefined ? [] : [[pool.key, value]];
      }),
    ),
  );

/** What makes some of the cases allowed: a statement for the requester or its account, beside all the others. */
const friendly = fc.constantFrom("nobody", "requester", "account", "everybody");

function befriend(
  given: PolicyCase,
  whom: "nobody" | "requester" | "account" | "everybody",
  condition: Json | undefined,
): PolicyCase {
  if (whom === "nobody") return given;
  const isService = given.principal.endsWith(".amazonaws.com");
  const account = given.principal.split(":")[4] ?? owner;
  const Principal: Json =
    whom === "everybody"
      ? "*"
      : isService
        ? { Service: given.principal }
        : { AWS: whom === "requester" ? given.principal : `arn:aws:iam::${account}:root` };
  const statement: Json = {
    Sid: "Friendly",
    Effect: "Allow",
    Principal,
    Action: "kms:*",
    Resource: "*",
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  const { keyPolicy: before } = given;
  if (typeof before !== "object" || before === null || !("Statement" in before)) return given;
  return { ...given, keyPolicy: newerForVariables({ ...before, Statement: [statement, before.Statement].flat() }) };
}

export const policyCases: fc.Arbitrary<PolicyCase> = fc
  .tuple(
    fc.record({
      principal: pick(principals),
      action: pick(actions),
      context,
      keyPolicy,
      identityPolicies,
      serviceControl,
      resourceControl,
    }),
    friendly,
    conditionBlock,
  )
  .map(([generated, whom, condition]) =>
    befriend(
      // AWS services are in no account: no IAM policy and no service control policy is theirs.
      generated.principal.endsWith(".amazonaws.com")
        ? { ...generated, identityPolicies: [], serviceControl: [] }
        : generated,
      whom,
      condition,
    ),
  );
