import { keysArn } from "../aws/arn";
import { keyBehindAlias, withKeyIds } from "../aws/key-behind-alias";
import type { GrantOperation } from "../aws/kms-actions";
import { iamLimits } from "../aws/kms-limits";
import { nameOrder } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";
import { constrainedContext, type GrantConstraint } from "./grant-constraint";
import { type KeyUse, partsOfUse } from "./key-use";
import {
  allOf,
  type PolicyDocument,
  type PolicyStatement,
  policyDocument,
  policyText,
  sidPart,
} from "./policy-document";

/** One key as its user in another account sees it. */
export interface ConsumedKey {
  readonly partition: PartitionName;
  readonly ownerAccountId: string;
  /** Where the key and its replicas are. */
  readonly regions: readonly string[];
  /** `alias/payments-prod`: how the policy names the key without its id, so that it can be planned before the key exists. */
  readonly alias: string;
  /** arn: the policy has the ARN of the key behind the alias, which Terraform looks up. */
  readonly by: "alias" | "arn";
}

/** Use through the key policy, or through a grant; the user's own account has to allow either. */
export type Consumption =
  | { readonly key: ConsumedKey; readonly use: KeyUse }
  | { readonly key: ConsumedKey; readonly grant: ConsumedGrant };

export interface ConsumedGrant {
  readonly label: string;
  readonly operations: readonly GrantOperation[];
  readonly constraint: GrantConstraint | undefined;
}

/**
 * The second half of cross-account access: what the using account's IAM allows one of its principals. It carries the
 * narrowing of the key policy, and reaches only the owner's keys behind the alias, or the one key whose ARN Terraform finds
 * by it. `kms:CallerAccount` alone is missing:
 * an IAM policy has no other callers than those of its own account.
 *
 * `kms:ResourceAliases` works in IAM policies only, and an alias change takes up to five minutes to show
 * (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html).
 *
 * @returns as many policies as it takes to stay under IAM's limit, filled in order
 */
export function consumerPolicies(consumptions: readonly Consumption[]): PolicyDocument[] {
  const statements = mergeResources(consumptions.flatMap(statementsOf));
  const documents: PolicyDocument[] = [];
  let current: PolicyStatement[] = [];
  for (const statement of statements) {
    const candidate = [...current, statement];
    if (current.length > 0 && exceedsManagedPolicy(policyDocument(candidate))) {
      documents.push(policyDocument(current));
      current = [statement];
    } else {
      current = candidate;
    }
  }
  if (current.length > 0) documents.push(policyDocument(current));
  return documents;
}

/** What IAM counts: everything but white space, and compact JSON has none outside of values. */
function characters(document: PolicyDocument): number {
  return withKeyIds(policyText(document)).length;
}

/** A policy that IAM does not take, because already one of its statements is too long. */
export function exceedsManagedPolicy(document: PolicyDocument): boolean {
  return characters(document) > iamLimits.managedPolicyCharacters;
}

function statementsOf(consumption: Consumption): PolicyStatement[] {
  const { key } = consumption;
  const alias = key.by === "arn" ? undefined : { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [key.alias] } };
  return key.regions.flatMap((region): PolicyStatement[] => {
    const { partition, ownerAccountId } = key;
    const Resource = [
      key.by === "arn"
        ? keyBehindAlias(partition, region, ownerAccountId, key.alias)
        : keysArn(partition, region, ownerAccountId),
    ];
    if ("use" in consumption) {
      const { use } = consumption;
      // A service's endpoint is one Region's, and so is the statement then.
      const place = use.via.length === 0 ? "" : sidPart(region);
      return partsOfUse(use, region).map((part) => ({
        Sid: `${{ use: "Use", describe: "Describe", grant: "GrantToAws" }[part.kind]}${sidPart(use.label)}${place}`,
        Effect: "Allow",
        Action: part.actions,
        Resource,
        ...conditionOf(allOf(part.condition, alias)),
      }));
    }
    const { grant } = consumption;
    const allowed = (prefix: string, operations: readonly GrantOperation[], condition: PolicyStatement["Condition"]) =>
      operations.length === 0
        ? []
        : [
            {
              Sid: `${prefix}${sidPart(grant.label)}`,
              Effect: "Allow" as const,
              Action: operations.map((operation) => `kms:${operation}`),
              Resource,
              ...conditionOf(condition),
            },
          ];
    const constrained = grant.operations.filter((operation) => !unconstrained.has(operation));
    const describe = grant.operations.filter((operation) => operation === "DescribeKey");
    return [
      ...allowed("Granted", constrained, allOf(alias, constrainedContext(grant.constraint))),
      ...allowed("GrantedDescribe", describe, alias),
    ];
  });
}

/**
 * DescribeKey has no encryption context. RetireGrant takes no permission at all: the principals that a grant names may
 * retire it without (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html).
 */
const unconstrained: ReadonlySet<GrantOperation> = new Set(["DescribeKey", "RetireGrant"]);

function conditionOf(condition: PolicyStatement["Condition"]): Pick<PolicyStatement, "Condition"> {
  return condition === undefined ? {} : { Condition: condition };
}

/** Statements that differ only in the Region of their keys become one. */
function mergeResources(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const merged = new Map<string, PolicyStatement>();
  for (const statement of statements) {
    const { Resource, ...rest } = statement;
    const identity = JSON.stringify(rest);
    const before = merged.get(identity);
    merged.set(
      identity,
      before === undefined ? statement : { ...statement, Resource: [...before.Resource, ...Resource] },
    );
  }
  return [...merged.entries()].sort(([a], [b]) => nameOrder(a, b)).map(([, statement]) => statement);
}
