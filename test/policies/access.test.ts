import { describe, expect, test } from "@jest/globals";
import { operationActions } from "../../modules/aws/key-operations";
import { allKeyActions, kmsActions } from "../../modules/aws/kms-actions";
import { consumerPolicies } from "../../modules/policies/consumer-policy";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import type { KeyUse } from "../../modules/policies/key-use";
import type { PolicyDocument } from "../../modules/policies/policy-document";
import { type Call, everything, isAllowed, verdict } from "./simulate";
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
  rootOf,
  smallRequest,
  third,
  useBy,
} from "./small-key";

const { auditRole, breakGlass, deployRole } = duties;
const app = role(other, "service/app");
const local = role(owner, "app");
const stranger = role(owner, "AccountAdministrator");
const bare: KeyPolicyRequest = { ...smallRequest, uses: [], services: [], grants: [], statements: [] };
const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];
const symmetric = [...operationActions.encrypt, ...operationActions.decrypt];

/** The same call with each of these actions, as [action, verdict]. */
function verdicts(
  policy: PolicyDocument,
  actions: readonly string[],
  call: Omit<Call, "action">,
  iam = false,
): string[][] {
  return actions.map((action) => [action, verdict(policy, { ...call, action }, iam ? [everything] : [])]);
}

function all(actions: readonly string[], result: string): string[][] {
  return actions.map((action) => [action, result]);
}

describe("who manages a key never uses it", () => {
  const request = { ...smallRequest, uses: [...smallRequest.uses, useBy(rootOf(owner))] };

  test.each(
    managers.flatMap((manager) =>
      (["full", "administration-only"] as const).map((access) => [manager, access] as const),
    ),
  )("%s with %s root access, not even with an IAM policy that allows everything", (manager, rootAccess) => {
    const policy = keyPolicy({ ...request, grants: [], rootAccess });
    expect(verdicts(policy, using, { principal: manager }, true)).toEqual(all(using, "ImplicitlyDenied"));
  });

  test.each([administrator, deployRole])("and %s manages it without any IAM policy", (manager) => {
    const needed = [...kmsActions.reading, ...kmsActions.administering, "kms:RevokeGrant"];
    expect(verdicts(keyPolicy(request), needed, { principal: manager })).toEqual(all(needed, "Allowed"));
  });

  test("and the audit role only reads", () => {
    const reading: readonly string[] = kmsActions.reading;
    const rest = allKeyActions.filter((action) => !reading.includes(action));
    const policy = keyPolicy(request);
    expect(verdicts(policy, reading, { principal: auditRole })).toEqual(all(reading, "Allowed"));
    expect(rest.filter((action) => isAllowed(policy, { principal: auditRole, action }))).toEqual([]);
  });
});

describe("who uses a key never manages it", () => {
  const administering = [...kmsActions.administering, ...kmsActions.destroying];

  test.each(["full", "administration-only"] as const)(
    "with %s root access, not even with an IAM policy that allows everything",
    (rootAccess) => {
      const policy = keyPolicy({ ...bare, rootAccess, uses: [useBy(local), useBy(app)] });
      expect(verdicts(policy, administering, { principal: local }, true)).toEqual(
        all(administering, "ExplicitlyDenied"),
      );
      expect(verdicts(policy, administering, { principal: app }, true)).toEqual(all(administering, "ImplicitlyDenied"));
    },
  );

  test("and neither does who has a grant", () => {
    const policy = keyPolicy({ ...bare, grants: [grantTo(local)] });
    expect(verdict(policy, { principal: local, action: "kms:PutKeyPolicy" }, [everything])).toBe("ExplicitlyDenied");
  });

  test("while another role of the account can still mend the key by its IAM policies", () => {
    const policy = keyPolicy({ ...bare, uses: [useBy(local)] });
    expect(isAllowed(policy, { principal: stranger, action: "kms:PutKeyPolicy" }, [everything])).toBe(true);
    expect(isAllowed(policy, { principal: stranger, action: "kms:PutKeyPolicy" })).toBe(false);
  });
});

describe("the account's IAM policies", () => {
  test.each([
    ["full", symmetric, "Allowed"],
    ["administration-only", symmetric, "ImplicitlyDenied"],
  ] as const)("with %s root access: %j is %s", (rootAccess, actions, result) => {
    const policy = keyPolicy({ ...smallRequest, rootAccess });
    for (const principal of [stranger, rootOf(owner), `arn:aws:iam::${owner}:user/admin`]) {
      expect(verdicts(policy, actions, { principal }, true)).toEqual(all(actions, result));
    }
  });

  test("create grants with full root access only", () => {
    const call: Call = {
      principal: stranger,
      action: "kms:CreateGrant",
      grant: { grantee: app, operations: ["Decrypt"] },
    };
    expect(isAllowed(keyPolicy({ ...bare, rootAccess: "full" }), call, [everything])).toBe(true);
    expect(isAllowed(keyPolicy(bare), call, [everything])).toBe(false);
  });

  test("never replicate a key, nor move its primary", () => {
    for (const principal of [stranger, administrator, rootOf(owner)]) {
      const policy = keyPolicy({ ...bare, rootAccess: "full" });
      expect(
        isAllowed(policy, { principal, action: "kms:ReplicateKey", replicaRegion: "us-west-2" }, [everything]),
      ).toBe(false);
      expect(
        isAllowed(policy, { principal, action: "kms:UpdatePrimaryRegion", primaryRegion: "us-west-2" }, [everything]),
      ).toBe(false);
    }
  });
});

describe("break-glass", () => {
  const destroying = kmsActions.destroying;

  test.each(["full", "administration-only"] as const)(
    "alone disables and deletes, with %s root access",
    (rootAccess) => {
      const policy = keyPolicy({ ...smallRequest, rootAccess });
      expect(verdicts(policy, destroying, { principal: breakGlass })).toEqual(all(destroying, "Allowed"));
      for (const principal of [
        administrator,
        deployRole,
        auditRole,
        stranger,
        rootOf(owner),
        `arn:aws:iam::${owner}:user/admin`,
      ]) {
        expect(verdicts(policy, destroying, { principal }, true)).toEqual(all(destroying, "ExplicitlyDenied"));
      }
    },
  );

  test("is that role, and not one of the same name elsewhere", () => {
    const policy = keyPolicy(bare);
    const elsewhere = role(other, "ops/KeyBreakGlass");
    expect(verdicts(policy, destroying, { principal: elsewhere }, true)).toEqual(all(destroying, "ImplicitlyDenied"));
  });

  test.each([
    ["us-east-1", "us-west-2", true],
    // The second half of the same call: on the replica that becomes the primary.
    ["us-west-2", "us-west-2", true],
    ["us-east-1", "eu-west-1", false],
  ])("asked in %s, moves the primary to %s: %s", (where, primaryRegion, expected) => {
    const policy = keyPolicy({ ...bare, region: where });
    expect(isAllowed(policy, { principal: breakGlass, action: "kms:UpdatePrimaryRegion", primaryRegion })).toBe(
      expected,
    );
  });
});

describe("the deploy role", () => {
  const batch = role(other, "batch");
  const restore = role(owner, "restore");
  const subset = { kind: "subset", pairs: { job: "settlement" } } as const;
  const equals = { kind: "equals", pairs: { job: "settlement" } } as const;
  const grants = [
    grantTo(batch, { constraint: subset }),
    grantTo(restore, { operations: ["Decrypt"] }),
    grantTo(role(other, "exact"), { operations: ["Encrypt"], constraint: equals }),
  ];
  const calls: [string, Call["grant"], boolean][] = [
    ["the map's grant", { grantee: batch, operations: ["Decrypt", "GenerateDataKey"], constraint: subset }, true],
    ["a part of its operations", { grantee: batch, operations: ["Decrypt"], constraint: subset }, true],
    ["another operation", { grantee: batch, operations: ["Decrypt", "Encrypt"], constraint: subset }, false],
    ["no constraint", { grantee: batch, operations: ["Decrypt"] }, false],
    [
      "another value in the constraint",
      { grantee: batch, operations: ["Decrypt"], constraint: { kind: "subset", pairs: { job: "x" } } },
      false,
    ],
    [
      "a stricter constraint",
      { grantee: batch, operations: ["Decrypt"], constraint: { kind: "subset", pairs: { job: "settlement", a: "b" } } },
      true,
    ],
    ["the other kind of constraint", { grantee: batch, operations: ["Decrypt"], constraint: equals }, false],
    ["the unconstrained grant", { grantee: restore, operations: ["Decrypt"] }, true],
    ["another grantee's operations", { grantee: restore, operations: ["GenerateDataKey"] }, false],
    ["the exact grant", { grantee: role(other, "exact"), operations: ["Encrypt"], constraint: equals }, true],
    [
      "another exact context",
      {
        grantee: role(other, "exact"),
        operations: ["Encrypt"],
        constraint: { kind: "equals", pairs: { job: "settlement", a: "b" } },
      },
      false,
    ],
    [
      "a grantee of the same name elsewhere",
      { grantee: role(third, "batch"), operations: ["Decrypt"], constraint: subset },
      false,
    ],
    ["itself", { grantee: deployRole, operations: ["Decrypt"] }, false],
    ["the account", { grantee: rootOf(other), operations: ["Decrypt"], constraint: subset }, false],
    [
      "a grant for an AWS service",
      { grantee: "rds.us-east-1.amazonaws.com", operations: ["Decrypt"], forAwsResource: true },
      false,
    ],
  ];

  test.each(calls)("grants %s: %j %s", (_, grant, expected) => {
    const call: Call = { principal: deployRole, action: "kms:CreateGrant", ...(grant && { grant }) };
    for (const rootAccess of ["full", "administration-only"] as const) {
      const policy = keyPolicy({ ...bare, rootAccess, grants });
      expect([isAllowed(policy, call), isAllowed(policy, call, [everything])]).toEqual([expected, expected]);
    }
  });

  test("is the only one that creates them", () => {
    const policy = keyPolicy({ ...bare, grants });
    const grant = { grantee: restore, operations: ["Decrypt"] };
    for (const principal of [administrator, auditRole, breakGlass, stranger, restore, rootOf(owner)]) {
      expect(isAllowed(policy, { principal, action: "kms:CreateGrant", grant }, [everything])).toBe(false);
    }
  });

  test.each([
    ["us-west-2", true],
    ["eu-west-1", false],
    ["us-east-1", false],
  ])("replicates a key of us-east-1 into %s: %s", (replicaRegion, expected) => {
    const call: Call = { principal: deployRole, action: "kms:ReplicateKey", replicaRegion };
    expect(isAllowed(keyPolicy(bare), call, [everything])).toBe(expected);
  });
});

describe("a user gets", () => {
  const org = { organizationId: "o-a1b2c3d4e5", idPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-21000000/" };
  const narrowings: [
    string,
    Partial<KeyUse>,
    Omit<Call, "principal" | "action">,
    [string, Omit<Call, "principal" | "action">][],
  ][] = [
    ["no narrowing", {}, {}, []],
    [
      // A value with `${` is left to the test of partsOfUse: under StringEquals the oracle does not resolve `${$}`.
      "an encryption context",
      { encryptionContext: { app: "payments", step: "a*$" } },
      { encryptionContext: { app: "payments", step: "a*$", more: "is fine" } },
      [
        ["no context", {}],
        ["a part of it", { encryptionContext: { app: "payments" } }],
        ["another value", { encryptionContext: { app: "shop", step: "a*$" } }],
        ["a value in another case", { encryptionContext: { app: "Payments", step: "a*$" } }],
        ["what the value would match as a pattern", { encryptionContext: { app: "payments", step: "anything$" } }],
      ],
    ],
    [
      "services",
      { via: ["s3", "ebs"] },
      { via: "ec2.us-east-1.amazonaws.com" },
      [
        ["a direct call", {}],
        ["another service", { via: "rds.us-east-1.amazonaws.com" }],
        ["the service in another Region", { via: "s3.us-west-2.amazonaws.com" }],
      ],
    ],
    [
      "endpoints",
      { sourceVpce: ["vpce-0a1b2c3d"] },
      { vpce: "vpce-0a1b2c3d" },
      [
        ["the internet", {}],
        ["another endpoint", { vpce: "vpce-0f" }],
      ],
    ],
    [
      "addresses",
      { sourceIp: ["203.0.113.16/28"] },
      { ip: "203.0.113.20" },
      [
        ["another address", { ip: "203.0.113.40" }],
        ["that address behind an endpoint", { ip: "203.0.113.20", vpce: "vpce-0a1b2c3d" }],
      ],
    ],
    [
      "addresses behind an endpoint",
      { sourceIp: ["10.0.0.0/16"], sourceVpce: ["vpce-0a1b2c3d"] },
      { ip: "10.0.4.2", vpce: "vpce-0a1b2c3d" },
      [
        ["another address there", { ip: "10.1.0.1", vpce: "vpce-0a1b2c3d" }],
        ["the address without the endpoint", { ip: "10.0.4.2" }],
      ],
    ],
    [
      "an OU",
      { organizationPath: org },
      { organization: { id: "o-a1b2c3d4e5", path: `${org.idPath}ou-ab12-21100000/` } },
      [
        ["no organization", {}],
        ["another OU", { organization: { id: "o-a1b2c3d4e5", path: "o-a1b2c3d4e5/r-ab12/ou-ab12-22000000/" } }],
        ["another organization with the same path", { organization: { id: "o-zzzzzzzzzz", path: org.idPath } }],
      ],
    ],
  ];
  const operations: [KeyUse["operations"], string[]][] = [
    [["encrypt"], [...operationActions.encrypt]],
    [["decrypt"], [...operationActions.decrypt]],
    [["encrypt", "decrypt"], symmetric],
  ];

  test.each(
    narrowings.flatMap((narrowing) =>
      operations.map(([words, actions]) => [narrowing[0], words, narrowing, actions] as const),
    ),
  )("with %s, exactly %j, from its own account and from another", (_, words, [, narrowing, right, wrong], expected) => {
    for (const principal of [local, app]) {
      const use = useBy(principal, { ...narrowing, operations: words });
      const policy = keyPolicy({ ...bare, uses: [use] });
      // In its own account the key policy is enough.
      const iam = principal === local ? [] : [everything];
      const got = using.filter((action) => isAllowed(policy, { ...right, principal, action }, iam));
      expect(got.sort()).toEqual([...expected].sort());
      for (const [how, surroundings] of wrong) {
        const escaped = using.filter((action) =>
          isAllowed(policy, { ...surroundings, principal, action }, [everything]),
        );
        expect([how, escaped]).toEqual([how, []]);
      }
    }
  });

  test("nothing for the same role name in another account", () => {
    const policy = keyPolicy({ ...bare, uses: [useBy(app)] });
    expect(isAllowed(policy, { principal: role(third, "service/app"), action: "kms:Decrypt" }, [everything])).toBe(
      false,
    );
  });

  test("grants for AWS resources through the named service, and no other grant", () => {
    const use = useBy(local, { operations: ["grant-to-aws-services"], via: ["ebs"] });
    const policy = keyPolicy({ ...bare, uses: [use] });
    const grant = { grantee: "ec2.us-east-1.amazonaws.com", operations: ["Decrypt"] };
    const create = (more: Partial<Call>): boolean =>
      isAllowed(policy, { principal: local, action: "kms:CreateGrant", ...more }, [everything]);
    expect(create({ via: "ec2.us-east-1.amazonaws.com", grant: { ...grant, forAwsResource: true } })).toBe(true);
    expect(create({ via: "ec2.us-east-1.amazonaws.com", grant })).toBe(false);
    expect(create({ grant: { ...grant, grantee: local } })).toBe(false);
    expect(create({ via: "rds.us-east-1.amazonaws.com", grant: { ...grant, forAwsResource: true } })).toBe(false);
  });

  test("DescribeKey without the encryption context that call cannot carry", () => {
    const policy = keyPolicy({ ...bare, uses: [useBy(local, { encryptionContext: { app: "payments" } })] });
    expect(isAllowed(policy, { principal: local, action: "kms:DescribeKey" })).toBe(true);
  });
});

describe("across accounts", () => {
  const use = useBy(app, { encryptionContext: { app: "payments" }, sourceVpce: ["vpce-0a1b2c3d"] });
  const policy = keyPolicy({ ...bare, uses: [use] });
  const key = { partition: "aws", ownerAccountId: owner, regions: [region], alias, by: "alias" } as const;
  const consumer = consumerPolicies([{ key, use }]);
  const right: Call = {
    principal: app,
    action: "kms:Decrypt",
    encryptionContext: { app: "payments" },
    vpce: "vpce-0a1b2c3d",
  };

  test("both halves together allow", () => {
    expect(isAllowed(policy, right, consumer)).toBe(true);
  });

  test.each<[string, boolean]>([
    ["the key policy alone", isAllowed(policy, right)],
    ["the consumer policy alone", isAllowed(keyPolicy(bare), right, consumer)],
    [
      "the consumer policy with full root access of the owner",
      isAllowed(keyPolicy({ ...bare, rootAccess: "full" }), right, consumer),
    ],
  ])("%s does not", (_, allowed) => {
    expect(allowed).toBe(false);
  });

  test.each<[string, Partial<Call>]>([
    ["a key behind another alias", { aliases: ["alias/other"] }],
    ["a key without an alias", { aliases: [] }],
    ["a key in another Region", { key: `arn:aws:kms:eu-west-1:${owner}:key/mrk-1` }],
    ["a key of another account with that alias", { key: `arn:aws:kms:us-east-1:${third}:key/mrk-1` }],
    ["a call without the encryption context", { encryptionContext: {} }],
    ["a call past the endpoint", { vpce: undefined }],
  ])("the consumer policy stops %s, whatever the key policy says", (_, change) => {
    const open = keyPolicy({ ...bare, uses: [useBy(app), useBy(rootOf(other))] });
    expect(isAllowed(open, { ...right, ...change }, [everything])).toBe(true);
    expect(isAllowed(open, { ...right, ...change }, consumer)).toBe(false);
  });

  test("a whole account delegates by its own IAM policies, below the OU that the key policy names", () => {
    const path = "o-a1b2c3d4e5/r-ab12/ou-ab12-21000000/";
    const shared = useBy(rootOf(third), {
      operations: ["decrypt"],
      organizationPath: { organizationId: "o-a1b2c3d4e5", idPath: path },
    });
    const document = keyPolicy({ ...bare, uses: [shared] });
    const offered = consumerPolicies([{ key, use: shared }]);
    const call: Call = {
      principal: role(third, "anybody"),
      action: "kms:Decrypt",
      organization: { id: "o-a1b2c3d4e5", path },
    };
    expect(isAllowed(document, call, offered)).toBe(true);
    expect(isAllowed(document, call)).toBe(false);
    expect(
      isAllowed(document, { ...call, organization: { id: "o-a1b2c3d4e5", path: "o-a1b2c3d4e5/r-ab12/" } }, offered),
    ).toBe(false);
  });

  // A grant itself is outside of what the oracle knows. Its other half, the grantee's IAM policy, is not.
  test.each<[string, Partial<Call>, boolean]>([
    ["within the constraint", { encryptionContext: { job: "x" } }, true],
    ["with more pairs than an exact constraint has", { encryptionContext: { job: "x", more: "y" } }, false],
    ["without the pair", { encryptionContext: {} }, false],
    ["with an operation that is not granted", { action: "kms:Encrypt", encryptionContext: { job: "x" } }, false],
    ["to describe, which carries no context", { action: "kms:DescribeKey" }, true],
  ])("a grantee's consumer policy allows a call %s: %j %s", (_, change, expected) => {
    const documents = consumerPolicies([
      {
        key,
        grant: {
          label: "batch",
          operations: ["Decrypt", "DescribeKey"],
          constraint: { kind: "equals", pairs: { job: "x" } },
        },
      },
    ]);
    // Stands for the grant: the key policy allows the grantee everything.
    const granted = keyPolicy({ ...bare, uses: [useBy(app)] });
    expect(isAllowed(granted, { principal: app, action: "kms:Decrypt", ...change }, documents)).toBe(expected);
  });
});
