import { describe, expect, test } from "@jest/globals";
import { kmsActions } from "../../modules/aws/kms-actions";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import type { PolicyStatement } from "../../modules/policies/policy-document";
import { asGolden, golden } from "./golden";
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

const bare: KeyPolicyRequest = { ...smallRequest, uses: [], services: [], grants: [], statements: [] };

function statement(request: KeyPolicyRequest, sid: string): PolicyStatement | undefined {
  return keyPolicy(request).Statement.find(({ Sid }) => Sid === sid);
}

function sids(request: KeyPolicyRequest): string[] {
  return keyPolicy(request).Statement.map(({ Sid }) => Sid);
}

describe("a key policy", () => {
  test("with one statement of every kind is this document", () => {
    const document = keyPolicy(smallRequest);
    expect(asGolden(document)).toBe(golden("key-policy.json", document));
  });

  test("with full root access is this document", () => {
    const document = keyPolicy({ ...bare, rootAccess: "full" });
    expect(asGolden(document)).toBe(golden("key-policy-full-root-access.json", document));
  });

  test("without users, services and grants has the duties alone", () => {
    expect(sids({ ...bare, multiRegion: false })).toEqual([
      "AccountRootAdministration",
      "Administrators",
      "Audit",
      "BreakGlass",
      "Deploy",
      "OnlyBreakGlassDestroys",
    ]);
  });

  test("never says kms:*, nor any other wildcard action", () => {
    for (const rootAccess of ["full", "administration-only"] as const) {
      for (const { Action = [] } of keyPolicy({ ...smallRequest, services: [], rootAccess }).Statement) {
        expect(Action.filter((action) => action.includes("*"))).toEqual([]);
      }
    }
  });
});

describe("the account root", () => {
  test.each(["full", "administration-only"] as const)("administers without condition under %s", (rootAccess) => {
    const root = statement({ ...bare, rootAccess }, "AccountRootAdministration");
    expect(root?.Principal).toEqual({ AWS: [rootOf(owner)] });
    expect(root?.Condition).toBeUndefined();
    expect(root?.Action).toEqual(expect.arrayContaining([...kmsActions.administering, "kms:RevokeGrant"]));
  });

  test("never gets cryptography or grants where its access is for administration only", () => {
    const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];
    const actions = keyPolicy(bare)
      .Statement.filter(({ Effect, Principal }) => Effect === "Allow" && Principal?.AWS?.includes(rootOf(owner)))
      .flatMap(({ Action = [] }) => Action);
    expect(actions.filter((action) => using.includes(action))).toEqual([]);
  });

  test("delegates use to everybody but the managers where its access is full", () => {
    expect(statement({ ...bare, rootAccess: "full" }, "AccountRootUse")?.Condition).toEqual({
      ArnNotEquals: { "aws:PrincipalArn": [...managers].sort() },
    });
  });

  test("never delegates replication or a move of the primary: residency is in named hands", () => {
    const replicating: readonly string[] = kmsActions.replicating;
    for (const sid of ["AccountRootAdministration", "AccountRootUse"]) {
      const actions = statement({ ...bare, rootAccess: "full" }, sid)?.Action ?? [];
      expect(actions.filter((action) => replicating.includes(action))).toEqual([]);
    }
  });

  test.each([
    [true, 1],
    [false, 0],
  ])("lets AWS KMS synchronize replicas when the key is multi-Region: %s", (multiRegion, times) => {
    const actions = statement({ ...bare, multiRegion }, "AccountRootAdministration")?.Action ?? [];
    expect(actions.filter((action) => action === "kms:SynchronizeMultiRegionKey")).toHaveLength(times);
  });
});

describe("residency", () => {
  test("lets the deploy role replicate into the zone's other Regions only", () => {
    expect(statement(bare, "DeployReplicates")).toEqual({
      Sid: "DeployReplicates",
      Effect: "Allow",
      Principal: { AWS: [duties.deployRole] },
      Action: ["kms:ReplicateKey"],
      Resource: ["*"],
      Condition: { StringEquals: { "kms:ReplicaRegion": ["us-west-2"] } },
    });
  });

  test.each(["us-east-1", "us-west-2"])(
    "lets break-glass move the primary, asked in %s, to any Region of the zone",
    (region) => {
      // KMS authorizes the move on the old primary and on the replica in the new Region, with one kms:PrimaryRegion.
      expect(statement({ ...bare, region }, "BreakGlassMovesPrimary")?.Condition).toEqual({
        StringEquals: { "kms:PrimaryRegion": ["us-east-1", "us-west-2"] },
      });
    },
  );

  test.each([
    ["a single-Region key", { multiRegion: false }],
    ["a zone with one Region", { zoneRegions: ["us-east-1"] }],
  ])("leaves both out for %s", (_, change) => {
    expect(sids({ ...bare, ...change }).filter((sid) => /Replicates|Moves/.test(sid))).toEqual([]);
  });
});

describe("grants of the map", () => {
  const subset = { kind: "subset", pairs: { job: "settlement" } } as const;
  const equals = { kind: "equals", pairs: { app: "payments", job: "settlement" } } as const;
  const batch = role(other, "batch");
  const restore = role(owner, "restore");

  function conditions(request: Partial<KeyPolicyRequest>): unknown[] {
    return keyPolicy({ ...bare, ...request })
      .Statement.filter(({ Sid }) => Sid.startsWith("DeployGrants"))
      .map(({ Condition }) => Condition);
  }

  test("with the same operations and constraint share a statement", () => {
    expect(
      conditions({ grants: [grantTo(restore), grantTo(batch, { operations: ["GenerateDataKey", "Decrypt"] })] }),
    ).toEqual([
      {
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt", "GenerateDataKey"] },
        StringEquals: { "kms:GranteePrincipal": [restore, batch] },
      },
    ]);
  });

  test("with other operations have a statement of their own", () => {
    expect(conditions({ grants: [grantTo(restore, { operations: ["Decrypt"] }), grantTo(batch)] })).toHaveLength(2);
  });

  test.each([
    [
      "at least these pairs",
      subset,
      {
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt", "GenerateDataKey"] },
        StringEquals: {
          "kms:EncryptionContext:job": ["settlement"],
          "kms:GrantConstraintType": ["EncryptionContextSubset"],
          "kms:GranteePrincipal": [batch],
        },
      },
    ],
    [
      "exactly these pairs",
      equals,
      {
        "ForAllValues:StringEquals": {
          "kms:EncryptionContextKeys": ["app", "job"],
          "kms:GrantOperations": ["Decrypt", "GenerateDataKey"],
        },
        StringEquals: {
          "kms:EncryptionContext:app": ["payments"],
          "kms:EncryptionContext:job": ["settlement"],
          "kms:GrantConstraintType": ["EncryptionContextEquals"],
          "kms:GranteePrincipal": [batch],
        },
      },
    ],
  ])("with a constraint to %s can only be created with it", (_, constraint, expected) => {
    expect(conditions({ grants: [grantTo(batch, { constraint })] })).toEqual([expected]);
  });

  test("with the same pairs in another kind of constraint have a statement of their own", () => {
    const exact = { kind: "equals", pairs: subset.pairs } as const;
    const both = conditions({
      grants: [grantTo(batch, { constraint: subset }), grantTo(restore, { constraint: exact })],
    });
    expect(both).toHaveLength(2);
  });

  test("with the same pairs in another order are the same grant", () => {
    const turned = { kind: "equals", pairs: { job: "settlement", app: "payments" } } as const;
    const grants = [grantTo(batch, { constraint: equals }), grantTo(restore, { constraint: turned })];
    expect(conditions({ grants })).toHaveLength(1);
  });
});

describe("users", () => {
  test.each([
    ["a role of the owner's account", [useBy(role(owner, "app"))], [role(owner, "app")]],
    ["a role of another account", [useBy(role(other, "app"))], []],
    ["another account as a whole", [useBy(rootOf(third))], []],
    ["the owner's account as a whole", [useBy(rootOf(owner))], []],
  ])("never manage the key: %s", (_, uses, denied) => {
    const deny = statement({ ...bare, rootAccess: "full", uses }, "UsersNeverManage");
    expect(deny?.Condition?.ArnEquals?.["aws:PrincipalArn"] ?? []).toEqual(denied);
  });

  test("by a grant or a statement of the map never manage the key either", () => {
    const deny = statement(
      {
        ...bare,
        grants: [grantTo(role(owner, "granted"))],
        statements: [
          { sid: "A", effect: "Allow", principals: [role(owner, "extra")], actions: ["kms:Decrypt"], conditions: {} },
          {
            sid: "B",
            effect: "Allow",
            principals: [role(owner, "reader")],
            actions: ["kms:ListGrants"],
            conditions: {},
          },
          { sid: "C", effect: "Deny", principals: [role(owner, "kept-out")], actions: ["kms:Decrypt"], conditions: {} },
        ],
      },
      "UsersNeverManage",
    );
    expect(deny).toEqual({
      Sid: "UsersNeverManage",
      Effect: "Deny",
      Principal: { AWS: [rootOf(owner)] },
      Action: [...kmsActions.administering],
      Resource: ["*"],
      Condition: { ArnEquals: { "aws:PrincipalArn": [role(owner, "extra"), role(owner, "granted")] } },
    });
  });

  test("that are managers by mistake are not locked out on top: the guard says what is wrong", () => {
    expect(statement({ ...bare, uses: [useBy(administrator)] }, "UsersNeverManage")).toBeUndefined();
  });

  test("through the owner's account as a whole are everybody but the managers", () => {
    const use = statement(
      { ...bare, rootAccess: "full", uses: [useBy(rootOf(owner), { via: ["s3"] })] },
      "UsePaymentsProdAccountRoot",
    );
    expect(use?.Condition).toEqual({
      ArnNotEquals: { "aws:PrincipalArn": [...managers].sort() },
      StringEquals: { "kms:CallerAccount": [owner], "kms:ViaService": ["s3.us-east-1.amazonaws.com"] },
    });
  });
});
