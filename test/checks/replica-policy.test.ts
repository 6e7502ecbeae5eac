import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/replica-policy";
import { type Json, outputOf } from "./sample-output";
import {
  adding,
  asText,
  both,
  consumer,
  type Edit,
  found,
  ledger,
  onPolicy,
  onResource,
  onStatement,
  type PolicyPlace,
  shared,
  small,
  withoutStatement,
} from "./small-output";

const replica: PolicyPlace = { stack: ledger.stack, key: ledger.replica };
const root = `arn:aws:iam::${ledger.account}:root`;
const role = (name: string, account: string = consumer.account): string => `arn:aws:iam::${account}:role/${name}`;
const administrator = role("KeyAdministrator", ledger.account);
const deploy = role("OrgKeysDeploy", ledger.account);
const primary = `aws_kms_key.${ledger.key}`;

const to = (principal: Json, more: Json = {}): Edit => adding(replica, { Principal: { AWS: principal }, ...more });
const on = (sid: string, change: (statement: Json) => void): Edit => onStatement(replica, sid, change);
const onReplica = (change: (replica: Json) => void): Edit =>
  onResource(ledger.stack, "aws_kms_replica_key", ledger.replica, change);
const inBoth = (edit: (place: PolicyPlace) => Edit): Edit => both(edit(ledger), edit(replica));

const more = (sid: string, who: string, what: string, of: string = primary): string =>
  `statement ${sid} ${who}: lets ${who} do ${what}, which ${of} does not allow, or not on these conditions`;
const less = (sid: string, who: string, what: string): string =>
  `Deny statement ${sid} ${who}: does not deny ${who} ${what} as ${primary} does`;
const encrypting = "Decrypt, Encrypt, GenerateDataKey and 5 more";
const destroying = "DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion";

/** A Deny in the primary's policy. */
const denying = (more: Json = {}): Json => ({
  Sid: "Never",
  Effect: "Deny",
  Principal: { AWS: role("ledger") },
  Action: "kms:Decrypt",
  Resource: "*",
  ...more,
});
/** The same Deny in both policies, and a change of the replica's. */
const denied = (statement: Json, change: (statement: Json) => void): Edit =>
  both(
    inBoth((place) => adding(place, statement)),
    onStatement(replica, "Never", change),
  );

describe("replica-policy", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string]>([
    ["one more user", to(role("report")), more("Extra", role("report"), "Decrypt")],
    ["one more account", to(consumer.account), more("Extra", `arn:aws:iam::${consumer.account}:root`, "Decrypt")],
    ["everybody", adding(replica, { Principal: "*" }), more("Extra", "*", "Decrypt")],
    [
      "everybody but one",
      adding(replica, { NotPrincipal: { AWS: root } }),
      more("Extra", `NotPrincipal ${root}`, "Decrypt"),
    ],
    [
      "one more service",
      adding(replica, { Principal: { Service: "sns.amazonaws.com" } }),
      more("Extra", "Service sns.amazonaws.com", "Decrypt"),
    ],
    [
      "one more action",
      on("DescribeLedgerProdLedger", (statement) => {
        statement.Action = ["kms:DescribeKey", "kms:getpublickey"];
      }),
      more("DescribeLedgerProdLedger", ledger.user, "GetPublicKey"),
    ],
    [
      "every action",
      on("AccountRootAdministration", (statement) => {
        statement.Action = "kms:*";
      }),
      more("AccountRootAdministration", root, "CreateGrant, Decrypt, DeriveSharedSecret and 14 more"),
    ],
    [
      "NotAction",
      on("Audit", (statement) => {
        statement.Action = undefined;
        statement.NotAction = [
          "kms:[A-Z]*",
          "kms:C*",
          "kms:D*",
          "kms:E*",
          "kms:G*",
          "kms:I*",
          "kms:L*",
          "kms:P*",
          "kms:Re*",
          "kms:Ro*",
          "kms:S*",
          "kms:U*",
          "kms:V*",
        ];
      }),
      more("Audit", role("OrgKeysAudit", ledger.account), "TagResource"),
    ],
    [
      "no condition",
      on("UseLedgerTestLedger", (statement) => {
        statement.Condition = undefined;
      }),
      more("UseLedgerTestLedger", role("ledger", "220000000001"), "Decrypt, DescribeKey and ReEncryptFrom"),
    ],
    [
      "one condition less",
      on("ServiceCloudtrail210000000001", (statement) => {
        delete statement.Condition.ArnLike["kms:EncryptionContext:aws:cloudtrail:arn"];
      }),
      more(
        "ServiceCloudtrail210000000001",
        "Service cloudtrail.amazonaws.com",
        "Decrypt, GenerateDataKey, GenerateDataKeyPair and 2 more",
      ),
    ],
    [
      "one more value",
      on("UseLedgerTestLedger", (statement) => {
        statement.Condition.StringEquals["aws:SourceVpce"].push("vpce-1");
      }),
      more("UseLedgerTestLedger", role("ledger", "220000000001"), "Decrypt, DescribeKey and ReEncryptFrom"),
    ],
    [
      "another operator",
      on("UseLedgerTestLedger", (statement) => {
        statement.Condition = { StringEqualsIfExists: statement.Condition.StringEquals };
      }),
      more("UseLedgerTestLedger", role("ledger", "220000000001"), "Decrypt, DescribeKey and ReEncryptFrom"),
    ],
    [
      "an exception less for the account's IAM",
      on("AccountRootUse", (statement) => {
        statement.Condition.ArnNotEquals["aws:PrincipalArn"] = [deploy];
      }),
      more("AccountRootUse", root, "CreateGrant, Decrypt, Encrypt and 6 more"),
    ],
    [
      "another wildcard of a service",
      on("ServiceCloudtrail210000000001Describe", (statement) => {
        statement.Condition.ArnLike["aws:SourceArn"] = "arn:aws:cloudtrail:*:*:trail/*";
      }),
      more("ServiceCloudtrail210000000001Describe", "Service cloudtrail.amazonaws.com", "DescribeKey"),
    ],
    [
      "replicas in a third Region",
      on("DeployReplicates", (statement) => {
        statement.Condition.StringEquals["kms:ReplicaRegion"].push("eu-west-1");
      }),
      more("DeployReplicates", deploy, "ReplicateKey"),
    ],
    [
      "a primary in a third Region",
      on("BreakGlassMovesPrimary", (statement) => {
        statement.Condition.StringEquals["kms:PrimaryRegion"].push("eu-west-1");
      }),
      more("BreakGlassMovesPrimary", role("KeyBreakGlass", ledger.account), "UpdatePrimaryRegion"),
    ],
    [
      "grants that are none of its own",
      to(deploy, {
        Action: "kms:CreateGrant",
        Condition: {
          StringEquals: { "kms:GranteePrincipal": role("x") },
          "ForAllValues:StringEquals": { "kms:GrantOperations": "Decrypt" },
        },
      }),
      more("Extra", deploy, "CreateGrant"),
    ],
    [
      "a condition that the primary has for another action",
      to(ledger.user, { Action: "kms:Decrypt" }),
      more("Extra", ledger.user, "Decrypt"),
    ],
    [
      "another version, in which values are no variables",
      onPolicy(replica, (policy) => {
        policy.Version = "2008-10-17";
        policy.Statement = policy.Statement.filter(
          ({ Sid, Effect }: Json) => Effect === "Deny" || Sid === "UseLedgerProdLedger",
        );
      }),
      more("UseLedgerProdLedger", ledger.user, encrypting),
    ],
    [
      "a statement that cannot be read",
      on("Audit", (statement) => {
        statement.Comment = "x";
      }),
      more("Audit", role("OrgKeysAudit", ledger.account), "DescribeKey, GetKeyLastUsage, GetKeyPolicy and 7 more"),
    ],
    ["a policy as text", both(to(role("report")), asText(replica)), more("Extra", role("report"), "Decrypt")],
    [
      "what its primary does not allow any more",
      withoutStatement(ledger, "Administrators"),
      more("Administrators", administrator, "CancelKeyDeletion, CreateAlias, DeleteAlias and 20 more"),
    ],
    [
      "what its primary allows on one key alone",
      onStatement(ledger, "DescribeLedgerProdLedger", (statement) => {
        statement.Resource = "arn:aws:kms:us-east-1:100000000001:key/1234";
      }),
      more("DescribeLedgerProdLedger", ledger.user, "DescribeKey"),
    ],

    [
      "a Deny less",
      withoutStatement(replica, "OnlyBreakGlassDestroys"),
      less("OnlyBreakGlassDestroys", root, destroying),
    ],
    [
      "a Deny of less",
      on("OnlyBreakGlassDestroys", (statement) => {
        statement.Action.pop();
      }),
      less("OnlyBreakGlassDestroys", root, "ScheduleKeyDeletion"),
    ],
    [
      "a Deny for fewer",
      on("OnlyBreakGlassDestroys", (statement) => {
        statement.Principal.AWS = administrator;
      }),
      less("OnlyBreakGlassDestroys", root, destroying),
    ],
    [
      "a Deny with one more exception",
      on("OnlyBreakGlassDestroys", (statement) => {
        statement.Condition.ArnNotEquals["aws:PrincipalArn"].push(administrator);
      }),
      less("OnlyBreakGlassDestroys", root, destroying),
    ],
    [
      "a Deny on one more condition",
      on("OnlyBreakGlassDestroys", (statement) => {
        statement.Condition.Bool = { "aws:SecureTransport": "true" };
      }),
      less("OnlyBreakGlassDestroys", root, destroying),
    ],
    [
      "a Deny of a value less",
      denied(denying({ Condition: { StringEquals: { "aws:SourceVpce": ["a", "b"] } } }), (statement) => {
        statement.Condition.StringEquals["aws:SourceVpce"] = "a";
      }),
      less("Never", ledger.user, "Decrypt"),
    ],
    [
      "a Deny with another Null",
      denied(denying({ Condition: { Null: { "aws:SourceVpce": "true" } } }), (statement) => {
        statement.Condition.Null["aws:SourceVpce"] = "false";
      }),
      less("Never", ledger.user, "Decrypt"),
    ],
    [
      "a Deny on another key",
      denied(denying(), (statement) => {
        statement.Resource = "arn:aws:kms:us-west-2:100000000001:key/1234";
      }),
      less("Never", ledger.user, "Decrypt"),
    ],
    [
      "a Deny that cannot be read",
      denied(denying(), (statement) => {
        statement.Comment = "x";
      }),
      less("Never", ledger.user, "Decrypt"),
    ],

    [
      "no policy",
      onReplica((each) => {
        each.policy = undefined;
      }),
      "policy: the key policy is missing or cannot be read, so that nobody can tell whether it is laxer than its primary's",
    ],
    [
      "no primary",
      onReplica((each) => {
        each.primary_key_arn = "arn:aws:kms:us-east-1:100000000001:key/mrk-1";
      }),
      "primary: refers to no key of its stack as its primary, so that nobody can tell whether its policy is laxer",
    ],
    [
      "a primary that is not there",
      onReplica((each) => {
        each.primary_key_arn = "${aws_kms_key.gone.arn}";
      }),
      "primary: refers to no key of its stack as its primary, so that nobody can tell whether its policy is laxer",
    ],
    [
      "a primary without a policy",
      onResource(ledger.stack, "aws_kms_key", ledger.key, (key) => {
        key.policy = "?";
      }),
      `primary: the policy of its primary ${primary} is missing or cannot be read, so that nobody can tell whether the replica's is laxer`,
    ],
  ])("finds %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([`${ledger.replicaAt} ${finding}`]);
  });

  test("finds a replica of another key", () => {
    const edit = onReplica((each) => {
      each.primary_key_arn = `\${aws_kms_key.${shared.key}.arn}`;
    });
    expect(found(check, edit(small))).toEqual(
      expect.arrayContaining([
        `${ledger.replicaAt} ${more("DescribeLedgerProdLedger", ledger.user, "DescribeKey", `aws_kms_key.${shared.key}`)}`,
      ]),
    );
  });

  const batch = `${shared.key.replace("east-1", "west-2")}_shop_shop-batch`;
  const sharedReplica = { stack: shared.stack, key: shared.replica };
  /** A grant on the replica to one more principal, and the statement that lets the deploy role create both. */
  const ownGrant = (operations: readonly string[]): Edit =>
    both(
      (output) =>
        output.edit(shared.stack, (json) => {
          const grant = { ...json.resource.aws_kms_grant[batch], grantee_principal: role("report"), operations };
          json.resource.aws_kms_grant.extra = grant;
        }),
      onStatement(sharedReplica, "DeployGrants", (statement) => {
        statement.Condition.StringEquals["kms:GranteePrincipal"].push(role("report"));
      }),
    );
  const creating = (who: string): string =>
    `${shared.replicaAt} ${more("DeployGrants", who, "CreateGrant", `aws_kms_key.${shared.key}`)}`;
  test.each<[string, Edit, string]>([
    ["of something else than its own grants", ownGrant(["Encrypt"]), creating(deploy)],
    [
      "of more than its own grants",
      both(
        ownGrant(["Decrypt"]),
        onStatement(sharedReplica, "DeployGrants", (statement) => {
          statement.Condition["ForAllValues:StringEquals"]["kms:GrantOperations"].push("Encrypt");
        }),
      ),
      creating(deploy),
    ],
    [
      "of its own grants by somebody else",
      both(
        ownGrant(["Decrypt"]),
        onStatement(sharedReplica, "DeployGrants", (statement) => {
          statement.Principal.AWS = role("app");
        }),
      ),
      creating(role("app")),
    ],
  ])("finds the creation %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([finding]);
  });

  const userDeny = (who: readonly string[]): Json => ({
    Effect: "Deny",
    Principal: { AWS: root },
    Action: "kms:PutKeyPolicy",
    Condition: { ArnEquals: { "aws:PrincipalArn": who } },
  });
  test("finds a user of the replica whom the primary's Deny alone knows", () => {
    const edit = adding(shared, userDeny([shared.grantee]));
    expect(found(check, edit(small))).toEqual([
      `${shared.replicaAt} Deny statement Extra ${root}: does not deny ${root} PutKeyPolicy as aws_kms_key.${shared.key} does`,
    ]);
  });

  test.each<[string, Edit]>([
    ["a replica with fewer users", withoutStatement(replica, "UseLedgerProdLedger")],
    [
      "a replica with fewer actions",
      on("UseLedgerTestLedger", (statement) => {
        statement.Action = "kms:Decrypt";
      }),
    ],
    [
      "a replica with a condition more",
      on("UseLedgerProdLedger", (statement) => {
        statement.Condition.Bool = { "aws:SecureTransport": "true" };
      }),
    ],
    [
      "a replica with a value less",
      both(
        onStatement(ledger, "UseLedgerTestLedger", (statement) => {
          statement.Condition.StringEquals["aws:SourceVpce"].push("vpce-1");
        }),
      ),
    ],
    [
      "a replica with an exception more",
      on("AccountRootUse", (statement) => {
        statement.Condition.ArnNotEquals["aws:PrincipalArn"].push(role("app", ledger.account));
      }),
    ],
    ["a replica with a Deny more", adding(replica, { Effect: "Deny", Principal: "*", Action: "kms:Sign" })],
    [
      "a Deny of a replica for everybody, without exception",
      on("OnlyBreakGlassDestroys", (statement) => {
        statement.Principal = "*";
        statement.Condition = undefined;
      }),
    ],
    [
      "a Deny of a replica of more values",
      denied(denying({ Condition: { StringEquals: { "aws:SourceVpce": "a" } } }), (statement) => {
        statement.Condition.StringEquals["aws:SourceVpce"] = ["a", "b"];
      }),
    ],
    ["the same Null", inBoth((place) => adding(place, denying({ Condition: { Null: { "aws:SourceVpce": "true" } } })))],
    [
      "the account by its id",
      on("AccountRootAdministration", (statement) => {
        statement.Principal.AWS = ledger.account;
      }),
    ],
    [
      "statements cut in another way",
      both(
        on("DescribeLedgerProdLedger", (statement) => {
          statement.Principal.AWS = [ledger.user];
        }),
        withoutStatement(replica, "Audit"),
        to(role("OrgKeysAudit", ledger.account), { Sid: "One", Action: "kms:Describe*" }),
        to([role("OrgKeysAudit", ledger.account)], { Sid: "Two", Action: ["KMS:list*", "kms:GetKey*"] }),
      ),
    ],
    [
      "services by the name of their Region",
      both(
        onStatement(ledger, "ServiceCloudtrail210000000001", (statement) => {
          statement.Principal.Service = "cloudtrail.us-east-1.amazonaws.com";
        }),
        on("ServiceCloudtrail210000000001", (statement) => {
          statement.Principal.Service = "cloudtrail.us-west-2.amazonaws.com";
        }),
      ),
    ],
    [
      "a service by the name of its Region, on the replica alone",
      on("ServiceCloudtrail210000000001", (statement) => {
        statement.Principal.Service = "cloudtrail.us-west-2.amazonaws.com";
      }),
    ],
    [
      "sources of each key's own Region",
      both(
        onStatement(ledger, "ServiceCloudtrail210000000001", (statement) => {
          statement.Condition.ArnLike["aws:SourceArn"] = "arn:aws:cloudtrail:us-east-1:210000000001:trail/*";
        }),
        on("ServiceCloudtrail210000000001", (statement) => {
          statement.Condition.ArnLike["aws:SourceArn"] = ["arn:aws:cloudtrail:us-west-2:210000000001:trail/*"];
        }),
      ),
    ],
    [
      "a condition on each key's own Region",
      both(
        adding(ledger, {
          Principal: { AWS: role("report") },
          Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
        }),
        adding(replica, {
          Principal: { AWS: role("report") },
          Condition: { StringEquals: { "aws:RequestedRegion": "us-west-2" } },
        }),
      ),
    ],
    [
      "a condition key in other letters",
      on("UseLedgerTestLedger", (statement) => {
        statement.Condition = { StringEquals: { "AWS:SourceVPCE": "vpce-0a1b2c3d4e5f60718" } };
      }),
    ],
    [
      "a variable in an older version, where the primary has no condition at all",
      both(
        onStatement(ledger, "UseLedgerProdLedger", (statement) => {
          statement.Condition = undefined;
        }),
        onPolicy(replica, (policy) => {
          policy.Version = "2008-10-17";
        }),
      ),
    ],
    [
      "the primary's policy itself",
      onReplica((each) => {
        each.policy = `\${jsonencode(local.${ledger.key}-policy)}`;
      }),
    ],
    ["a grant on the replica alone", ownGrant(["Decrypt", "Encrypt"])],
    [
      "a grant on the primary alone",
      both(adding(shared, userDeny([role("gone")])), (output) =>
        output.edit(shared.stack, (json) => {
          const id = `${shared.key}_shop_shop-batch`;
          json.resource.aws_kms_grant.extra = { ...json.resource.aws_kms_grant[id], grantee_principal: role("gone") };
        }),
      ),
    ],
    ["policies as text", both(asText(ledger), asText(replica))],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });

  test.each<[string, (region: string) => Json]>([
    ["endpoints", (region) => ({ StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } })],
    ["sources", (region) => ({ ArnLike: { "aws:SourceArn": `arn:aws:sns:${region}:210000000001:*` } })],
    ["requests", (region) => ({ StringEquals: { "aws:RequestedRegion": region } })],
  ])("finds %s of another Region than each key's own", (_, condition) => {
    const through = (place: PolicyPlace, region: string): Edit =>
      adding(place, { Principal: { AWS: role("report") }, Condition: condition(region) });
    const edit = both(through(ledger, "us-east-1"), through(replica, "eu-west-1"));
    expect(found(check, edit(small))).toEqual([`${ledger.replicaAt} ${more("Extra", role("report"), "Decrypt")}`]);
  });
});
