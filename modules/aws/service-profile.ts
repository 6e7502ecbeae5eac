import type { KeySpec, KeyUsage } from "./key-kind";
import type { GrantOperation } from "./kms-actions";
import { isOptInRegion, type PartitionName } from "./partition";

/**
 * How an AWS service that calls KMS **as itself** is let into the policy of a key: as whom, for what, and
 * bound to which source, so that nobody else's trail, bucket or rule can make the service use the key (the confused
 * deputy). Services that call with the credentials of their user are in `via-services.ts` instead.
 */
export interface ServiceProfile {
  /** The word in the map, such as `cloudtrail`. */
  readonly name: string;
  /** What the service does with the key, for people. */
  readonly title: string;
  readonly principal: ServicePrincipal;
  /** The key that the service takes. @default any symmetric encryption key */
  readonly key?: ServiceKey;
  /** Cryptographic actions, sorted, as AWS documents them: a `*` stands only where the documentation has it. */
  readonly actions: readonly string[];
  /**
   * The service also needs `kms:DescribeKey`. That belongs into a statement of its own, bound by source account and
   * source ARN alone: DescribeKey has no encryption context, so a condition on one denies it.
   */
  readonly describes: boolean;
  /** The principal also needs `kms:CreateGrant`, under the condition `kms:GrantIsForAWSResource`. */
  readonly grantsToAwsResources: boolean;
  /**
   * A service-linked role that reaches a key of another account by a grant, which its own account creates: what the grant
   * has to allow. Without it the role works in the key's own account only.
   */
  readonly grantAcrossAccounts?: readonly GrantOperation[];
  /**
   * Every condition here goes into the statement, and no other: a condition on a key that the service does not send
   * denies silently. A service-linked role needs none, because its ARN names the source account.
   */
  readonly bind: ServiceBinding;
  /**
   * The service passes an encryption context that the map may narrow further by. When false, an encryption context in
   * the map is an error.
   */
  readonly carriesEncryptionContext: boolean;
  /** A partition that is missing here is one where the feature does not exist or is not known to. */
  readonly partitions: readonly PartitionName[];
  /** The page of AWS documentation that says so. */
  readonly source: string;
  /** What else a person has to know before using it. */
  readonly note?: string;
}

/** A key that is good for one service alone. */
export interface ServiceKey {
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  /** The only Region where the service looks for it. */
  readonly region: string;
}

/** Who calls KMS. */
export type ServicePrincipal =
  | {
      readonly kind: "service";
      /** The whole principal, such as `cloudtrail.amazonaws.com`. */
      readonly service: string;
      /** In an opt-in Region the service calls as `<service>.<region>.amazonaws.com`. @default false */
      readonly regionalWhenOptIn?: true;
    }
  /** `logs` calls as `logs.<region>.amazonaws.com`. */
  | { readonly kind: "regional-service"; readonly service: string }
  /** A role in the source account, as the part of its ARN behind `role/`. */
  | { readonly kind: "service-linked-role"; readonly path: string };

/** Patterns hold the placeholders `{partition}`, `{region}` (the key's Region) and `{account}` (the source's account). */
export interface ServiceBinding {
  /** The service sends `aws:SourceAccount`, and AWS recommends to require it. */
  readonly sourceAccount: boolean;
  /**
   * The default pattern for `aws:SourceArn`, under ArnLike; the map may narrow it. The Region is `*` where the resource
   * may live in another Region than the key. Left out when the service sends no source ARN or AWS documents none.
   */
  readonly sourceArn?: string;
  /** The default pattern for `kms:EncryptionContext:<key>`, under ArnLike: the values are ARNs. */
  readonly encryptionContext?: { readonly key: string; readonly pattern: string };
}

/** Where a pattern's resource lives: the partition and Region of the key, the account of the service's resource. */
export interface PatternScope {
  readonly partition: PartitionName;
  readonly region: string;
  readonly account: string;
}

/** A pattern of a profile with its placeholders filled in: the value for a policy's condition. */
export function fillPattern(pattern: string, scope: PatternScope): string {
  return pattern
    .replaceAll("{partition}", scope.partition)
    .replaceAll("{region}", scope.region)
    .replaceAll("{account}", scope.account);
}

/**
 * The service principals that end in `amazonaws.com.cn` in China. Every other one keeps `amazonaws.com` there, and all
 * do in GovCloud.
 *
 * Source: `servicePrincipalNameForPartition` in the Terraform AWS provider (data source `aws_service_principal`).
 */
const principalsWithChinaSuffix: readonly string[] = ["logs"];

/**
 * The principal as a key policy in this Region names it: a service's name, or the ARN of the service-linked role in the
 * source account. The caller puts the first under `Service` and the second under `AWS`, by `principal.kind`.
 */
export function profilePrincipal(principal: ServicePrincipal, scope: PatternScope): string {
  switch (principal.kind) {
    case "service-linked-role":
      return `arn:${scope.partition}:iam::${scope.account}:role/${principal.path}`;
    case "regional-service":
      return `${principal.service}.${scope.region}.${dnsSuffix(principal.service, scope.partition)}`;
    case "service":
      return principal.regionalWhenOptIn && isOptInRegion(scope.region)
        ? principal.service.replace(/\.amazonaws\.com$/, `.${scope.region}.amazonaws.com`)
        : principal.service;
  }
}

function dnsSuffix(service: string, partition: PartitionName): string {
  return partition === "aws-cn" && principalsWithChinaSuffix.includes(service) ? "amazonaws.com.cn" : "amazonaws.com";
}
