import { describe, expect, test } from "@jest/globals";
import { allKeyActions, kmsActions } from "../../modules/aws/kms-actions";
import { exampleOfPattern, permissionSetRolePatterns } from "../../modules/aws/permission-set";
import type { KeyPolicyStatement } from "../../modules/policies/extra-statement";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import type { PolicyDocument, PolicyStatement } from "../../modules/policies/policy-document";
import { type Call, everything, isAllowed, verdict } from "./simulate";
import { duties, other, owner, role, rootOf, smallRequest, third, useBy } from "./small-key";

const bare: KeyPolicyRequest = { ...smallRequest, uses: [], services: [], grants: [], statements: [] };
const app = role(other, "app");
const auditor = `arn:aws:iam::${other}:user/auditor`;

function policyWith(extra: Partial<KeyPolicyStatement>, request: Partial<KeyPolicyRequest> = {}): PolicyDocument {
  const statement: KeyPolicyStatement = {
    sid: "X",
    effect: "Deny",
    principals: [],
    actions: [],
    conditions: {},
    ...extra,
  };
  return keyPolicy({ ...bare, ...request, statements: [statement] });
}

function extraIn({ Statement }: PolicyDocument): PolicyStatement | undefined {
  return Statement.find(({ Sid }) => Sid === "ExtraX");
}

describe("a further statement", () => {
  test("with notActions denies all others, and those that AWS adds later", () => {
    const policy = policyWith(
      { principals: [rootOf(other)], notActions: ["kms:DescribeKey", "kms:Encrypt"] },
      { uses: [useBy(app)] },
    );
    expect(extraIn(policy)).toEqual({
      Sid: "ExtraX",
      Effect: "Deny",
      Principal: { AWS: [rootOf(other)] },
      NotAction: ["kms:DescribeKey", "kms:Encrypt"],
      Resource: ["*"],
    });
    const left = allKeyActions.filter((action) => isAllowed(policy, { principal: app, action }, [everything]));
    expect(left).toEqual(["kms:DescribeKey", "kms:Encrypt"]);
  });

  test("with notPrincipals denies everybody but these roles, users and accounts, and all of their sessions", () => {
    const users = [auditor, app, role(other, "web"), role(owner, "app"), role(third, "app")];
    const policy = policyWith(
      { notPrincipals: [auditor, app, rootOf(third)], actions: ["kms:Decrypt", "kms:ReEncryptFrom"] },
      { uses: users.map((principal) => useBy(principal)) },
    );
    expect(extraIn(policy)).toMatchObject({
      Principal: { AWS: ["*"] },
      Condition: {
        ArnNotEquals: { "aws:PrincipalArn": [app, auditor] },
        StringNotEquals: { "aws:PrincipalAccount": [third] },
      },
    });
    const answers = users.map((principal) => [
      principal,
      verdict(policy, { principal, action: "kms:Decrypt" }, [everything]),
    ]);
    expect(answers).toEqual([
      [auditor, "Allowed"],
      [app, "Allowed"],
      [role(other, "web"), "ExplicitlyDenied"],
      [role(owner, "app"), "ExplicitlyDenied"],
      [role(third, "app"), "Allowed"],
    ]);
    expect(isAllowed(policy, { principal: role(owner, "app"), action: "kms:Encrypt" }, [everything])).toBe(true);
  });

  test("with services lets an AWS service in, for its source alone", () => {
    const policy = policyWith({
      effect: "Allow",
      services: ["sns.amazonaws.com", "events.amazonaws.com"],
      actions: ["kms:GenerateDataKey"],
      conditions: { StringEquals: { "aws:SourceAccount": [other] } },
    });
    expect(extraIn(policy)?.Principal).toEqual({ Service: ["events.amazonaws.com", "sns.amazonaws.com"] });
    const generate = (call: Partial<Call>): boolean =>
      isAllowed(policy, { principal: "sns.amazonaws.com", action: "kms:GenerateDataKey", ...call });
    expect(generate({ source: { account: other } })).toBe(true);
    expect(generate({ source: { account: third } })).toBe(false);
    expect(generate({})).toBe(false);
    expect(generate({ principal: "sqs.amazonaws.com", source: { account: other } })).toBe(false);
  });

  test("that lets a permission set in by its account keeps it from managing the key, as a use entry does", () => {
    const patterns = permissionSetRolePatterns("aws", owner, "Support");
    const policy = policyWith({
      effect: "Allow",
      principals: [rootOf(owner)],
      actions: ["kms:Decrypt"],
      conditions: { ArnLike: { "aws:PrincipalArn": patterns } },
    });
    for (const principal of patterns.map(exampleOfPattern)) {
      expect(isAllowed(policy, { principal, action: "kms:Decrypt" }, [everything])).toBe(true);
      const managing = [...kmsActions.administering, ...kmsActions.destroying];
      expect(managing.filter((action) => isAllowed(policy, { principal, action }, [everything]))).toEqual([]);
    }
    const another = { principal: role(owner, "app"), action: "kms:PutKeyPolicy" };
    expect(isAllowed(policy, another, [everything])).toBe(true);
  });
});

describe("a database administrator who may have databases encrypted", () => {
  const administrator = role(owner, "DatabaseAdministrator");
  const use = useBy(administrator, { operations: ["grant-to-aws-services"], via: ["rds"] });
  const policy = keyPolicy({ ...bare, ...duties, uses: [use] });
  const rds = "rds.us-east-1.amazonaws.com";
  const grant = { grantee: rds, operations: ["Decrypt", "GenerateDataKey", "CreateGrant"], forAwsResource: true };

  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html#Overview.Encryption.Keys.Authorizing
  test("has what Amazon RDS asks of whoever creates or restores an encrypted instance", () => {
    expect(isAllowed(policy, { principal: administrator, action: "kms:DescribeKey", via: rds })).toBe(true);
    expect(isAllowed(policy, { principal: administrator, action: "kms:CreateGrant", via: rds, grant })).toBe(true);
  });

  test.each<[string, Partial<Call>]>([
    ["directly", {}],
    ["through Amazon RDS", { via: rds }],
    ["through another service", { via: "s3.us-east-1.amazonaws.com" }],
    ["through Amazon RDS in another Region", { via: "rds.us-west-2.amazonaws.com" }],
  ])("neither decrypts nor encrypts anything %s, whatever its IAM policies say", (_, surroundings) => {
    const allowed = kmsActions.cryptographic.filter((action) =>
      isAllowed(policy, { principal: administrator, action, ...surroundings }, [everything]),
    );
    expect(allowed).toEqual([]);
  });

  test("neither decrypts nor encrypts with a key of another account, whatever IAM policies there and here say", () => {
    const foreign = role(other, "DatabaseAdministrator");
    const shared = keyPolicy({ ...bare, rootAccess: "full", uses: [{ ...use, principals: [foreign] }] });
    const allowed = kmsActions.cryptographic.filter((action) =>
      isAllowed(shared, { principal: foreign, action, via: rds }, [everything]),
    );
    expect(allowed).toEqual([]);
    expect(isAllowed(shared, { principal: foreign, action: "kms:CreateGrant", via: rds, grant }, [everything])).toBe(
      true,
    );
  });

  test.each<[string, Partial<Call>]>([
    ["by itself", { grant: { ...grant, grantee: administrator } }],
    ["to itself through Amazon RDS, but for no AWS resource", { via: rds, grant: { ...grant, forAwsResource: false } }],
    ["through another service", { via: "s3.us-east-1.amazonaws.com", grant }],
  ])("grants the key to nobody %s", (_, surroundings) => {
    const call: Call = { principal: administrator, action: "kms:CreateGrant", ...surroundings };
    expect(isAllowed(policy, call, [everything])).toBe(false);
  });

  test("does not manage the key", () => {
    const managing = [...kmsActions.administering, ...kmsActions.destroying];
    expect(managing.filter((action) => isAllowed(policy, { principal: administrator, action }, [everything]))).toEqual(
      [],
    );
  });
});
