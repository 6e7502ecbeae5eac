import fc from "fast-check";
import type { Json } from "../sample-output";

/** An Allow, and maybe a Deny that takes it away again or only seems to. */
export interface GeneratedStatements {
  readonly allow: Json;
  readonly deny: Json | undefined;
}

/** @param own accounts of the key's zone: without many of them, nearly everything would be foreign */
export function generatedStatements(own: ReadonlySet<string>): fc.Arbitrary<GeneratedStatements> {
  const accounts = accountsBeside(own);
  const principals = principalsOf(accounts);
  const statement = (Effect: string, Sid: string, ...parts: readonly fc.Arbitrary<Json>[]): fc.Arbitrary<Json> =>
    fc.tuple(...parts).map((elements) => Object.assign({ Sid, Effect, Resource: "*" }, ...elements));
  const allow = statement("Allow", "Extra", principals, actions, conditionsOf(conditionOf(accounts)));
  const deny = statement(
    "Deny",
    "Never",
    // Mostly for everybody, and by what is not known of a request: the Denies that are easily taken for more than they are.
    fc.oneof({ weight: 2, arbitrary: fc.constant({ Principal: "*" }) }, principals),
    fc.oneof({ weight: 2, arbitrary: fc.constant({ Action: "kms:*" }) }, actions),
    conditionsOf(fc.oneof(byNothing, conditionOf(accounts))),
  );
  return fc.record({ allow, deny: fc.option(deny, { freq: 2, nil: undefined }) });
}

export interface GeneratedGrant {
  readonly arguments: Json;
  /** By hand: whether the grantee or the retiring principal is not surely in the zone. */
  readonly outside: boolean;
}

export function generatedGrant(own: ReadonlySet<string>, partition: string): fc.Arbitrary<GeneratedGrant> {
  const principal = fc.record({
    of: fc.oneof({ weight: 6, arbitrary: fc.constant(partition) }, fc.constantFrom("aws", "aws-us-gov", "aws-cn")),
    account: accountsBeside(own),
    resource: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom("role/web", "user/anna", "role/teams/web") },
      fc.constantFrom("role/*", "role/web ", "group/web"),
    ),
  });
  const arn = ({ of, account, resource }: { of: string; account: string; resource: string }): string =>
    `arn:${of}:iam::${account}:${resource}`;
  const isOutside = ({ of, account, resource }: { of: string; account: string; resource: string }): boolean =>
    of !== partition || !own.has(account) || /[* ]|^group/.test(resource);
  const operations = fc.constantFrom(["Decrypt"], ["Encrypt", "GenerateDataKey"], ["DescribeKey"]);
  return fc
    .tuple(principal, fc.option(principal, { nil: undefined }), operations)
    .map(([grantee, retiring, allowed]) => ({
      arguments: {
        grantee_principal: arn(grantee),
        ...(retiring === undefined ? {} : { retiring_principal: arn(retiring) }),
        operations: allowed,
      },
      outside: isOutside(grantee) || (retiring !== undefined && isOutside(retiring)),
    }));
}

function accountsBeside(own: ReadonlySet<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...own) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "310000000002",
        "320000000002",
        "210000000001",
        "100000000001",
        "888888888888",
        "999999999999",
      ),
    },
  );
}

/** As JSON has it: one, or a list. */
function few<Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item | Item[]> {
  return fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
}

/** Principal or NotPrincipal. */
function principalsOf(accounts: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  const resource = fc.constantFrom("root", "role/web", "user/anna", "role/payments-api", "role/teams/web");
  const name = fc.oneof(
    { weight: 2, arbitrary: accounts },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom("aws", "aws", "aws", "aws-us-gov"), accounts, resource)
        .map(([partition, id, rest]) => `arn:${partition}:iam::${id}:${rest}`),
    },
    { weight: 1, arbitrary: accounts.map((id) => `arn:aws:sts::${id}:assumed-role/web/session`) },
  );
  const anyName = fc.oneof({ weight: 4, arbitrary: name }, fc.constant("*"));
  const service = fc.constantFrom("sns.amazonaws.com", "logs.us-east-1.amazonaws.com", "s3.amazonaws.com");
  return fc.oneof(
    { weight: 6, arbitrary: few(anyName).map((AWS) => ({ Principal: { AWS } })) },
    { weight: 3, arbitrary: few(service).map((Service) => ({ Principal: { Service } })) },
    { weight: 5, arbitrary: fc.constant({ Principal: "*" }) },
    {
      weight: 1,
      arbitrary: fc.record({ AWS: few(anyName), Service: few(service) }).map((Principal) => ({ Principal })),
    },
    { weight: 1, arbitrary: few(name).map((AWS) => ({ NotPrincipal: { AWS } })) },
  );
}

const actions: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 3,
    arbitrary: few(
      fc.constantFrom(
        "kms:Decrypt",
        "kms:De*",
        "kms:*",
        "*",
        "kms:CreateGrant",
        "KMS:GENERATEDATAKEY",
        "kms:DescribeKey",
      ),
    ).map((Action) => ({ Action })),
  },
  {
    weight: 1,
    arbitrary: few(fc.constantFrom("kms:Encrypt", "kms:Create*", "s3:*", "kms:PutKeyPolicy")).map((NotAction) => ({
      NotAction,
    })),
  },
);

type GeneratedCondition = readonly [operator: string, key: string, values: string | string[]];

function conditionsOf(one: fc.Arbitrary<GeneratedCondition>): fc.Arbitrary<Json> {
  return fc.array(one, { maxLength: 3 }).map((list) => {
    const element: Record<string, Record<string, string | string[]>> = {};
    for (const [operator, key, values] of list) element[operator] = { ...element[operator], [key]: values };
    return list.length === 0 ? {} : { Condition: element };
  });
}

const set = fc.constantFrom("", "", "", "ForAnyValue:", "ForAllValues:");
const not = fc.constantFrom("", "", "", "Not");
const suffix = fc.constantFrom("", "", "", "IfExists");

const paths = fc.constantFrom(
  "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*",
  "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/",
  "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31*",
  "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-32000000/*",
  "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*",
  "o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/*",
  "o-a1b2c3d4e5/*",
  "*",
);

/** Says nothing of where anybody is. */
const byNothing = fc.constantFrom<GeneratedCondition>(
  ["Bool", "aws:PrincipalIsAWSService", "true"],
  ["Bool", "aws:PrincipalIsAWSService", "false"],
  ["Bool", "aws:SecureTransport", "true"],
  ["IpAddress", "aws:SourceIp", "203.0.113.0/24"],
  ["StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com"],
  ["StringEquals", "kms:EncryptionContext:app", "payments"],
  ["StringEquals", "aws:PrincipalTag/Zone", "pci"],
  ["ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/payments-prod"],
);

/** One condition key with its operator: all that say where somebody is, and a few that do not. */
function conditionOf(accounts: fc.Arbitrary<string>): fc.Arbitrary<GeneratedCondition> {
  const ids = fc.oneof({ weight: 4, arbitrary: accounts }, fc.constantFrom("3*", "*", "31000000000?"));
  const byAccount = fc
    .tuple(
      set,
      fc.constantFrom(
        "StringEquals",
        "StringEquals",
        "StringLike",
        "StringNotEquals",
        "StringNotLike",
        "StringEqualsIgnoreCase",
      ),
      suffix,
      fc.constantFrom("aws:PrincipalAccount", "kms:CallerAccount", "aws:SourceAccount", "AWS:principalaccount"),
      few(ids),
    )
    .map(([of, name, ifExists, key, values]): GeneratedCondition => [`${of}${name}${ifExists}`, key, values]);
  const byArn = fc
    .tuple(
      set,
      fc.constantFrom("ArnEquals", "ArnLike", "ArnNotLike", "StringLike", "StringNotEquals"),
      suffix,
      fc.constantFrom("aws:PrincipalArn", "aws:SourceArn", "kms:EncryptionContext:aws:logs:arn"),
      fc.constantFrom("arn:aws:iam::", "arn:aws:sns:us-east-1:", "arn:aws:logs:*:", "arn:*:"),
      ids,
      fc.constantFrom(":*", ":role/web", ":payments"),
    )
    .map(
      ([of, name, ifExists, key, head, id, tail]): GeneratedCondition => [
        `${of}${name}${ifExists}`,
        key,
        `${head}${id}${tail}`,
      ],
    );
  const byPath = fc
    .tuple(
      fc.constantFrom("ForAnyValue:", "ForAnyValue:", "ForAnyValue:", "ForAllValues:", ""),
      not,
      fc.constantFrom("Equals", "Like", "Like", "Like"),
      suffix,
      fc.constantFrom("aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", "aws:SourceOrgPaths"),
      few(paths),
    )
    .map(
      ([of, negated, name, ifExists, key, values]): GeneratedCondition => [
        `${of}String${negated}${name}${ifExists}`,
        key,
        values,
      ],
    );
  const byOrganization = fc
    .tuple(
      not,
      suffix,
      fc.constantFrom("aws:PrincipalOrgID", "aws:SourceOrgID"),
      fc.constantFrom("o-a1b2c3d4e5", "o-zzzzzzzzzz"),
    )
    .map(([negated, ifExists, key, id]): GeneratedCondition => [`String${negated}Equals${ifExists}`, key, id]);
  const byPresence = fc
    .tuple(
      fc.constantFrom("aws:PrincipalAccount", "aws:SourceAccount", "aws:PrincipalOrgID", "kms:ViaService"),
      fc.constantFrom("true", "false"),
    )
    .map(([key, value]): GeneratedCondition => ["Null", key, value]);
  return fc.oneof(
    { weight: 4, arbitrary: byAccount },
    { weight: 2, arbitrary: byArn },
    { weight: 4, arbitrary: byPath },
    { weight: 1, arbitrary: byOrganization },
    { weight: 1, arbitrary: byPresence },
    { weight: 2, arbitrary: byNothing },
  );
}
