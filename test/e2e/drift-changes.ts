import type { DriftId } from "../../modules/findings/drift-ids";
import type { Severity } from "../../modules/findings/finding";
import type { AppliedOrganization, PolicyDocument } from "./applied-organization";

/** A change that somebody makes past every review, with the `aws` command. */
export interface DriftChange {
  /** What is done, to people. */
  readonly name: string;
  /** The account whose credentials do it. */
  readonly account: DriftingAccount;
  readonly commands: (at: AppliedOrganization) => readonly string[];
  /** What is pending deletion is gone then: its days have passed. */
  readonly days?: "pass";
  /** All that is found, and nothing else. */
  readonly findings: readonly ExpectedDrift[];
  /**
   * By the `aws` commands that the findings print, as they are; by what they print as comments too, which ends a key or gives one up;
   * by the `orgkeys apply` that they print, after their `aws` commands; or by nothing, since nothing has to be.
   */
  readonly healedBy: "commands" | "ending" | "apply" | "nothing";
  /**
   * In place of the apply where it is alone. The AWS provider looks for three minutes for a grant that is gone before it makes it anew, and
   * at every apply for one that another has made anew: both have to wait for the very last apply.
   */
  readonly undo?: DriftChange["commands"];
  /** Why it is not among all changes at once, where another change of the same key alters what is told of it. @default it is */
  readonly apart?: string;
}

export type DriftingAccount = "books-prod" | "clinic" | "management" | "shop-prod" | "shop-test";

export interface ExpectedDrift {
  readonly id: DriftId;
  readonly severity: Severity;
  /** None for what is in no Region. */
  readonly region?: string;
  /** The Terraform address; none for what no stack has. */
  readonly address?: string;
  /** In place of the address. */
  readonly resource?: string;
  /** In why it is told. */
  readonly says: string;
  /** In its commands, or what to do. */
  readonly next: string;
}

const EAST = "us-east-1";
const WEST = "us-west-2";
/** In the organization, and in no zone. */
const NO_ZONE = "us-east-2";

const statement = (Sid: string, principal: string, ...actions: string[]): PolicyDocument["Statement"][0] => ({
  Sid,
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: actions,
  Resource: "*",
});

type Statements = PolicyDocument["Statement"];

/** Puts an edited policy on a key. */
function rewrite(alias: string, edit: (statements: Statements) => Statements, region = EAST): DriftChange["commands"] {
  return (at) => {
    const { arn, policy } = at.key(alias, region);
    const edited = { ...policy, Statement: edit(policy.Statement) };
    return [aws(region, "kms put-key-policy --key-id", arn, "--policy", `'${JSON.stringify(edited)}'`)];
  };
}

function onKey(alias: string, region: string, command: string, ...options: string[]): DriftChange["commands"] {
  return (at) => [aws(region, `kms ${command} --key-id`, at.key(alias, region).arn, ...options)];
}

function aws(region: string, ...words: readonly string[]): string {
  return ["aws", ...words, "--region", region].join(" ");
}

const without =
  (sid: RegExp) =>
  (statements: Statements): Statements =>
    statements.filter(({ Sid = "" }) => !sid.test(Sid));

const withAlso =
  (added: Statements[0]) =>
  (statements: Statements): Statements => [...statements, added];

const replaced =
  (sid: string, fields: Partial<Statements[0]>) =>
  (statements: Statements): Statements =>
    statements.map((one) => (one.Sid === sid ? { ...one, ...fields } : one));

/** A new version of a consumer policy. */
function newVersion(name: string, edit: (statements: Statements) => Statements): DriftChange["commands"] {
  return (at) => {
    const { arn, policy } = at.consumerPolicy(name);
    const edited = JSON.stringify({ ...policy, Statement: edit(policy.Statement) });
    return [`aws iam create-policy-version --policy-arn ${arn} --policy-document '${edited}' --set-as-default`];
  };
}

const ACCOUNTS = {
  "books-prod": "210000000001",
  "shop-prod": "210000000002",
  "shop-test": "220000000001",
  clinic: "310000000001",
} as const;
const role = (account: keyof typeof ACCOUNTS, name: string): string => `arn:aws:iam::${ACCOUNTS[account]}:role/${name}`;

/** The reviewed grant of a name, as words of `create-grant`; more operations may follow. */
const grantOf = (name: string, account: keyof typeof ACCOUNTS, grantee: string): string[] => [
  `--name orgkeys-${name} --grantee-principal ${role(account, grantee)} --operations Decrypt`,
];

export const driftChanges: readonly DriftChange[] = [
  // --- Key policies
  {
    name: "A role of another zone is let into a key policy",
    account: "shop-prod",
    commands: rewrite("shop-prod", withAlso(statement("Clinic", role("clinic", "records"), "kms:Decrypt"))),
    findings: [
      {
        id: "policy-widened",
        severity: "critical",
        region: EAST,
        address: "aws_kms_key.shop_prod_us-east-1",
        says: "arn:aws:iam::310000000001:role/records can do Decrypt in AWS, and not by the reviewed policy, and outside zone corporate is account clinic",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A key policy lets everybody in",
    account: "clinic",
    commands: rewrite("records-prod", withAlso(statement("Everybody", "*", "kms:*")), WEST),
    findings: [
      {
        id: "policy-widened",
        severity: "critical",
        region: WEST,
        address: "aws_kms_replica_key.records_prod_us-west-2",
        says: "by statement Everybody, anybody can do CancelKeyDeletion",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A role of the same zone is let into a key policy",
    account: "shop-test",
    commands: rewrite("shop-test", withAlso(statement("Books", role("books-prod", "books-batch"), "kms:Decrypt"))),
    findings: [
      {
        id: "policy-widened",
        severity: "high",
        region: EAST,
        address: "aws_kms_key.shop_test_us-east-1",
        says: "by statement Books, arn:aws:iam::210000000001:role/books-batch can do Decrypt",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A user's statement is taken out of a key policy",
    account: "shop-prod",
    commands: rewrite("shop-prod", without(/^UseShopProdShopApi$/)),
    findings: [
      {
        id: "policy-narrowed",
        severity: "high",
        region: EAST,
        address: "aws_kms_key.shop_prod_us-east-1",
        says: "arn:aws:iam::210000000002:role/shop-api can no longer do Decrypt, DescribeKey, Encrypt and 6 more",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "The audit role loses a permission in a key policy",
    account: "books-prod",
    commands: rewrite("books-prod", replaced("Audit", { Action: ["kms:DescribeKey", "kms:GetKeyPolicy"] })),
    findings: [
      {
        id: "policy-narrowed",
        severity: "medium",
        region: EAST,
        address: "aws_kms_key.books_prod_us-east-1",
        says: "role/OrgKeysAudit can no longer do GetKeyLastUsage",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A Deny is taken out of a key policy",
    account: "clinic",
    commands: rewrite("records-prod", without(/^ExtraOnlyRecordsReEncrypt$/)),
    findings: [
      {
        id: "policy-widened",
        severity: "high",
        region: EAST,
        address: "aws_kms_key.records_prod_us-east-1",
        says: "by statement ExtraOnlyRecordsReEncrypt, which is gone",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A statement of a key policy is split into two",
    account: "shop-prod",
    commands: rewrite(
      "shop-prod",
      (statements) =>
        statements.flatMap((one) =>
          one.Sid === "UseShopProdShopApi" && Array.isArray(one.Action)
            ? [
                { ...one, Action: one.Action.slice(0, 2) },
                { ...one, Sid: "UseShopProdShopApiToo", Action: one.Action.slice(2) },
              ]
            : [one],
        ),
      WEST,
    ),
    findings: [
      {
        id: "policy-reordered",
        severity: "information",
        region: WEST,
        address: "aws_kms_replica_key.shop_prod_us-west-2",
        says: "lets everybody do the same",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "The statements of a key policy change places",
    account: "shop-test",
    commands: rewrite("shop-test", (statements) => [...statements].reverse(), WEST),
    findings: [
      {
        id: "policy-reordered",
        severity: "information",
        region: WEST,
        address: "aws_kms_replica_key.shop_test_us-west-2",
        says: "in another order",
        next: "put-key-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "Within the statements of a key policy, actions change places",
    account: "books-prod",
    commands: rewrite("books-prod", (statements) =>
      statements.map((one) => ({ ...one, Action: [one.Action].flat().reverse() })),
    ),
    findings: [],
    healedBy: "nothing",
  },

  // --- Rotation
  {
    name: "Rotation is switched off",
    account: "shop-test",
    commands: onKey("shop-test", EAST, "disable-key-rotation"),
    findings: [
      {
        id: "rotation-off",
        severity: "high",
        region: EAST,
        address: "aws_kms_key.shop_test_us-east-1",
        says: "rotation is off, reviewed is every 180 days",
        next: "enable-key-rotation",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "The rotation period changes",
    account: "books-prod",
    commands: onKey("books-prod", EAST, "enable-key-rotation", "--rotation-period-in-days 365"),
    findings: [
      {
        id: "rotation-period",
        severity: "medium",
        region: EAST,
        address: "aws_kms_key.books_prod_us-east-1",
        says: "rotation is every 365 days, reviewed is every 180 days",
        next: "--rotation-period-in-days 180",
      },
    ],
    healedBy: "commands",
  },

  // --- Replicas
  {
    name: "A key is deleted, its waiting period ends, and another key has its alias",
    account: "clinic",
    commands: (at) => [
      `other=$(${aws(EAST, "kms create-key --query KeyMetadata.KeyId --output text")})`,
      aws(EAST, "kms update-alias --alias-name alias/archive-prod --target-key-id $other"),
      aws(EAST, "kms schedule-key-deletion --pending-window-in-days 7 --key-id", at.key("prod/archive", EAST).arn),
    ],
    days: "pass",
    findings: [
      {
        id: "key-missing",
        severity: "critical",
        region: EAST,
        address: "aws_kms_key.archive_prod_us-east-1",
        says: "AWS has no key in us-east-1 that is the reviewed one",
        next: "all data under it is lost for good",
      },
      {
        id: "alias-taken",
        severity: "high",
        region: EAST,
        address: "aws_kms_alias.archive-prod_us-east-1",
        says: "alias",
        next: "adopt",
      },
      {
        id: "key-unmanaged",
        severity: "medium",
        region: EAST,
        resource: "-",
        says: "is in no reviewed JSON",
        next: "adopt",
      },
    ],
    healedBy: "ending",
  },
  {
    name: "A replica is deleted, and its waiting period ends",
    account: "books-prod",
    commands: onKey("books-prod", WEST, "schedule-key-deletion", "--pending-window-in-days 7"),
    days: "pass",
    findings: [
      {
        id: "replica-missing",
        severity: "high",
        region: WEST,
        address: "aws_kms_replica_key.books_prod_us-west-2",
        says: "in us-west-2: nothing can be decrypted there",
        next: "orgkeys -- apply acme.workloads.prod.books-prod",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A key is replicated to another Region of its zone",
    account: "shop-test",
    commands: onKey("returns-test", EAST, "replicate-key", "--replica-region us-west-2"),
    findings: [
      {
        id: "replica-extra",
        severity: "medium",
        region: WEST,
        resource: "mrk-",
        says: "has a replica in us-west-2 that nobody reviewed",
        next: "adopt",
      },
    ],
    healedBy: "ending",
  },
  {
    name: "A key is replicated to a Region that is not its zone's",
    account: "shop-prod",
    commands: onKey("shop-prod", EAST, "replicate-key", `--replica-region ${NO_ZONE}`),
    findings: [
      {
        id: "replica-forbidden-region",
        severity: "critical",
        region: NO_ZONE,
        resource: "mrk-",
        says: "has a replica in us-east-2 that nobody reviewed, and zone corporate has its keys in us-east-1, us-west-2 alone",
        next: "disable-key",
      },
    ],
    healedBy: "commands",
  },

  // --- Tags and description
  {
    name: "A tag of a key changes",
    account: "shop-prod",
    commands: onKey("shop-prod", EAST, "tag-resource", "--tags TagKey=Owner,TagValue=nobody"),
    findings: [
      {
        id: "tags-changed",
        severity: "low",
        region: EAST,
        address: "aws_kms_key.shop_prod_us-east-1",
        says: 'a tag differs: Owner is "nobody", reviewed "shop-team"',
        next: "tag-resource",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "The tags that a key is known by are edited",
    account: "shop-test",
    commands: (at) => [
      aws(WEST, "kms untag-resource --tag-keys Workload --key-id", at.key("shop-test", WEST).arn),
      aws(
        WEST,
        "kms tag-resource --tags TagKey=Zone,TagValue=health TagKey=Mine,TagValue=yes --key-id",
        at.key("shop-test", WEST).arn,
      ),
    ],
    findings: [
      {
        id: "tags-changed",
        severity: "low",
        region: WEST,
        address: "aws_kms_replica_key.shop_test_us-west-2",
        says: "3 tags differ: Mine is",
        next: "untag-resource",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "The description of a key changes",
    account: "clinic",
    commands: onKey("records-prod", EAST, "update-key-description", "--description Old"),
    findings: [
      {
        id: "description-changed",
        severity: "low",
        region: EAST,
        address: "aws_kms_key.records_prod_us-east-1",
        says: 'the description is "Old"',
        next: "update-key-description",
      },
    ],
    healedBy: "commands",
  },

  // --- Grants
  {
    name: "A grant is revoked",
    account: "shop-prod",
    commands: (at) => [
      aws(
        WEST,
        ...["kms revoke-grant --key-id", at.key("shop-prod", WEST).arn],
        ...["--grant-id", at.grant("shop-prod", WEST, /shop_prod_us-west-2_batch$/)],
      ),
    ],
    findings: [
      {
        id: "grant-missing",
        severity: "medium",
        region: WEST,
        address: "aws_kms_grant.shop_prod_us-west-2_batch",
        says: "has no ",
        next: "orgkeys -- apply acme.workloads.prod.shop-prod",
      },
    ],
    healedBy: "apply",
    undo: onKey(
      "shop-prod",
      WEST,
      "create-grant",
      ...grantOf("shop_prod_us-west-2_batch", "shop-prod", "shop-batch"),
      "GenerateDataKey",
    ),
  },
  {
    name: "A user's own grant is revoked by the key's owner",
    account: "shop-test",
    commands: (at) => [
      aws(
        EAST,
        ...["kms revoke-grant --key-id", at.key("shop-test", EAST).arn],
        ...["--grant-id", at.grant("shop-test", EAST, /books-migration$/)],
      ),
    ],
    findings: [
      {
        id: "grant-missing",
        severity: "medium",
        region: EAST,
        address: "aws_kms_grant.shop_test_220000000001_us-east-1_books-migration",
        says: "by which arn:aws:iam::210000000001:role/books-migration may do Decrypt",
        next: "orgkeys -- apply acme.workloads.prod.books-prod",
      },
    ],
    healedBy: "apply",
    undo: onKey(
      "shop-test",
      EAST,
      "create-grant",
      `--retiring-principal ${role("books-prod", "OrgKeysDeploy")}`,
      ...grantOf("shop_test_220000000001_us-east-1_books-migration", "books-prod", "books-migration"),
    ),
  },
  {
    name: "A role of the zone gets a grant by hand",
    account: "shop-test",
    commands: onKey(
      "shop-test",
      EAST,
      "create-grant",
      `--grantee-principal ${role("books-prod", "books-batch")} --operations Decrypt --name by-hand`,
    ),
    findings: [
      {
        id: "grant-unmanaged",
        severity: "high",
        region: EAST,
        address: "aws_kms_key.shop_test_us-east-1",
        says: "by-hand lets arn:aws:iam::210000000001:role/books-batch do Decrypt",
        next: "revoke-grant",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A role of another zone gets a grant by hand",
    account: "clinic",
    commands: onKey(
      "records-prod",
      EAST,
      "create-grant",
      `--grantee-principal ${role("shop-prod", "shop-api")} --operations Decrypt`,
    ),
    findings: [
      {
        id: "grant-unmanaged",
        severity: "critical",
        region: EAST,
        address: "aws_kms_key.records_prod_us-east-1",
        says: "it lets arn:aws:iam::210000000002:role/shop-api do Decrypt",
        next: "revoke-grant",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A grant is made anew with more operations",
    account: "books-prod",
    commands: (at) => [
      aws(
        EAST,
        ...["kms revoke-grant --key-id", at.key("books-prod", EAST).arn],
        ...["--grant-id", at.grant("books-prod", EAST, /_batch$/)],
      ),
      aws(
        EAST,
        ...["kms create-grant --key-id", at.key("books-prod", EAST).arn],
        `--grantee-principal ${role("books-prod", "books-batch")} --operations Decrypt Encrypt`,
        "--name orgkeys-books_prod_us-east-1_batch",
      ),
    ],
    findings: [
      {
        id: "grant-changed",
        severity: "high",
        region: EAST,
        address: "aws_kms_grant.books_prod_us-east-1_batch",
        says: "operations Decrypt, Encrypt where Decrypt was reviewed",
        next: "revoke-grant",
      },
    ],
    healedBy: "apply",
    undo: onKey(
      "books-prod",
      EAST,
      "create-grant",
      ...grantOf("books_prod_us-east-1_batch", "books-prod", "books-batch"),
    ),
  },

  // --- Keys made by hand
  {
    name: "A key is made by hand",
    account: "books-prod",
    commands: () => [aws(EAST, "kms create-key --description scratch")],
    findings: [
      {
        id: "key-unmanaged",
        severity: "medium",
        region: EAST,
        resource: "-",
        says: "is in no reviewed JSON",
        next: "adopt",
      },
    ],
    healedBy: "ending",
  },
  {
    name: "A key that everybody may use is made by hand",
    account: "clinic",
    commands: () => [
      aws(
        WEST,
        "kms create-key --policy",
        `'${JSON.stringify({ Version: "2012-10-17", Statement: [statement("Everybody", "*", "kms:*")] })}'`,
      ),
    ],
    findings: [
      {
        id: "key-unmanaged",
        severity: "critical",
        region: WEST,
        resource: "-",
        says: "it lets anybody",
        next: "adopt",
      },
    ],
    healedBy: "ending",
  },
  {
    name: "A key is made by hand with the tags and the description of a reviewed one",
    account: "shop-prod",
    commands: (at) => {
      const { description, tags } = at.key("shop-prod", EAST);
      const asTags = JSON.stringify(Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })));
      return [aws(EAST, `kms create-key --multi-region --description '${description}' --tags '${asTags}'`)];
    },
    findings: [
      {
        id: "key-doubled",
        severity: "medium",
        region: EAST,
        resource: "-",
        says: "of aws_kms_key.shop_prod_us-east-1 as well, and is another key",
        next: "docs/lifecycle.md#replace",
      },
    ],
    healedBy: "ending",
  },

  // --- Consumer policies
  {
    name: "A consumer policy gives more",
    account: "books-prod",
    commands: newVersion("orgkeys-books", (statements) =>
      statements.map((one) => ({ ...one, Action: [...[one.Action].flat(), "kms:Encrypt"] })),
    ),
    findings: [
      {
        id: "consumer-policy-changed",
        severity: "high",
        address: "aws_iam_policy.role_books",
        says: "gives more than reviewed: ",
        next: "orgkeys -- apply acme.workloads.prod.books-prod",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A consumer policy gives less",
    account: "shop-prod",
    commands: newVersion("orgkeys-shop-api", (statements) =>
      statements.map((one) => ({ ...one, Action: ["kms:DescribeKey"] })),
    ),
    findings: [
      {
        id: "consumer-policy-changed",
        severity: "medium",
        address: "aws_iam_policy.role_shop-api",
        says: "gives less than reviewed: ",
        next: "orgkeys -- apply acme.workloads.prod.shop-prod",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A consumer policy is detached",
    account: "books-prod",
    commands: (at) => [
      `aws iam detach-role-policy --role-name books --policy-arn ${at.consumerPolicy("orgkeys-books").arn}`,
    ],
    findings: [
      {
        id: "consumer-policy-detached",
        severity: "medium",
        address: "aws_iam_role_policy_attachment.role_books",
        says: "is not attached to role/books",
        next: "orgkeys -- apply acme.workloads.prod.books-prod",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A consumer policy is attached to another role",
    account: "shop-prod",
    commands: (at) => [
      `aws iam attach-role-policy --role-name shop-report --policy-arn ${at.consumerPolicy("orgkeys-shop-api").arn}`,
    ],
    findings: [
      {
        id: "consumer-policy-attached",
        severity: "high",
        address: "aws_iam_policy.role_shop-api",
        says: "is attached to role/shop-report, for which nobody reviewed it",
        next: "detach-role-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A consumer policy is deleted",
    account: "books-prod",
    commands: (at) => {
      const { arn } = at.consumerPolicy("orgkeys-books-migration");
      return [
        `aws iam detach-role-policy --role-name books-migration --policy-arn ${arn}`,
        `aws iam delete-policy --policy-arn ${arn}`,
      ];
    },
    findings: [
      {
        id: "consumer-policy-missing",
        severity: "medium",
        address: "aws_iam_policy.role_books-migration",
        says: "so that role/books-migration cannot use the keys in it",
        next: "orgkeys -- apply acme.workloads.prod.books-prod",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A policy is made by hand where only consumer policies are",
    account: "shop-prod",
    commands: () => [
      `aws iam create-policy --policy-name orgkeys-mine --path /orgkeys/ --policy-document '${JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "kms:Decrypt", Resource: "*" }],
      })}'`,
      `aws iam attach-role-policy --role-name shop-report --policy-arn arn:aws:iam::${ACCOUNTS["shop-prod"]}:policy/orgkeys/orgkeys-mine`,
    ],
    findings: [
      {
        id: "consumer-policy-unmanaged",
        severity: "critical",
        resource: "policy orgkeys-mine",
        says: "no reviewed JSON has it",
        next: "delete-policy",
      },
    ],
    healedBy: "commands",
  },

  // --- Guardrails
  {
    name: "A guardrail loses its statements",
    account: "management",
    commands: (at) => [
      aws(
        EAST,
        `organizations update-policy --policy-id ${at.guardrail("orgkeys-corporate-service-control")}`,
        `--content '${JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Sid: "Nothing", Effect: "Deny", Action: "kms:UpdatePrimaryRegion", Resource: "*" }],
        })}'`,
      ),
    ],
    findings: [
      {
        id: "guardrail-changed",
        severity: "critical",
        address: "aws_organizations_policy.corporate_service-control",
        says: "does not surely deny ",
        next: "orgkeys -- apply acme.guardrails.corporate",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A guardrail is detached",
    account: "management",
    commands: (at) => [
      aws(
        EAST,
        `organizations detach-policy --policy-id ${at.guardrail("orgkeys-health-resource-control")}`,
        `--target-id ${at.ou("Health")}`,
      ),
    ],
    findings: [
      {
        id: "guardrail-detached",
        severity: "critical",
        resource: "resource control policy orgkeys-health-resource-control",
        says: "is not attached to ",
        next: "orgkeys -- apply acme.guardrails.health",
      },
    ],
    healedBy: "apply",
  },
  {
    name: "A guardrail is attached to another zone's OU",
    account: "management",
    commands: (at) => [
      aws(
        EAST,
        `organizations attach-policy --policy-id ${at.guardrail("orgkeys-corporate-service-control")}`,
        `--target-id ${at.ou("Health")}`,
      ),
    ],
    findings: [
      {
        id: "guardrail-attached",
        severity: "medium",
        address: "aws_organizations_policy.corporate_service-control",
        says: "where nobody reviewed what it denies",
        next: "detach-policy",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A guardrail is deleted",
    account: "management",
    commands: (at) => {
      const id = at.guardrail("orgkeys-health-service-control");
      return [
        aws(EAST, `organizations detach-policy --policy-id ${id} --target-id ${at.ou("Health")}`),
        aws(EAST, `organizations delete-policy --policy-id ${id}`),
      ];
    },
    findings: [
      {
        id: "guardrail-missing",
        severity: "critical",
        address: "aws_organizations_policy.health_service-control",
        says: "AWS Organizations has no such policy",
        next: "orgkeys -- apply acme.guardrails.health",
      },
    ],
    healedBy: "apply",
  },

  // --- Aliases
  {
    name: "An alias is led to another key",
    account: "shop-test",
    commands: (at) => [
      aws(EAST, "kms update-alias --alias-name alias/shop-test --target-key-id", at.key("returns-test", EAST).arn),
    ],
    findings: [
      {
        id: "alias-moved",
        severity: "high",
        region: EAST,
        address: "aws_kms_alias.shop-test_us-east-1",
        says: "the alias leads to key mrk-",
        next: "update-alias",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "An alias is deleted",
    account: "clinic",
    commands: () => [aws(WEST, "kms delete-alias --alias-name alias/prod/records")],
    findings: [
      {
        id: "alias-missing",
        severity: "high",
        region: WEST,
        address: "aws_kms_alias.prod-records_us-west-2",
        says: "AWS has no such alias",
        next: "create-alias",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A key gets an alias more",
    account: "books-prod",
    commands: (at) => [
      aws(EAST, "kms create-alias --alias-name alias/library --target-key-id", at.key("books-prod", EAST).arn),
    ],
    findings: [
      {
        id: "alias-unmanaged",
        severity: "medium",
        region: EAST,
        resource: "alias/library",
        says: "nobody reviewed the alias of key",
        next: "delete-alias",
      },
    ],
    healedBy: "commands",
  },

  // --- States
  {
    name: "A key is disabled",
    account: "clinic",
    commands: onKey("records-prod", EAST, "disable-key"),
    findings: [
      {
        id: "key-disabled",
        severity: "high",
        region: EAST,
        address: "aws_kms_key.records_prod_us-east-1",
        says: "is disabled, reviewed is enabled",
        next: "enable-key",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "A replica is disabled",
    account: "shop-prod",
    commands: onKey("shop-prod", WEST, "disable-key"),
    findings: [
      {
        id: "key-disabled",
        severity: "high",
        region: WEST,
        address: "aws_kms_replica_key.shop_prod_us-west-2",
        says: "is disabled, reviewed is enabled",
        next: "enable-key",
      },
    ],
    healedBy: "commands",
  },
  {
    name: "The deletion of a key is scheduled",
    account: "shop-test",
    commands: onKey("returns-test", EAST, "schedule-key-deletion", "--pending-window-in-days 7"),
    findings: [
      {
        id: "key-pending-deletion",
        severity: "critical",
        region: EAST,
        address: "aws_kms_key.returns_test_us-east-1",
        says: "is to be deleted in 6 days",
        next: "cancel-key-deletion",
      },
    ],
    apart: "with a replica, its days do not begin yet",
    healedBy: "commands",
  },
  {
    name: "The deletion of a key with a replica is scheduled",
    account: "books-prod",
    commands: onKey("books-prod", EAST, "schedule-key-deletion", "--pending-window-in-days 30"),
    findings: [
      {
        id: "key-pending-deletion",
        severity: "critical",
        region: EAST,
        address: "aws_kms_key.books_prod_us-east-1",
        says: "AWS begins to count its days when it has deleted the last replica",
        next: "cancel-key-deletion",
      },
    ],
    apart: "without the replica its days begin, and AWS tells no rotation of it",
    healedBy: "commands",
  },
  {
    name: "The deletion of a replica is scheduled",
    account: "clinic",
    commands: onKey("records-prod", WEST, "schedule-key-deletion", "--pending-window-in-days 7"),
    findings: [
      {
        id: "key-pending-deletion",
        severity: "critical",
        region: WEST,
        address: "aws_kms_replica_key.records_prod_us-west-2",
        says: "is to be deleted in 6 days",
        next: "cancel-key-deletion",
      },
    ],
    healedBy: "commands",
  },
];
