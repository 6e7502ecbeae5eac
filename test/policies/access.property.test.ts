import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type KeyOperation, operationActions } from "../../modules/aws/key-operations";
import { kmsActions } from "../../modules/aws/kms-actions";
import { consumerPolicies } from "../../modules/policies/consumer-policy";
import type { GrantedAccess } from "../../modules/policies/granted-access";
import { guardKeyPolicy } from "../../modules/policies/guard-key-policy";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import type { KeyUse } from "../../modules/policies/key-use";
import { type Call, everything, isAllowed } from "./simulate";
import {
  administrator,
  alias,
  duties,
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

/**
 * For any key and any call, the oracle's answer to the built policies is the answer that the request itself gives: here
 * is what a key policy is to mean, written without policies.
 */
const users = [role(owner, "a"), role(owner, "service/b"), role(other, "a"), role(third, "c")];
const accounts = [rootOf(owner), rootOf(other)];
const bystanders = [role(owner, "AccountAdministrator"), role(other, "z"), `arn:aws:iam::${owner}:user/u`];

const operations = fc.subarray<KeyOperation>(["encrypt", "decrypt", "describe", "grant-to-aws-services"], {
  minLength: 1,
});
const context = fc.constantFrom<Record<string, string>[]>({}, { app: "a" }, { app: "b" }, { app: "a", step: "1" });
const vias = { s3: "s3.us-east-1.amazonaws.com", ebs: "ec2.us-east-1.amazonaws.com" } as const;

const use: fc.Arbitrary<KeyUse> = fc
  .record({
    principal: fc.constantFrom(...users, ...accounts),
    operations,
    via: fc.subarray<"s3" | "ebs">(["s3", "ebs"]),
    encryptionContext: context,
    sourceVpce: fc.subarray(["vpce-0a", "vpce-0b"]),
  })
  .map(({ principal, ...narrowing }) => useBy(principal, narrowing));
const constraint = fc.option(
  fc.record({
    kind: fc.constantFrom("equals" as const, "subset" as const),
    pairs: fc.constantFrom({ app: "a" }, { app: "b" }),
  }),
  { nil: undefined },
);
const granted = fc.subarray<"Decrypt" | "Encrypt" | "GenerateDataKey">(["Decrypt", "Encrypt", "GenerateDataKey"], {
  minLength: 1,
});
const grant: fc.Arbitrary<GrantedAccess> = fc.record({
  grantee: fc.constantFrom(...users),
  operations: granted,
  constraint,
});

const request: fc.Arbitrary<KeyPolicyRequest> = fc
  .record({
    rootAccess: fc.constantFrom("full" as const, "administration-only" as const),
    multiRegion: fc.boolean(),
    uses: fc.array(use, { maxLength: 3 }),
    grants: fc.array(grant, { maxLength: 2 }),
  })
  .map((some) => ({ ...smallRequest, services: [], statements: [], ...some }));

const call: fc.Arbitrary<Call> = fc
  .record({
    // Users more often, or most answers would be no.
    principal: fc.constantFrom(...users, ...users, ...managers, ...bystanders, rootOf(owner)),
    action: fc.constantFrom(
      ...["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:DescribeKey"],
      ...[
        "kms:CreateGrant",
        "kms:CreateGrant",
        "kms:PutKeyPolicy",
        "kms:EnableKey",
        "kms:ListGrants",
        "kms:RevokeGrant",
      ],
      ...["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:ReplicateKey", "kms:UpdatePrimaryRegion"],
    ),
    encryptionContext: context,
    via: fc.constantFrom(undefined, undefined, ...Object.values(vias)),
    vpce: fc.constantFrom(undefined, "vpce-0a", "vpce-0b"),
    grant: fc.record({
      grantee: fc.constantFrom(...users, administrator),
      operations: granted,
      constraint,
      forAwsResource: fc.boolean(),
    }),
    place: fc.constantFrom("us-west-2", "eu-west-1"),
  })
  .map(({ place, grant: asked, ...rest }) => {
    switch (rest.action) {
      case "kms:CreateGrant":
        return { ...rest, grant: asked, encryptionContext: {} };
      case "kms:ReplicateKey":
        return { ...rest, replicaRegion: place, encryptionContext: {} };
      case "kms:UpdatePrimaryRegion":
        return { ...rest, primaryRegion: place, encryptionContext: {} };
      case "kms:Decrypt":
      case "kms:Encrypt":
      case "kms:GenerateDataKey":
      case "kms:ReEncryptFrom":
        return rest;
      default:
        return { ...rest, encryptionContext: {} };
    }
  });

const accountOf = (principal: string): string => principal.split(":")[4] ?? "";
const symmetric: readonly string[] = [...operationActions.encrypt, ...operationActions.decrypt];
const has = (list: readonly string[], action: string): boolean => list.includes(action);

/** Whether a use lets its principals make this call, whoever makes it. */
function lets(each: KeyUse, { action, encryptionContext, via, vpce, grant: asked }: Call): boolean {
  const pairs = asked?.constraint?.pairs ?? encryptionContext ?? {};
  const wanted: Readonly<Record<string, string>> = pairs;
  const inContext = Object.entries(each.encryptionContext).every(([key, value]) => wanted[key] === value);
  const around =
    (each.via.length === 0 || each.via.some((word) => vias[word as keyof typeof vias] === via)) &&
    (each.sourceVpce.length === 0 || (vpce !== undefined && each.sourceVpce.includes(vpce)));
  if (action === "kms:DescribeKey") return around;
  if (action === "kms:CreateGrant") {
    return around && inContext && has(each.operations, "grant-to-aws-services") && asked?.forAwsResource === true;
  }
  const named = each.operations.some(
    (operation) => operation !== "grant-to-aws-services" && has(operationActions[operation], action),
  );
  return around && inContext && named;
}

function isMapped({ grants }: KeyPolicyRequest, asked: Call["grant"]): boolean {
  if (asked === undefined) return false;
  return grants.some(({ grantee, operations: mapped, constraint: bound }) => {
    const within = asked.operations.every((operation) => has(mapped, operation));
    const same = JSON.stringify(asked.constraint) === JSON.stringify(bound);
    return grantee === asked.grantee && within && (bound === undefined || same);
  });
}

/** What the request means, for a caller whose IAM policies allow everything or nothing. */
function mayCall(of: KeyPolicyRequest, each: Call, iam: boolean): boolean {
  const { principal, action } = each;
  const local = accountOf(principal) === owner;
  const manages = has(managers, principal);
  const ownUsers = [...of.uses.flatMap(({ principals }) => principals), ...of.grants.map(({ grantee }) => grantee)];
  if (local && has(kmsActions.destroying, action) && principal !== duties.breakGlass) return false;
  if (local && has(kmsActions.administering, action) && has(ownUsers, principal) && !principal.endsWith(":root")) {
    return false;
  }

  const administers = principal === administrator || principal === duties.deployRole;
  const byName =
    (has(kmsActions.reading, action) && manages) ||
    (administers && (has(kmsActions.administering, action) || action === "kms:RevokeGrant")) ||
    (principal === duties.breakGlass && (has(kmsActions.destroying, action) || action === "kms:EnableKey")) ||
    (principal === duties.breakGlass &&
      action === "kms:UpdatePrimaryRegion" &&
      of.multiRegion &&
      each.primaryRegion === "us-west-2") ||
    (principal === duties.deployRole &&
      action === "kms:ReplicateKey" &&
      of.multiRegion &&
      each.replicaRegion === "us-west-2") ||
    (principal === duties.deployRole && action === "kms:CreateGrant" && isMapped(of, each.grant)) ||
    of.uses.some((some) => !principal.endsWith(":root") && has(some.principals, principal) && lets(some, each));
  const delegated =
    (local && (has([...kmsActions.reading, ...kmsActions.administering], action) || action === "kms:RevokeGrant")) ||
    (local && of.rootAccess === "full" && !manages && (has(symmetric, action) || action === "kms:CreateGrant")) ||
    of.uses.some(
      (some) => has(some.principals, rootOf(accountOf(principal))) && !(local && manages) && lets(some, each),
    );
  // To the oracle the root user is a principal that needs a policy. In AWS it needs none for what its account may do.
  return local ? byName || (delegated && iam) : (byName || delegated) && iam;
}

test("a key policy gives exactly what its request means, to callers with every IAM policy and with none", () => {
  fc.assert(
    fc.property(request, fc.array(call, { minLength: 4, maxLength: 4 }), (of, calls) => {
      const policy = keyPolicy(of);
      for (const each of calls) {
        for (const iam of [true, false]) {
          expect([iam, each, isAllowed(policy, each, iam ? [everything] : [])]).toEqual([
            iam,
            each,
            mayCall(of, each, iam),
          ]);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a consumer policy allows a foreign user exactly what the key policy allows it, and nothing behind another alias", () => {
  const foreign = users.filter((user) => accountOf(user) !== owner);
  const foreignUse = use.map((each) => ({ ...each, principals: [foreign[0] ?? ""], label: "u" }));
  fc.assert(
    fc.property(
      request,
      fc.array(foreignUse, { minLength: 1, maxLength: 2 }),
      fc.array(call, { minLength: 3, maxLength: 3 }),
      (of, uses, calls) => {
        const policy = keyPolicy({ ...of, uses });
        const key = { partition: "aws", ownerAccountId: owner, regions: [region], alias, by: "alias" } as const;
        const documents = consumerPolicies(uses.map((each) => ({ key, use: each })));
        for (const each of calls) {
          const asUser = { ...each, principal: foreign[0] ?? "" };
          const most = isAllowed(policy, asUser, [everything]);
          expect([asUser, isAllowed(policy, asUser, documents)]).toEqual([asUser, most]);
          expect(isAllowed(policy, { ...asUser, aliases: ["alias/other"] }, documents)).toBe(false);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("the guard takes every policy whose request keeps to the rules", () => {
  fc.assert(
    fc.property(request, (of) => {
      const uses =
        of.rootAccess === "full" ? of.uses : of.uses.filter(({ principals }) => !has(principals, rootOf(owner)));
      const grantees = of.grants.map(({ grantee }) => grantee);
      expect(guardKeyPolicy(keyPolicy({ ...of, uses }), { ...duties, rootAccess: of.rootAccess }, grantees)).toEqual(
        [],
      );
    }),
    { numRuns: 300 },
  );
});
