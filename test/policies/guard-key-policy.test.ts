import { describe, expect, test } from "@jest/globals";
import { allKeyActions } from "../../modules/aws/kms-actions";
import type { KeyPolicyStatement } from "../../modules/policies/extra-statement";
import { guardKeyPolicy } from "../../modules/policies/guard-key-policy";
import type { KeyDuties } from "../../modules/policies/key-duties";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "../../modules/policies/policy-document";
import {
  administrator,
  duties,
  grantTo,
  managers,
  other,
  owner,
  role,
  rootOf,
  smallRequest,
  third,
  useBy,
} from "./small-key";

const { auditRole, breakGlass, deployRole } = duties;
const app = role(other, "app");
const local = role(owner, "app");
const user = `arn:aws:iam::${other}:user/auditor`;
const withoutAction: PolicyStatement = { Sid: "X", Effect: "Allow", Principal: { AWS: [app] }, Resource: ["*"] };
const bare: KeyPolicyRequest = { ...smallRequest, uses: [], services: [], grants: [], statements: [] };

function flawsOf(document: PolicyDocument, own: KeyDuties = duties, grantees: readonly string[] = []): string[] {
  return guardKeyPolicy(document, own, grantees).map(({ message }) => message);
}

/** The flaws of a policy with one more statement from the map. */
function extra(statement: Partial<KeyPolicyStatement>, request: Partial<KeyPolicyRequest> = {}): string[] {
  const whole = { sid: "X", effect: "Allow" as const, principals: [app], actions: ["kms:Decrypt"], conditions: {} };
  const full = { ...bare, ...request, statements: [{ ...whole, ...statement }] };
  const grantees = full.grants.map(({ grantee }) => grantee);
  return flawsOf(keyPolicy(full), { ...duties, rootAccess: full.rootAccess }, grantees);
}

/** A finished policy with one statement changed, or left out. */
function edited(sid: string, edit: (statement: PolicyStatement) => PolicyStatement | undefined): PolicyDocument {
  const statements = keyPolicy(bare).Statement.map((each) => (each.Sid === sid ? edit(each) : each));
  return policyDocument(statements.filter((each) => each !== undefined));
}

describe("the guard", () => {
  test.each(["full", "administration-only"] as const)(
    "takes what keyPolicy builds with %s root access",
    (rootAccess) => {
      const grantees = smallRequest.grants.map(({ grantee }) => grantee);
      expect(flawsOf(keyPolicy({ ...smallRequest, rootAccess }), { ...duties, rootAccess }, grantees)).toEqual([]);
    },
  );

  test.each<[string, Partial<KeyPolicyStatement>, Partial<KeyPolicyRequest>]>([
    ["an Allow for a role of another account", {}, {}],
    ["a Deny of use for a whole foreign account", { effect: "Deny", principals: [rootOf(other)] }, {}],
    ["a Deny of use for the owner's account", { effect: "Deny", principals: [rootOf(owner)] }, {}],
    [
      "a Deny of a duty that nobody needs",
      { effect: "Deny", principals: [rootOf(owner)], actions: ["kms:DisableKeyRotation"] },
      {},
    ],
    [
      "a Deny that leaves out who needs the action",
      {
        effect: "Deny",
        principals: [rootOf(owner)],
        actions: ["kms:TagResource"],
        conditions: { ArnNotEquals: { "aws:PrincipalArn": [deployRole] } },
      },
      {},
    ],
    [
      "grants for AWS resources by a user",
      { actions: ["kms:CreateGrant"], conditions: { Bool: { "kms:GrantIsForAWSResource": ["true"] } } },
      {},
    ],
    [
      "a grant by a user to a written-out role of its account, as Auto Scaling needs it",
      {
        actions: ["kms:CreateGrant"],
        conditions: {
          StringEquals: {
            "kms:GranteePrincipal": [
              role(other, "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
            ],
          },
          "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt"] },
        },
      },
      {},
    ],
    [
      "reading by somebody who is no manager",
      { principals: [local], actions: ["kms:GetKeyPolicy", "kms:ListGrants"] },
      {},
    ],
    [
      "conditions that say what they seem to say",
      {
        conditions: {
          "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": ["app"] },
          StringEquals: { "kms:EncryptionContext:app": ["x"], "aws:PrincipalTag/team": ["payments"] },
          Null: { "aws:SourceVpce": ["false"] },
          StringNotEqualsIfExists: { "aws:SourceVpc": ["vpc-1"] },
          NumericLessThan: { "aws:MultiFactorAuthAge": ["3600"] },
        },
      },
      {},
    ],
    [
      "a key that not every action carries, where the condition says itself what becomes of the others",
      {
        effect: "Deny",
        actions: ["kms:CreateGrant", "kms:Decrypt"],
        conditions: {
          BoolIfExists: { "kms:GrantIsForAWSResource": ["false"] },
          Null: { "kms:GranteePrincipal": ["true"] },
        },
      },
      {},
    ],
    [
      "a Deny of use for everybody but some",
      { effect: "Deny", principals: [], notPrincipals: [user, app], actions: ["kms:Decrypt", "kms:ReEncryptFrom"] },
      {},
    ],
    [
      "a Deny of management for everybody but the owner's account",
      { effect: "Deny", principals: [], notPrincipals: [rootOf(owner)], actions: ["kms:PutKeyPolicy"] },
      {},
    ],
    [
      "a Deny that leaves out all who need the action",
      { effect: "Deny", principals: [], notPrincipals: managers, actions: ["kms:DescribeKey"] },
      {},
    ],
    [
      "a Deny of everything but use for a whole foreign account",
      { effect: "Deny", principals: [rootOf(other)], actions: [], notActions: ["kms:Decrypt", "kms:DescribeKey"] },
      {},
    ],
    [
      "an AWS service whose source is bound",
      {
        principals: [],
        services: ["sns.amazonaws.com"],
        conditions: { StringEquals: { "aws:SourceAccount": [other] } },
      },
      {},
    ],
    [
      "ForAllValues beside a pair that has to be there",
      {
        conditions: {
          "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["app"] },
          StringEquals: { "kms:EncryptionContext:app": ["x"] },
        },
      },
      {},
    ],
  ])("takes %s", (_, statement, request) => {
    expect(extra(statement, request)).toEqual([]);
  });
});

describe("the guard on form", () => {
  test("refuses a policy of more than 32,768 bytes", () => {
    const uses = Array.from({ length: 90 }, (_, index) => useBy(role(other, `application-number-${index}`)));
    const [flaw, ...more] = guardKeyPolicy(keyPolicy({ ...bare, uses }), duties, []);
    expect(flaw?.message).toMatch(/^the key policy has \d{5} bytes, and AWS KMS takes at most 32768$/);
    expect(flaw?.fix).toContain("ou:PATH");
    expect(more).toEqual([]);
  });

  test("takes a policy of exactly 32,768 bytes, and not of one more", () => {
    const padded = (length: number): PolicyDocument =>
      keyPolicy({ ...bare, uses: [useBy(app, { encryptionContext: { app: "x".repeat(length) } })] });
    const room = 32_768 - JSON.stringify(padded(0)).length;
    expect(flawsOf(padded(room))).toEqual([]);
    expect(flawsOf(padded(room + 1))).toEqual(["the key policy has 32769 bytes, and AWS KMS takes at most 32768"]);
  });

  test("refuses characters that AWS KMS does not take", () => {
    const flaws = flawsOf(keyPolicy({ ...bare, uses: [useBy(app, { encryptionContext: { city: "Łódź" } })] }));
    expect(flaws).toEqual(["the key policy has the character Ł, and AWS KMS takes ASCII and Latin-1 in policies only"]);
    expect(flawsOf(keyPolicy({ ...bare, uses: [useBy(app, { encryptionContext: { city: "Zürich" } })] }))).toEqual([]);
  });

  test.each<[string, PolicyStatement, string]>([
    ["no principal", statement({ Principal: {} }), "names no principal"],
    [
      "no Principal at all",
      { Sid: "X", Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["*"] },
      "names no principal",
    ],
    ["everybody as principal", statement({ Principal: { AWS: ["*"] } }), "has a wildcard principal"],
    ["every role as principal", statement({ Principal: { AWS: [role(other, "*")] } }), "has a wildcard principal"],
    [
      "a wildcard of one character",
      statement({ Principal: { AWS: [role(other, "ap?")] } }),
      "has a wildcard principal",
    ],
    [
      "a deleted role",
      statement({ Principal: { AWS: ["AROAEXAMPLE"] } }),
      "names AROAEXAMPLE, which is no role, user or account",
    ],
    [
      "a session as principal",
      statement({ Principal: { AWS: [`arn:aws:sts::${other}:assumed-role/app/s`] } }),
      `names arn:aws:sts::${other}:assumed-role/app/s, which is no role, user or account`,
    ],
    [
      "a strange service",
      statement({ Principal: { Service: ["logs.example.com"] } }),
      "names logs.example.com, which is no AWS service",
    ],
    ["no action", statement({ Action: [] }), "has no action"],
    [
      "an action of another service",
      statement({ Action: ["s3:GetObject"] }),
      "has s3:GetObject, which is not an action on KMS keys",
    ],
    [
      "an action that is not about keys",
      statement({ Action: ["kms:CreateKey"] }),
      "has kms:CreateKey, which is not an action on KMS keys",
    ],
    [
      "another resource",
      statement({ Resource: ["arn:aws:kms:us-east-1:111111111111:key/a"] }),
      "is not about this key",
    ],
    [
      "an Allow of everything but some actions",
      { ...withoutAction, NotAction: allKeyActions.filter((action) => action !== "kms:Decrypt") },
      "allows whatever AWS adds to KMS later, with NotAction",
    ],
    ["Action and NotAction", statement({ Effect: "Deny", NotAction: ["kms:Encrypt"] }), "has Action and NotAction"],
    [
      "an action left out that is none",
      { ...withoutAction, Effect: "Deny", NotAction: [...allKeyActions, "kms:Decipher"] },
      "has kms:Decipher, which is not an action on KMS keys",
    ],
  ])("refuses a statement with %s", (_, added, message) => {
    expect(flawsOf(policyDocument([...keyPolicy(bare).Statement, added]))[0]).toBe(`statement X ${message}`);
  });

  test("refuses one Sid twice", () => {
    const { Statement } = keyPolicy(bare);
    const twice = { Version: "2012-10-17" as const, Statement: [...Statement, statement({}), statement({})] };
    expect(flawsOf(twice)).toEqual(["two statements have the Sid X"]);
  });

  function statement(change: Partial<PolicyStatement>): PolicyStatement {
    return {
      Sid: "X",
      Effect: "Allow",
      Principal: { AWS: [app] },
      Action: ["kms:Decrypt"],
      Resource: ["*"],
      ...change,
    };
  }
});

describe("the guard on conditions", () => {
  test.each<[string, Partial<KeyPolicyStatement>, string]>([
    [
      "an operator that is misspelt",
      { conditions: { StringEqual: { "aws:SourceVpce": ["a"] } } },
      "has the condition operator StringEqual, which IAM does not have",
    ],
    [
      "a key that is misspelt",
      { conditions: { StringEquals: { "aws:SourceVpcee": ["a"] } } },
      "has a condition on aws:SourceVpcee, which a key policy cannot use",
    ],
    [
      "a key of another service",
      { conditions: { StringEquals: { "s3:prefix": ["a"] } } },
      "has a condition on s3:prefix, which a key policy cannot use",
    ],
    [
      "aliases",
      { conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": ["alias/a"] } } },
      "has a condition on kms:ResourceAliases, which a key policy cannot use",
    ],
    [
      "the key's tags",
      { conditions: { StringEquals: { "aws:ResourceTag/a": ["b"] } } },
      "has a condition on aws:ResourceTag/a, which a key policy cannot use",
    ],
    [
      "no value",
      { conditions: { StringEquals: { "aws:SourceVpce": [] } } },
      "has a condition on aws:SourceVpce without a value",
    ],
    [
      "an encryption context on DescribeKey",
      {
        actions: ["kms:Decrypt", "kms:DescribeKey"],
        conditions: { StringEquals: { "kms:EncryptionContext:app": ["a"] } },
      },
      "has a condition on kms:EncryptionContext:app, which kms:DescribeKey does not carry",
    ],
    [
      "a key that no action carries, in a Deny",
      { effect: "Deny", conditions: { StringNotEquals: { "kms:GranteePrincipal": ["a"] } } },
      "has a condition on kms:GranteePrincipal, which kms:Decrypt does not carry",
    ],
    [
      "ForAllValues on an encryption context, which AWS KMS refuses too",
      { conditions: { "ForAllValues:StringEquals": { "kms:EncryptionContext:app": ["a"] } } },
      "compares kms:EncryptionContext:app, which has one value, with ForAllValues:StringEquals",
    ],
    [
      "a set operator on one value",
      { conditions: { "ForAnyValue:StringEquals": { "kms:ViaService": ["a"] } } },
      "compares kms:ViaService, which has one value, with ForAnyValue:StringEquals",
    ],
    [
      "no set operator on several values",
      { conditions: { StringLike: { "aws:PrincipalOrgPaths": ["o-a/*"] } } },
      "compares aws:PrincipalOrgPaths, which has several values, with StringLike",
    ],
    [
      "ForAllValues alone, which requests without the key pass",
      { conditions: { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": ["o-a/*"] } } },
      "compares aws:PrincipalOrgPaths with ForAllValues:StringLike, which a request without that key passes",
    ],
    [
      "two keys that IAM takes for one",
      { conditions: { StringEquals: { "kms:EncryptionContext:App": ["a"], "kms:EncryptionContext:app": ["a"] } } },
      "has conditions on kms:EncryptionContext:App and kms:EncryptionContext:app, which are one key to IAM",
    ],
  ])("refuses %s", (_, statement, message) => {
    expect(extra(statement)[0]).toBe(`statement ExtraX ${message}`);
  });
});

describe("the guard on lock-out", () => {
  const everything = [...new Set(keyPolicy(bare).Statement.flatMap(({ Action = [] }) => Action))];

  test.each<[string, string, string[], Partial<KeyPolicyRequest>]>([
    ["an administrator", administrator, ["kms:PutKeyPolicy"], {}],
    ["an administrator who could not look", administrator, ["kms:GetKeyPolicy"], {}],
    ["the deploy role", deployRole, ["kms:ListResourceTags"], {}],
    ["the deploy role, by a grant that it has to create", deployRole, ["kms:CreateGrant"], { grants: [grantTo(app)] }],
    ["the deploy role, by a replica that it has to create", deployRole, ["kms:ReplicateKey"], {}],
    ["the audit role", auditRole, ["kms:ListGrants"], {}],
    ["the break-glass role", breakGlass, ["kms:ScheduleKeyDeletion"], {}],
    ["the account root", rootOf(owner), ["kms:PutKeyPolicy"], {}],
  ])("refuses a Deny that reaches %s", (_, principal, actions, request) => {
    const flaws = extra({ effect: "Deny", principals: [principal], actions }, request);
    expect(flaws).toContainEqual(
      expect.stringMatching(
        new RegExp(`${principal} would be locked out: ${actions[0]} is not allowed, or may be denied$`),
      ),
    );
  });

  test.each<[string, Partial<KeyPolicyStatement>]>([
    ["everybody but a user", { principals: [], notPrincipals: [user], actions: ["kms:PutKeyPolicy"] }],
    ["another account", { principals: [], notPrincipals: [rootOf(other)], actions: ["kms:PutKeyPolicy"] }],
    ["the account, for everything but use", { principals: [rootOf(owner)], actions: [], notActions: ["kms:Decrypt"] }],
  ])("refuses a Deny that reaches the managers by exclusion: %s", (_, statement) => {
    const flaws = extra({ effect: "Deny", ...statement });
    expect(flaws).toContainEqual(expect.stringMatching(`${administrator} would be locked out: .*kms:PutKeyPolicy`));
    expect(flaws).toContainEqual(expect.stringMatching(`account root ${rootOf(owner)} would be locked out`));
  });

  test("names the one manager that a Deny for everybody else does not leave out", () => {
    const notPrincipals = managers.filter((manager) => manager !== auditRole);
    expect(extra({ effect: "Deny", principals: [], notPrincipals, actions: ["kms:DescribeKey"] })).toEqual([
      `audit role ${auditRole} would be locked out: kms:DescribeKey is not allowed, or may be denied`,
    ]);
  });

  test("refuses a Deny for the whole account, for each duty", () => {
    const flaws = extra({ effect: "Deny", principals: [rootOf(owner)], actions: everything });
    expect(flaws.map((flaw) => flaw.replace(/ arn.*/, ""))).toEqual([
      "administrator",
      "deploy role",
      "audit role",
      "break-glass role",
      "account root",
    ]);
  });

  test.each([
    ["any condition that might hold", { StringNotEquals: { "aws:SourceVpce": ["vpce-0a1b2c3d"] } }],
    ["a pattern that might match", { ArnLike: { "aws:PrincipalArn": [role(owner, "Key*")] } }],
    ["a variable that might match", { StringEquals: { "aws:PrincipalArn": ["${aws:PrincipalArn}"] } }],
    ["an exception for somebody else", { ArnNotEquals: { "aws:PrincipalArn": [breakGlass] } }],
    ["an exception that holds only sometimes", { ArnNotEqualsIfExists: { "aws:PrincipalArn": [administrator] } }],
  ])("takes %s in a Deny to hold", (_, conditions) => {
    const statement = {
      effect: "Deny" as const,
      principals: [rootOf(owner)],
      actions: ["kms:PutKeyPolicy"],
      conditions,
    };
    expect(extra(statement).some((flaw) => flaw.startsWith("administrator"))).toBe(true);
  });

  test.each([
    ["is missing", undefined],
    ["is conditional", { Condition: { Bool: { "aws:MultiFactorAuthPresent": ["true"] } } }],
    ["names somebody else", { Principal: { AWS: [local] } }],
    ["does not let change the policy", { Action: ["kms:DescribeKey", "kms:GetKeyPolicy"] }],
  ])("refuses a policy whose statement for administrators %s", (_, change) => {
    const document = edited("Administrators", (each) => change && { ...each, ...change });
    expect(
      flawsOf(document).some((flaw) => flaw.startsWith(`administrator ${administrator} would be locked out`)),
    ).toBe(true);
  });

  test.each(["Deploy", "Audit", "BreakGlass", "AccountRootAdministration"])(
    "refuses a policy without the statement %s",
    (sid) => {
      expect(flawsOf(edited(sid, () => undefined)).join()).toContain("would be locked out");
    },
  );
});

describe("the guard on duties", () => {
  test.each<[string, Partial<KeyPolicyStatement>, string]>([
    [
      "an administrator decrypt",
      { principals: [administrator] },
      `lets ${administrator} use the key (kms:Decrypt), and who manages a key never uses it`,
    ],
    [
      "an administrator create grants",
      { principals: [administrator], actions: ["kms:CreateGrant"] },
      `lets ${administrator} use the key (kms:CreateGrant), and who manages a key never uses it`,
    ],
    [
      "the deploy role encrypt",
      { principals: [deployRole], actions: ["kms:Encrypt"] },
      `lets ${deployRole} use the key (kms:Encrypt), and who manages a key never uses it`,
    ],
    [
      "the audit role decrypt",
      { principals: [auditRole] },
      `lets ${auditRole} use the key (kms:Decrypt), and who manages a key never uses it`,
    ],
    [
      "the break-glass role decrypt",
      { principals: [breakGlass] },
      `lets ${breakGlass} use the key (kms:Decrypt), and who manages a key never uses it`,
    ],
    [
      "a user change the policy",
      { actions: ["kms:PutKeyPolicy"] },
      `lets ${app} manage the key (kms:PutKeyPolicy), and who uses a key never manages it`,
    ],
    [
      "a user revoke grants",
      { actions: ["kms:RevokeGrant"] },
      `lets ${app} manage the key (kms:RevokeGrant), and who uses a key never manages it`,
    ],
    [
      "a user bring material in",
      { actions: ["kms:ImportKeyMaterial"] },
      `lets ${app} manage the key (kms:ImportKeyMaterial), and who uses a key never manages it`,
    ],
    [
      "another account's root manage",
      { principals: [rootOf(third)], actions: ["kms:PutKeyPolicy"] },
      `lets ${rootOf(third)} manage the key (kms:PutKeyPolicy), and who uses a key never manages it`,
    ],
    [
      "the audit role tag",
      { principals: [auditRole], actions: ["kms:TagResource"] },
      "lets the audit role change the key (kms:TagResource)",
    ],
    [
      "a user create any grant",
      { actions: ["kms:CreateGrant"] },
      `lets ${app} create any grant, and with it give decryption to anybody`,
    ],
    [
      "a user create grants that are not for AWS",
      { actions: ["kms:CreateGrant"], conditions: { Bool: { "kms:GrantIsForAWSResource": ["false"] } } },
      `lets ${app} create any grant, and with it give decryption to anybody`,
    ],
    [
      "a user grant to a third account",
      {
        actions: ["kms:CreateGrant"],
        conditions: {
          StringEquals: { "kms:GranteePrincipal": [role(third, "x")] },
          "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] },
        },
      },
      `lets ${app} grant the use of the key to ${role(third, "x")}`,
    ],
    [
      "an administrator replicate anywhere",
      { principals: [administrator], actions: ["kms:ReplicateKey"] },
      "lets the key leave the zone's Regions: kms:ReplicateKey is not bound to them",
    ],
    [
      "an administrator replicate outside of the zone",
      {
        principals: [administrator],
        actions: ["kms:ReplicateKey"],
        conditions: { StringEquals: { "kms:ReplicaRegion": ["us-west-2", "eu-west-1"] } },
      },
      "lets the key leave the zone's Regions: kms:ReplicateKey is not bound to them",
    ],
    [
      "an administrator move the primary anywhere",
      { principals: [administrator], actions: ["kms:UpdatePrimaryRegion"] },
      "lets the key leave the zone's Regions: kms:UpdatePrimaryRegion is not bound to them",
    ],
    [
      "the account's IAM give the use of a key with administration-only root access",
      { principals: [rootOf(owner)] },
      "lets the IAM of the owner's account give the use of the key (kms:Decrypt), and its data class says administration-only",
    ],
  ])("refuses a statement that lets %s", (_, statement, message) => {
    expect(extra(statement)).toContain(`statement ExtraX ${message}`);
  });

  test("refuses full root access that reaches the managers of the key", () => {
    expect(extra({ principals: [rootOf(owner)] }, { rootAccess: "full" })).toEqual([
      "statement ExtraX lets the IAM of the owner's account make managers of the key its users",
    ]);
  });

  test.each(["ArnNotEquals", "ArnNotLike", "ArnEquals"])(
    "takes no %s on an account for something that leaves the managers out",
    (operator) => {
      const conditions = { [operator]: { "aws:PrincipalAccount": [operator === "ArnEquals" ? other : owner] } };
      expect(extra({ principals: [rootOf(owner)], conditions }, { rootAccess: "full" })).toHaveLength(1);
    },
  );

  test.each<[string, Partial<KeyPolicyRequest>]>([
    ["a use entry of a manager", { uses: [useBy(administrator)] }],
    ["a grant to a manager", { grants: [grantTo(auditRole)] }],
    ["a use entry of the owner's whole account", { uses: [useBy(rootOf(owner))] }],
  ])("refuses what %s makes of a key with administration-only root access", (_, request) => {
    const full = { ...bare, ...request };
    const grantees = full.grants.map(({ grantee }) => grantee);
    expect(flawsOf(keyPolicy(full), duties, grantees)).toHaveLength(1);
  });

  test("refuses grants by the deploy role to whom the map grants nothing", () => {
    const policy = keyPolicy({ ...bare, grants: [grantTo(app)] });
    expect(flawsOf(policy, duties, [app])).toEqual([]);
    expect(flawsOf(policy, duties, [role(other, "another")])).toEqual([
      `statement DeployGrants lets ${deployRole} use the key (kms:CreateGrant), and who manages a key never uses it`,
    ]);
  });

  test("refuses the map's grants in any other manager's hands", () => {
    const { Statement } = keyPolicy({ ...bare, grants: [grantTo(app)] });
    const handed = Statement.map((each) =>
      each.Sid === "DeployGrants" ? { ...each, Principal: { AWS: [administrator, deployRole] } } : each,
    );
    expect(flawsOf(policyDocument(handed), duties, [app])).toEqual([
      `statement DeployGrants lets ${administrator}, ${deployRole} use the key (kms:CreateGrant), and who manages a key never uses it`,
    ]);
  });

  test.each([
    ["is missing", undefined],
    ["has another exception", { Condition: { ArnNotEquals: { "aws:PrincipalArn": [breakGlass, administrator] } } }],
    [
      "has a further condition",
      { Condition: { ArnNotEquals: { "aws:PrincipalArn": [breakGlass] }, Bool: { "aws:ViaAWSService": ["false"] } } },
    ],
    ["is for one role alone", { Principal: { AWS: [administrator] } }],
    ["forgets an action", { Action: ["kms:DeleteImportedKeyMaterial", "kms:DisableKey"] }],
  ])("refuses a policy whose Deny of destruction %s", (_, change) => {
    const document = edited("OnlyBreakGlassDestroys", (each) => change && { ...each, ...change });
    expect(flawsOf(document).join()).toMatch(/nothing keeps .*kms:ScheduleKeyDeletion.* with arn/);
  });

  test.each<[string, PolicyStatement["Condition"]]>([
    ["no condition", undefined],
    ["a condition that passes when the source is missing", { StringEqualsIfExists: { "aws:SourceAccount": [other] } }],
    ["a source of any account", { ArnLike: { "aws:SourceArn": ["arn:aws:sns:*:*:*"] } }],
    [
      "one source of any account among others",
      { ArnLike: { "aws:SourceArn": [`arn:aws:sns:*:${other}:*`, "arn:aws:sns:*:*:*"] } },
    ],
    ["something else", { StringEquals: { "aws:SourceOrgID": ["o-a1b2c3d4e5"] } }],
  ])("refuses an AWS service with %s", (_, condition) => {
    const sns: PolicyStatement = {
      Sid: "X",
      Effect: "Allow",
      Principal: { Service: ["sns.amazonaws.com"] },
      Action: ["kms:Decrypt"],
      Resource: ["*"],
      ...(condition === undefined ? {} : { Condition: condition }),
    };
    expect(flawsOf(policyDocument([...keyPolicy(bare).Statement, sns]))).toEqual([
      "statement X lets an AWS service use the key for the resources of any account",
    ]);
  });

  test("sees through wildcard actions and their case", () => {
    const added = (Action: string): PolicyStatement => ({
      Sid: "X",
      Effect: "Allow",
      Principal: { AWS: [administrator] },
      Action: [Action],
      Resource: ["*"],
    });
    for (const action of ["kms:*", "kms:Dec*", "KMS:decrypt", "kms:Decryp?", "*"]) {
      const flaws = flawsOf(policyDocument([...keyPolicy(bare).Statement, added(action)]));
      expect([action, flaws.some((flaw) => flaw.includes("use the key (kms:Decrypt"))]).toEqual([action, true]);
    }
  });
});

describe("the guard on everybody below an OU", () => {
  const path = "o-a1b2c3d4e5/r-ab12/ou-ab12-21000000/";
  const allowing: KeyDuties = { ...duties, organizationPaths: ["o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/", path] };
  const use = useBy(rootOf(third), {
    organizationPath: { organizationId: "o-a1b2c3d4e5", idPath: path, everybody: true },
  });
  const policy = keyPolicy({ ...bare, ...allowing, uses: [use] }, "organization-paths");
  const [everybody] = policy.Statement.filter(({ Principal }) => Principal?.AWS?.includes("*"));
  const wildcard = "has a wildcard principal";

  /** The flaws of the policy with another condition on its one statement for everybody. */
  function withCondition(condition: PolicyStatement["Condition"]): string[] {
    if (everybody === undefined) throw new Error("nobody");
    const others = policy.Statement.filter((each) => each !== everybody);
    return flawsOf(
      policyDocument([...others, { ...everybody, Condition: { ...everybody.Condition, ...condition } }]),
      allowing,
    );
  }

  test("takes it where the zone allows it", () => {
    expect(everybody?.Principal).toEqual({ AWS: ["*"] });
    expect(flawsOf(policy, allowing)).toEqual([]);
  });

  test("refuses it where the zone does not", () => {
    expect(flawsOf(policy)).toEqual([expect.stringContaining(wildcard)]);
    expect(flawsOf(policy, { ...duties, organizationPaths: ["o-a1b2c3d4e5/r-ab12/ou-ab12-22000000/"] })).toEqual([
      expect.stringContaining(wildcard),
    ]);
  });

  const below = (...paths: string[]) => ({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": paths } });
  test.each<[string, NonNullable<PolicyStatement["Condition"]>]>([
    ["an OU beside it", below(`${path}*`, "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*")],
    ["the organization", below("o-a1b2c3d4e5/*")],
    ["a pattern that also means an OU beside it", below("o-a1b2c3d4e5/r-ab12/ou-ab12-2*")],
    ["a pattern with a wildcard in the middle", below(`${path}*/ou-ab12-9/*`)],
    ["a variable", below(`${path}\${aws:username}/*`)],
    ["no path", { "ForAnyValue:StringLike": {} }],
    [
      "a path that only all values have to match",
      { "ForAnyValue:StringLike": {}, "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": [`${path}*`] } },
    ],
    ["another organization", { StringEquals: { "aws:PrincipalOrgID": ["o-zzzzzzzzzz"] } }],
    ["two organizations", { StringEquals: { "aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-zzzzzzzzzz"] } }],
    ["the owner's account, whose managers it would name", { StringNotEquals: {} }],
    ["all accounts but another one", { StringNotEquals: { "aws:PrincipalAccount": [third] } }],
  ])("refuses it for %s", (_, condition) => {
    expect(withCondition(condition)).toContainEqual(expect.stringContaining(wildcard));
  });
});
