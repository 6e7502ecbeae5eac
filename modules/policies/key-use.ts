import type { KeyKind } from "../aws/key-kind";
import { actionsOf, type KeyOperation } from "../aws/key-operations";
import { viaServiceEndpoint } from "../aws/via-services";
import { allOf, type PolicyCondition } from "./policy-document";

/** Use of a key on the same terms by one or more principals: the common ground of key policy and consumer policy. */
export interface KeyUse {
  /** Stands in the Sid: who and for which workload. */
  readonly label: string;
  readonly principals: readonly string[];
  /** Of the key: the same word means other actions on other kinds. */
  readonly kind: KeyKind;
  readonly operations: readonly KeyOperation[];
  /** Words of `viaServices`; empty means directly or through any service. */
  readonly via: readonly string[];
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly sourceVpce: readonly string[];
  readonly sourceIp: readonly string[];
  readonly organizationPath: OrganizationPath | undefined;
  /** The first instant of the use, `2026-12-01T00:00:00Z`, and the first one without it. */
  readonly from: string | undefined;
  readonly until: string | undefined;
  /**
   * Patterns of a permission set's role, whose account is then the principal. The key policy alone has them: an IAM policy
   * is for whom it is attached to.
   */
  readonly permissionSet: readonly string[];
}

/** Only principals below an OU. */
export interface OrganizationPath {
  readonly organizationId: string;
  /** `o-…/r-…/ou-…/` */
  readonly idPath: string;
  /** The use is everybody's below the OU, and its principals are the OU's accounts. @default false */
  readonly everybody?: boolean;
}

/** Actions and the conditions they all share. */
export interface UsePart {
  readonly kind: "use" | "describe" | "grant";
  readonly actions: readonly string[];
  readonly condition: PolicyCondition | undefined;
}

/**
 * Splits a use into the statements it takes. An encryption context exists on cryptographic operations and CreateGrant
 * alone (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context):
 * in one statement with DescribeKey it would deny that call. CreateGrant always carries `kms:GrantIsForAWSResource`,
 * or the user could grant decryption to anybody.
 *
 * `via` holds for DescribeKey too, as in AWS's own examples of `kms:ViaService`: a principal that is let in through a
 * service has no business with the key itself.
 */
export function partsOfUse(use: KeyUse, region: string): UsePart[] {
  const surroundings = allOf(
    use.via.length === 0
      ? undefined
      : { StringEquals: { "kms:ViaService": use.via.map((word) => viaServiceEndpoint(word, region) ?? word) } },
    use.sourceVpce.length === 0 ? undefined : { StringEquals: { "aws:SourceVpce": use.sourceVpce } },
    addressCondition(use),
    use.organizationPath === undefined
      ? undefined
      : {
          StringEquals: { "aws:PrincipalOrgID": [use.organizationPath.organizationId] },
          "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [`${use.organizationPath.idPath}*`] },
        },
    use.from === undefined ? undefined : { DateGreaterThanEquals: { "aws:CurrentTime": [use.from] } },
    use.until === undefined ? undefined : { DateLessThan: { "aws:CurrentTime": [use.until] } },
  );
  const context = encryptionContextCondition(use.encryptionContext);
  const cryptographic = use.operations
    .filter((operation) => operation !== "grant-to-aws-services")
    .flatMap((operation) => actionsOf(operation, use.kind));
  const parts: UsePart[] = [];
  if (cryptographic.length > 0 && context === undefined) {
    parts.push({ kind: "use", actions: [...cryptographic, "kms:DescribeKey"], condition: surroundings });
  } else {
    if (cryptographic.length > 0) {
      parts.push({ kind: "use", actions: cryptographic, condition: allOf(surroundings, context) });
    }
    parts.push({ kind: "describe", actions: ["kms:DescribeKey"], condition: surroundings });
  }
  if (use.operations.includes("grant-to-aws-services")) {
    parts.push({
      kind: "grant",
      actions: actionsOf("grant-to-aws-services", use.kind),
      condition: allOf(surroundings, context, { Bool: { "kms:GrantIsForAWSResource": ["true"] } }),
    });
  }
  return parts;
}

/**
 * A request through a VPC endpoint has no `aws:SourceIp`, only `aws:VpcSourceIp`: with both an endpoint and addresses the
 * caller's address inside the VPC is meant. `aws:SourceIp` alone only ever has public addresses.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip
 */
function addressCondition({ sourceIp, sourceVpce }: KeyUse): PolicyCondition | undefined {
  if (sourceIp.length === 0) return undefined;
  return { IpAddress: { [sourceVpce.length === 0 ? "aws:SourceIp" : "aws:VpcSourceIp"]: sourceIp } };
}

/** The request has to carry these pairs; more are allowed. */
export function encryptionContextCondition(pairs: Readonly<Record<string, string>>): PolicyCondition | undefined {
  const keys = Object.entries(pairs).map(([key, value]) => [
    `kms:EncryptionContext:${key}`,
    [escapePolicyVariables(value)],
  ]);
  return keys.length === 0 ? undefined : { StringEquals: Object.fromEntries(keys) };
}

/**
 * A value that is meant literally: `${` would begin a policy variable, and `${$}` stands for the dollar sign itself.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export function escapePolicyVariables(value: string): string {
  return value.replaceAll("${", () => "${$}{");
}
