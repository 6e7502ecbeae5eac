import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { GrantConstraint } from "../../modules/policies/grant-constraint";
import type { PolicyDocument } from "../../modules/policies/policy-document";
import { alias, keyArn, owner } from "./small-key";

/**
 * The oracle: an evaluation of IAM policies that shares no code with this project. Its checked entry point drops
 * `kms:EncryptionContext:<key>` and every other KMS key with a variable part, so the unchecked one is used and
 * `policy-syntax.test.ts` validates the documents on their own. It knows no grants: what a grant gives is tested as what
 * the deploy role may create, and as the using account's half in `consumer-policy.test.ts`.
 */
export interface Call {
  /** A role's, user's or account root's ARN, or a service principal. A role calls through a session of it. */
  readonly principal: string;
  readonly action: string;
  readonly key?: string;
  /** Of the key, as IAM policies see them. */
  readonly aliases?: readonly string[];
  readonly encryptionContext?: Readonly<Record<string, string>>;
  /** `s3.us-east-1.amazonaws.com`. */
  readonly via?: string | undefined;
  readonly vpce?: string | undefined;
  readonly ip?: string;
  readonly organization?: { readonly id: string; readonly path: string };
  readonly grant?: {
    readonly grantee: string;
    readonly operations: readonly string[];
    readonly constraint?: GrantConstraint | undefined;
    readonly forAwsResource?: boolean;
    readonly retiring?: string;
  };
  readonly source?: { readonly account?: string; readonly arn?: string };
  readonly replicaRegion?: string;
  readonly primaryRegion?: string;
  /** `2026-12-01T00:00:00Z` */
  readonly time?: string;
}

/** What an IAM policy can say at most. */
export const everything = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }],
} as const;

const unlimited = [
  {
    orgIdentifier: "r-ab12",
    policies: [
      {
        name: "FullAWSAccess",
        policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
      },
    ],
  },
];

/**
 * @param identity the IAM policies of the caller
 * @returns what the call gets: `Allowed`, `ImplicitlyDenied` or `ExplicitlyDenied`
 */
export function verdict(
  keyPolicy: PolicyDocument,
  call: Call,
  identity: readonly (PolicyDocument | typeof everything)[] = [],
): string {
  return runUnsafeSimulation(
    {
      request: {
        principal: sessionOf(call.principal),
        action: call.action,
        resource: { resource: call.key ?? keyArn, accountId: (call.key ?? keyArn).split(":")[4] ?? owner },
        contextVariables: contextOf(call),
      },
      identityPolicies: identity.map((policy, index) => ({ name: `policy${index}`, policy })),
      // Wrapped as already validated: the unchecked entry point gives a bare resource policy no name, and then fails on it.
      resourcePolicy: { __validated: true, policyDocument: keyPolicy, metadata: { name: "key policy" }, errors: [] },
      serviceControlPolicies: unlimited,
      resourceControlPolicies: unlimited,
    },
    {},
  );
}

export function isAllowed(
  keyPolicy: PolicyDocument,
  call: Call,
  identity: readonly (PolicyDocument | typeof everything)[] = [],
): boolean {
  return verdict(keyPolicy, call, identity) === "Allowed";
}

function sessionOf(principal: string): string {
  const match = /^arn:([a-z-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
  return match === null ? principal : `arn:${match[1]}:sts::${match[2]}:assumed-role/${match[3]}/session`;
}

function contextOf(call: Call): Record<string, string | string[]> {
  const pairs = call.grant?.constraint?.pairs ?? call.encryptionContext ?? {};
  const context: Record<string, string | string[] | undefined> = {
    "kms:ResourceAliases": [...(call.aliases ?? [alias])],
    "kms:ViaService": call.via,
    "aws:ViaAWSService": String(call.via !== undefined),
    "aws:SourceVpce": call.vpce,
    [call.vpce === undefined ? "aws:SourceIp" : "aws:VpcSourceIp"]: call.ip ?? "198.51.100.7",
    "aws:PrincipalOrgID": call.organization?.id,
    "aws:PrincipalOrgPaths": call.organization === undefined ? undefined : [call.organization.path],
    "kms:EncryptionContextKeys": Object.keys(pairs).length === 0 ? undefined : Object.keys(pairs),
    ...Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
    "kms:ReplicaRegion": call.replicaRegion,
    "kms:PrimaryRegion": call.primaryRegion,
    "aws:SourceAccount": call.source?.account,
    "aws:SourceArn": call.source?.arn,
    "aws:CurrentTime": call.time,
  };
  if (call.principal.startsWith("arn:")) {
    // In contrast to the principal that a policy names, the same for every session of a role.
    context["aws:PrincipalArn"] = call.principal;
    context["kms:CallerAccount"] = call.principal.split(":")[4];
    context["aws:PrincipalAccount"] = call.principal.split(":")[4];
  }
  if (call.grant !== undefined) {
    const { grantee, operations, constraint, forAwsResource, retiring } = call.grant;
    context["kms:RetiringPrincipal"] = retiring;
    context["kms:GranteePrincipal"] = grantee;
    context["kms:GrantOperations"] = [...operations];
    context["kms:GrantIsForAWSResource"] = String(forAwsResource ?? false);
    context["kms:GrantConstraintType"] =
      constraint && (constraint.kind === "equals" ? "EncryptionContextEquals" : "EncryptionContextSubset");
  }
  return Object.fromEntries(
    Object.entries(context).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
