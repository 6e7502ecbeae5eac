import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { KeyKind } from "../../modules/aws/key-kind";
import { actionsOf, cryptographicActions, type KeyOperation, operationsOf } from "../../modules/aws/key-operations";
import { isAsymmetric } from "../../modules/aws/key-rules";
import { allKeyActions, kmsActions } from "../../modules/aws/kms-actions";
import { consumerPolicies } from "../../modules/policies/consumer-policy";
import { guardKeyPolicy } from "../../modules/policies/guard-key-policy";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import type { PolicyDocument } from "../../modules/policies/policy-document";
import { type Call, everything, isAllowed } from "./simulate";
import {
  administrator,
  alias,
  duties,
  grantTo,
  managers,
  other,
  owner,
  region,
  role,
  serviceFor,
  smallRequest,
  useBy,
} from "./small-key";

const kinds: readonly KeyKind[] = [
  { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" },
  { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "EXTERNAL" },
  { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "AWS_CLOUDHSM" },
  { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "EXTERNAL_KEY_STORE" },
  { spec: "RSA_4096", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" },
  { spec: "RSA_4096", usage: "SIGN_VERIFY", origin: "AWS_KMS" },
  { spec: "ECC_NIST_P256", usage: "SIGN_VERIFY", origin: "AWS_KMS" },
  { spec: "ECC_NIST_P384", usage: "KEY_AGREEMENT", origin: "AWS_KMS" },
  { spec: "HMAC_256", usage: "GENERATE_VERIFY_MAC", origin: "AWS_KMS" },
];
const [, imported] = kinds;
const signing: KeyKind = { spec: "ECC_NIST_P256", usage: "SIGN_VERIFY", origin: "AWS_KMS" };
const app = role(other, "service/app");
const stranger = role(owner, "AccountAdministrator");
const asTable = kinds.map((kind) => [`${kind.spec} ${kind.usage} ${kind.origin}`, kind] as const);

function requestFor(kind: KeyKind, request: Partial<KeyPolicyRequest> = {}): KeyPolicyRequest {
  return { ...smallRequest, kind, multiRegion: false, uses: [], services: [], grants: [], statements: [], ...request };
}

function allowed(policy: PolicyDocument, call: Omit<Call, "action">, iam = false): string[] {
  return allKeyActions.filter((action) => isAllowed(policy, { ...call, action }, iam ? [everything] : []));
}

function behind(operations: readonly KeyOperation[], kind: KeyKind): string[] {
  const actions = operations
    .filter((operation) => operation !== "grant-to-aws-services")
    .flatMap((operation) => actionsOf(operation, kind));
  return [...new Set([...actions, "kms:DescribeKey"])].sort();
}

describe.each(asTable)("the policy of a key of %s", (_, kind) => {
  const words = operationsOf(kind);

  test("lets a user do what the words of its use stand for, and nothing else", () => {
    fc.assert(
      fc.property(fc.subarray([...words], { minLength: 1 }), (operations) => {
        const policy = keyPolicy(requestFor(kind, { uses: [useBy(app, { kind, operations })] }));
        expect(allowed(policy, { principal: app }, true)).toEqual(behind(operations, kind));
      }),
      { numRuns: 8 },
    );
  });

  test("lets the account's IAM give what the key does, and to nobody who manages it", () => {
    const policy = keyPolicy(requestFor(kind, { rootAccess: "full" }));
    const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];
    expect(allowed(policy, { principal: stranger }, true).filter((action) => using.includes(action))).toEqual(
      [...cryptographicActions(kind), "kms:CreateGrant"].sort(),
    );
    for (const manager of managers) {
      expect(allowed(policy, { principal: manager }, true).filter((action) => using.includes(action))).toEqual([]);
    }
  });

  test("brings material to imported keys by the administrators alone, and takes it by break-glass alone", () => {
    const policy = keyPolicy(requestFor(kind, { rootAccess: "full" }));
    const can = (action: string): string[] =>
      [...managers, stranger].filter((principal) => isAllowed(policy, { principal, action }, [everything]));
    expect(can("kms:ImportKeyMaterial")).toEqual(kind.origin === "EXTERNAL" ? [administrator] : []);
    expect(can("kms:DeleteImportedKeyMaterial")).toEqual([duties.breakGlass]);
  });

  test("passes the guard with everything that the map can ask of it", () => {
    const users = useBy(app, { kind, operations: words });
    const operations = isAsymmetric(kind) ? (["GetPublicKey"] as const) : (["DescribeKey"] as const);
    const request = requestFor(kind, {
      uses: [users],
      grants: [grantTo(app, { operations })],
      services: kind.spec === "SYMMETRIC_DEFAULT" ? [serviceFor("cloudtrail", { sourceAccountId: owner })] : [],
    });
    expect(guardKeyPolicy(keyPolicy(request), { ...duties, kind }, [app])).toEqual([]);
  });

  test("goes with the using account's half, and neither is enough alone", () => {
    const use = useBy(app, { kind, operations: words });
    const policy = keyPolicy(requestFor(kind, { uses: [use] }));
    const without = keyPolicy(requestFor(kind));
    const halves = consumerPolicies([
      { key: { partition: "aws", ownerAccountId: owner, regions: [region], alias, by: "alias" }, use },
    ]);
    for (const action of behind(words, kind)) {
      expect([action, isAllowed(policy, { principal: app, action }, halves)]).toEqual([action, true]);
      expect([action, isAllowed(policy, { principal: app, action })]).toEqual([action, false]);
      expect([action, isAllowed(without, { principal: app, action }, halves)]).toEqual([action, false]);
    }
  });
});

describe("the guard", () => {
  const flawsOf = (kind: KeyKind, statement: KeyPolicyRequest["statements"][number]): string[] =>
    guardKeyPolicy(keyPolicy(requestFor(kind, { statements: [statement] })), { ...duties, kind }, []).map(
      ({ message }) => message,
    );
  const local = role(owner, "app");

  test.each([
    [
      signing,
      "kms:Encrypt",
      "statement ExtraOdd allows kms:Encrypt, which a key of ECC_NIST_P256 for SIGN_VERIFY does not do",
    ],
    [
      { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "AWS_CLOUDHSM" } as const,
      "kms:GenerateDataKeyPair",
      "statement ExtraOdd allows kms:GenerateDataKeyPair, which a key of SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT (AWS_CLOUDHSM) does not do",
    ],
  ])("refuses to let a key %j do %s", (kind, action, message) => {
    const odd = { sid: "Odd", effect: "Allow", principals: [local], actions: [action], conditions: {} } as const;
    expect(flawsOf(kind, odd)).toEqual([message]);
    expect(flawsOf(kind, { ...odd, effect: "Deny" })).toEqual([]);
  });

  test("refuses an encryption context where no request carries one", () => {
    const conditions = { StringEquals: { "KMS:EncryptionContext:app": ["x"] } };
    const rsa = { spec: "RSA_2048", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" } as const;
    const odd = { sid: "Odd", effect: "Deny", principals: [local], actions: ["kms:Decrypt"], conditions } as const;
    expect(flawsOf(rsa, odd)).toEqual([
      "statement ExtraOdd has a condition on KMS:EncryptionContext:app, which requests with a key of RSA_2048 for ENCRYPT_DECRYPT do not carry",
    ]);
    expect(flawsOf({ ...rsa, spec: "SYMMETRIC_DEFAULT" }, odd)).toEqual([]);
  });

  test("keeps the import of material with the administrators of a key that needs it", () => {
    const deny = {
      sid: "NoImport",
      effect: "Deny",
      principals: [administrator],
      actions: ["kms:ImportKeyMaterial"],
      conditions: {},
    } as const;
    expect(imported === undefined ? [] : flawsOf(imported, deny)).toEqual([
      `administrator ${administrator} would be locked out: kms:ImportKeyMaterial is not allowed, or may be denied`,
    ]);
    expect(flawsOf(signing, deny)).toEqual([]);
  });

  test("refuses material from somebody who uses the key", () => {
    const give = {
      sid: "Import",
      effect: "Allow",
      principals: [local],
      actions: ["kms:ImportKeyMaterial"],
      conditions: {},
    } as const;
    expect(imported === undefined ? [] : flawsOf(imported, give)).toEqual([
      `statement ExtraImport lets ${local} manage the key (kms:ImportKeyMaterial), and who uses a key never manages it`,
    ]);
  });
});

describe("Route 53", () => {
  const zoneArn = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ";
  const route53 = "dnssec-route53.amazonaws.com";
  const service = serviceFor("dnssec", { sourceAccountId: owner, sourceArns: [zoneArn] });
  const policy = keyPolicy(requestFor(signing, { services: [service] }));
  const source = { account: owner, arn: zoneArn };

  test("signs for the hosted zones of one account", () => {
    expect(allowed(policy, { principal: route53, source })).toEqual([
      "kms:DescribeKey",
      "kms:GetPublicKey",
      "kms:Sign",
    ]);
    expect(allowed(policy, { principal: route53, source: { ...source, account: other } })).toEqual([]);
    expect(allowed(policy, { principal: route53, source: { ...source, arn: `${zoneArn}X` } })).toEqual([]);
    expect(allowed(policy, { principal: route53 })).toEqual([]);
  });

  test("creates grants for its own resources alone, and for nobody else's hosted zone", () => {
    const grant = { grantee: "", operations: ["Sign"], forAwsResource: true };
    const action = "kms:CreateGrant";
    expect(isAllowed(policy, { principal: route53, action, source, grant })).toBe(true);
    expect(isAllowed(policy, { principal: route53, action, source, grant: { ...grant, forAwsResource: false } })).toBe(
      false,
    );
    expect(isAllowed(policy, { principal: route53, action, source: { ...source, account: other }, grant })).toBe(false);
  });
});
