import { describe, expect, test } from "@jest/globals";
import { compareTexts, policyLines } from "./policy-pair";

type Fields = Readonly<Record<string, unknown>>;

const own = (name: string): string => `arn:aws:iam::111111111111:${name}`;
const foreign = "arn:aws:iam::222222222222:role/stranger";
const deleted = "AROAEXAMPLEID12345678";

const administration: Fields = {
  Sid: "AccountRootAdministration",
  Effect: "Allow",
  Principal: { AWS: [own("root")] },
  Action: ["kms:DescribeKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
  Resource: ["*"],
};
const grantsToServices: Fields = {
  Sid: "AccountRootGrants",
  Effect: "Allow",
  Principal: { AWS: [own("root")] },
  Action: ["kms:CreateGrant"],
  Resource: ["*"],
  Condition: {
    ArnNotEquals: { "aws:PrincipalArn": [own("role/Admin"), own("role/BreakGlass")] },
    Bool: { "kms:GrantIsForAWSResource": ["true"] },
  },
};
const destroys: Fields = {
  Sid: "OnlyBreakGlassDestroys",
  Effect: "Deny",
  Principal: { AWS: [own("root")] },
  Action: ["kms:ScheduleKeyDeletion"],
  Resource: ["*"],
  Condition: { ArnNotEquals: { "aws:PrincipalArn": [own("role/BreakGlass")] } },
};
const use: Fields = {
  Sid: "UsePayments",
  Effect: "Allow",
  Principal: { AWS: [own("role/api"), own("role/batch")] },
  Action: ["kms:Decrypt", "kms:Encrypt"],
  Resource: ["*"],
  Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
};
const below: Fields = {
  Sid: "UseBelow",
  Effect: "Allow",
  Principal: { AWS: ["*"] },
  Action: ["kms:Decrypt"],
  Resource: ["*"],
  Condition: {
    "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"] },
  },
};

const reviewed = [administration, grantsToServices, destroys, use, below];
const documentOf = (statements: readonly Fields[]) => ({ Version: "2012-10-17", Statement: statements });

/** With one statement as a hand leaves it; undefined takes it away. */
function edited(sid: string, change: (statement: Fields) => Fields | undefined): Fields[] {
  if (!reviewed.some(({ Sid }) => Sid === sid)) throw new Error(`no statement ${sid}`);
  return reviewed.flatMap((statement): Fields[] => {
    if (statement.Sid !== sid) return [statement];
    const left = change(statement);
    return left === undefined ? [] : [left];
  });
}

function linesOf(statements: readonly Fields[]): string[] {
  return policyLines(compareTexts(documentOf(reviewed), { value: JSON.stringify(documentOf(statements)) }));
}

const outsider = "account other (222222222222) of zone other";

interface HandEdit {
  readonly what: string;
  readonly live: readonly Fields[];
  readonly lines: readonly string[];
}

const edits: readonly HandEdit[] = [
  { what: "nothing", live: reviewed, lines: [] },
  {
    what: "the account's number for its root's ARN, single values without a list, actions in other letters",
    live: reviewed.map((statement) => ({
      ...statement,
      Principal: statement.Sid === "AccountRootAdministration" ? { AWS: "111111111111" } : statement.Principal,
      Action: (statement.Action as string[]).map((action) => action.replace("kms:", "KMS:")),
      Resource: "*",
    })),
    lines: [],
  },
  {
    what: "values in another order",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Principal: { AWS: [own("role/batch"), own("role/api")] },
      Action: ["kms:Encrypt", "kms:Decrypt"],
    })),
    lines: [],
  },
  { what: "statements in another order", live: [...reviewed].reverse(), lines: ["policy-reordered: policy"] },
  {
    what: "another Sid",
    live: edited("UsePayments", (statement) => ({ ...statement, Sid: "Other" })),
    lines: ["policy-reordered: policy"],
  },
  {
    what: "one statement as two, by action",
    live: [
      ...edited("UsePayments", (statement) => ({ ...statement, Action: "kms:Decrypt" })),
      { ...use, Sid: "More", Action: "kms:Encrypt" },
    ],
    lines: ["policy-reordered: policy"],
  },
  {
    what: "ArnEquals' twin, and a condition key in other letters",
    live: edited("OnlyBreakGlassDestroys", (statement) => ({
      ...statement,
      Condition: { ArnNotLike: { "AWS:principalarn": own("role/BreakGlass") } },
    })),
    lines: ["policy-reordered: policy"],
  },
  {
    what: "a statement beside one that says more",
    live: [...reviewed, { ...use, Sid: "Again", Principal: { AWS: own("role/api") } }],
    lines: ["policy-reordered: policy"],
  },
  {
    what: "a principal of the zone more",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Principal: { AWS: [own("role/api"), own("role/batch"), own("role/new")] },
    })),
    lines: ["policy-widened: statement UsePayments", `  ${own("role/new")} gains kms:Decrypt kms:Encrypt`],
  },
  {
    what: "a principal of another zone more",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Principal: { AWS: [own("role/api"), own("role/batch"), foreign] },
    })),
    lines: [
      "policy-widened critical: statement UsePayments",
      `  ${foreign} gains kms:Decrypt kms:Encrypt [${outsider}]`,
    ],
  },
  {
    what: "a principal less",
    live: edited("UsePayments", (statement) => ({ ...statement, Principal: { AWS: own("role/api") } })),
    lines: ["policy-narrowed high: statement UsePayments", `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`],
  },
  {
    what: "a principal in place of another",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Principal: { AWS: [own("role/api"), own("role/new")] },
    })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/new")} gains kms:Decrypt kms:Encrypt`,
      "policy-narrowed high: statement UsePayments",
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "everybody in place of two",
    live: edited("UsePayments", (statement) => ({ ...statement, Principal: "*" })),
    lines: [
      "policy-widened critical: statement UsePayments",
      "  anybody gains kms:Decrypt kms:Encrypt [anybody: Any * can be in any account]",
    ],
  },
  {
    what: "the account in place of its roles",
    live: edited("UsePayments", (statement) => ({ ...statement, Principal: { AWS: "111111111111" } })),
    lines: [
      "policy-widened: statement UsePayments",
      "  account 111111111111 gains kms:Decrypt kms:Encrypt",
      "policy-narrowed high: statement UsePayments",
      `  ${own("role/api")} loses kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "everybody but one",
    live: edited("UsePayments", ({ Principal: _, ...statement }) => ({
      ...statement,
      NotPrincipal: { AWS: [own("role/api"), own("root")] },
    })),
    lines: [
      "policy-widened critical: statement UsePayments",
      `  anybody but ${own("role/api")}, ${own("root")} gains kms:Decrypt kms:Encrypt [anybody: NotPrincipal means everybody else]`,
      "policy-narrowed high: statement UsePayments",
      `  ${own("role/api")} loses kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "an action more",
    live: edited("UsePayments", (statement) => ({ ...statement, Action: ["kms:Decrypt", "kms:Encrypt", "kms:Sign"] })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:Sign`,
      `  ${own("role/batch")} gains kms:Sign`,
    ],
  },
  {
    what: "a wildcard for an action",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Action: ["kms:Decrypt", "kms:Encrypt*", "kms:Re*From"],
    })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:ReEncryptFrom`,
      `  ${own("role/batch")} gains kms:ReEncryptFrom`,
    ],
  },
  {
    what: "an action that nobody knows",
    live: edited("UsePayments", (statement) => ({ ...statement, Action: ["kms:Decrypt", "kms:Encrypt", "kms:Foo*"] })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:Foo*`,
      `  ${own("role/batch")} gains kms:Foo*`,
    ],
  },
  {
    what: "a condition dropped",
    live: edited("UsePayments", ({ Condition: _, ...statement }) => statement),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} gains kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "a condition with a value more",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com"] } },
    })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} gains kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "a pattern in a condition",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Condition: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
    })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} gains kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "IfExists",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Condition: { StringEqualsIfExists: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    })),
    lines: [
      "policy-widened: statement UsePayments",
      `  ${own("role/api")} gains kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} gains kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "a condition more",
    live: edited("UsePayments", (statement) => ({
      ...statement,
      Condition: { ...(statement.Condition as Fields), Bool: { "aws:SecureTransport": "true" } },
    })),
    lines: [
      "policy-narrowed high: statement UsePayments",
      `  ${own("role/api")} loses kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "a manager let into what the account may do",
    live: edited("AccountRootGrants", (statement) => ({
      ...statement,
      Condition: {
        ArnNotEquals: { "aws:PrincipalArn": own("role/BreakGlass") },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    })),
    lines: ["policy-widened: statement AccountRootGrants", `  ${own("role/Admin")} gains kms:CreateGrant`],
  },
  {
    what: "another zone's OU more",
    live: edited("UseBelow", (statement) => ({
      ...statement,
      Condition: {
        "ForAnyValue:StringLike": {
          "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/*"],
        },
      },
    })),
    lines: [
      "policy-widened critical: statement UseBelow",
      "  anybody below o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/* gains kms:Decrypt [organization path o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/*, which reaches zone other]",
    ],
  },
  {
    what: "an OU's part in place of the OU",
    live: edited("UseBelow", (statement) => ({
      ...statement,
      Condition: {
        "ForAnyValue:StringLike": {
          "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-11111112/*",
        },
      },
    })),
    lines: [
      "policy-narrowed high: statement UseBelow",
      "  anybody below o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/* loses kms:Decrypt",
    ],
  },
  {
    what: "a Deny gone",
    live: edited("OnlyBreakGlassDestroys", () => undefined),
    lines: [
      "policy-widened: statement OnlyBreakGlassDestroys, which is gone",
      "  account 111111111111 gains kms:ScheduleKeyDeletion",
    ],
  },
  {
    what: "a Deny that lets another role off",
    live: edited("OnlyBreakGlassDestroys", (statement) => ({
      ...statement,
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [own("role/BreakGlass"), own("role/api")] } },
    })),
    lines: [
      "policy-widened: statement OnlyBreakGlassDestroys, which denies less",
      `  ${own("role/api")} gains kms:ScheduleKeyDeletion`,
    ],
  },
  {
    what: "a Deny that lets the break-glass role off no more",
    live: edited("OnlyBreakGlassDestroys", ({ Condition: _, ...statement }) => statement),
    lines: [
      "policy-narrowed high: statement OnlyBreakGlassDestroys, which denies more",
      `  ${own("role/BreakGlass")} loses kms:ScheduleKeyDeletion`,
    ],
  },
  {
    what: "a Deny more",
    live: [...reviewed, { ...use, Sid: "NotBatch", Effect: "Deny", Principal: { AWS: own("role/batch") } }],
    lines: [
      "policy-narrowed high: statement NotBatch, which is new",
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "a Deny for what nobody was allowed",
    live: [...reviewed, { ...use, Sid: "Never", Effect: "Deny", Principal: "*", Action: "kms:Sign" }],
    lines: ["policy-narrowed: statement Never, which is new"],
  },
  {
    what: "a Deny for what nobody was allowed, and no grant can give",
    live: [
      ...reviewed,
      {
        ...use,
        Sid: "Never",
        Effect: "Deny",
        Principal: "*",
        Action: "kms:PutKeyPolicy",
        Condition: { StringEquals: { "aws:PrincipalAccount": "222222222222" } },
      },
    ],
    lines: ["policy-reordered: policy"],
  },
  {
    what: "a role deleted",
    live: edited("UsePayments", (statement) => ({ ...statement, Principal: { AWS: [own("role/api"), deleted] } })),
    lines: [
      `policy-principal-deleted: statement UsePayments ${deleted}`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
  {
    what: "one role deleted, and another taken out by hand",
    live: edited("UsePayments", (statement) => ({ ...statement, Principal: { AWS: [deleted] } })),
    lines: [
      "policy-narrowed high: statement UsePayments",
      `  ${own("role/api")} loses kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
      `policy-principal-deleted: statement UsePayments ${deleted}`,
    ],
  },
  {
    what: "a deleted role that was never reviewed",
    live: [...reviewed, { ...use, Sid: "Left", Principal: { AWS: deleted } }],
    lines: [`policy-principal-deleted: statement Left ${deleted}`],
  },
  {
    what: "the key given to another account",
    live: [{ ...administration, Sid: "All", Principal: { AWS: "222222222222" }, Action: "kms:Decrypt" }],
    lines: [
      "policy-widened critical: statement All",
      `  account 222222222222 gains kms:Decrypt [${outsider}]`,
      "policy-narrowed high: statement AccountRootAdministration, which is gone",
      "  account 111111111111 loses kms:DescribeKey kms:PutKeyPolicy",
      `  ${own("role/BreakGlass")} loses kms:ScheduleKeyDeletion`,
      "policy-narrowed high: statement AccountRootGrants, which is gone",
      "  account 111111111111 loses kms:CreateGrant",
      "policy-narrowed high: statement UseBelow, which is gone",
      "  anybody below o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/* loses kms:Decrypt",
      "policy-narrowed high: statement UsePayments, which is gone",
      `  ${own("role/api")} loses kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ],
  },
];

describe("a hand's edit of a key policy", () => {
  test.each(edits)("is told by what it means: $what", ({ live, lines }) => {
    expect(linesOf(live)).toEqual(lines);
  });
});

describe("a Deny that no Allow is behind", () => {
  const deny = {
    ...use,
    Sid: "TestReadsNothing",
    Effect: "Deny",
    Principal: { AWS: "222222222222" },
    Action: "kms:GenerateMac",
  };
  const told = (...live: readonly Fields[]): string[] =>
    policyLines(
      compareTexts(documentOf([...reviewed, deny]), { value: JSON.stringify(documentOf([...reviewed, ...live])) }),
    );
  test.each<[string, readonly Fields[], readonly string[]]>([
    ["is there", [deny], []],
    ["is gone", [], ["policy-widened: statement TestReadsNothing, which is gone"]],
    [
      "denies another action",
      [{ ...deny, Action: "kms:VerifyMac" }],
      [
        "policy-widened: statement TestReadsNothing, which denies less",
        "policy-narrowed: statement TestReadsNothing, which denies more",
      ],
    ],
    [
      "is about another key",
      [{ ...deny, Resource: "arn:aws:kms:us-east-1:111111111111:key/other" }],
      ["policy-widened: statement TestReadsNothing, which denies less"],
    ],
    [
      "is about services, whom a wildcard there does not mean",
      [{ ...deny, Principal: { Service: "*" } }],
      [
        "policy-widened: statement TestReadsNothing, which denies less",
        "policy-narrowed: statement TestReadsNothing, which denies more",
      ],
    ],
    [
      "has other words",
      [{ ...deny, Sid: "Other", Principal: { AWS: "*" } }],
      ["policy-narrowed: statement Other, which is new"],
    ],
    [
      "is in two",
      [{ ...deny, Sid: "One", Action: ["kms:GenerateMac", "kms:generatemac"] }],
      ["policy-reordered: policy"],
    ],
  ])("keeps something from grants when it %s", (_, live, lines) => {
    expect(told(...live)).toEqual(lines);
  });

  test("means somebody else where the wildcard is a service's", () => {
    const everybody = { ...deny, Action: "kms:Decrypt", Principal: { AWS: "*" } };
    const lines = policyLines(
      compareTexts(documentOf([...reviewed, everybody]), {
        value: JSON.stringify(documentOf([...reviewed, { ...everybody, Principal: { Federated: "*" } }])),
      }),
    );
    expect(lines[0]).toMatch(/^policy-widened: statement TestReadsNothing, which denies less/);
  });
});

describe("a policy that cannot be compared", () => {
  const anything = "  anybody gains kms:* [anybody: nobody can read whom the policy lets in]";
  const text = JSON.stringify(documentOf(reviewed));
  test.each([
    ["is no JSON", "{"],
    ["is empty", ""],
    ["is no object", "[]"],
    ["has no statements", "{}"],
    ["says one thing twice", text.replace('"Sid":"UsePayments"', '"Effect":"Deny","Sid":"UsePayments"')],
    ["has an unknown version", text.replace("2012-10-17", "2030-01-01")],
  ])("lets in anybody when it %s", (_, value) => {
    expect(policyLines(compareTexts(documentOf(reviewed), { value }))).toEqual([
      "policy-widened critical: policy",
      anything,
    ]);
  });

  test("takes everything from everybody when its statements are gone", () => {
    expect(linesOf([]).filter((line) => !line.startsWith(" "))).toEqual([
      "policy-narrowed high: statement AccountRootAdministration, which is gone",
      "policy-narrowed high: statement AccountRootGrants, which is gone",
      "policy-narrowed high: statement UseBelow, which is gone",
      "policy-narrowed high: statement UsePayments, which is gone",
    ]);
  });

  test("may give what an element says that nobody knows", () => {
    const live = edited("UsePayments", (statement) => ({ ...statement, Wherever: "moon" }));
    expect(linesOf(live)).toEqual([
      "policy-widened critical: statement UsePayments",
      `  ${own("role/api")} gains kms:Decrypt kms:Encrypt [anybody: the statement has a part that is not understood]`,
      `  ${own("role/batch")} gains kms:Decrypt kms:Encrypt [anybody: the statement has a part that is not understood]`,
      "policy-narrowed high: statement UsePayments",
      `  ${own("role/api")} loses kms:Decrypt kms:Encrypt`,
      `  ${own("role/batch")} loses kms:Decrypt kms:Encrypt`,
    ]);
  });

  test("is compared with nothing when AWS does not give it", () => {
    const unread = { unread: "AccessDeniedException", whatToDo: "let the audit role read it" };
    expect(compareTexts(documentOf(reviewed), unread)).toEqual([]);
  });

  test("is unchecked when the reviewed one cannot be read", () => {
    const broken = documentOf([{ ...use, Condition: { StringSounds: { "kms:ViaService": "s3" } } }]);
    const lines = policyLines(compareTexts(broken, { value: JSON.stringify(broken) }));
    expect(lines).toEqual(["unchecked: policy"]);
  });
});

test("a sentence says who can do what, by which statement, and who of them is outside", () => {
  const live = edited("UsePayments", (statement) => ({ ...statement, Principal: { AWS: [own("role/api"), foreign] } }));
  const drifts = compareTexts(documentOf(reviewed), { value: JSON.stringify(documentOf(live)) });
  expect(drifts.map(({ why }) => why)).toEqual([
    `by statement UsePayments, ${foreign} can do Decrypt and Encrypt in AWS, and not by the reviewed policy, and outside zone own is ${outsider}`,
    `by statement UsePayments, ${own("role/batch")} can no longer do Decrypt and Encrypt in AWS, and can by the reviewed policy`,
  ]);
  expect(drifts[0]?.place).toMatchObject({
    address: "aws_kms_key.payments_prod_us-east-1",
    resource: "alias/payments-prod",
  });
  expect(drifts[0]?.subject?.key?.keyId).toBe("1234abcd-12ab-34cd-56ef-1234567890ab");
});
