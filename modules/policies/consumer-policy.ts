import { keysArn } from "../aws/arn";
import type { GrantOperation } from "../aws/kms-actions";
import { iamLimits } from "../aws/kms-limits";
import { nameOrder } from "../aws/name-order";
import type { PartitionName } from "../aws/partition";
import { encryptionContextCondition, type KeyUse, partsOfUse } from "./key-use";
import { allOf, type PolicyDocument, type PolicyStatement, policyDocument, sidPart } from "./policy-document";

/** One key as its user in another account sees it. */
export interface ConsumedKey {
  readonly partition: PartitionName;
  readonly ownerAccountId: string;
  /** Where the key and its replicas are. */
  readonly regions: readonly string[];
  /** `alias/payments-prod`: how the policy names the key without its id, so that it can be planned before the key exists. */
  readonly alias: string;
}

/** Use through the key policy, or through a grant; the user's own account has to allow either. */
export type Consumption =
  | { readonly key: ConsumedKey; readonly use: KeyUse }
  | { readonly key: ConsumedKey; readonly grant: ConsumedGrant };

export interface ConsumedGrant {
  readonly label: string;
  readonly operations: readonly GrantOperation[];
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/**
 * The second half of cross-account access: what the using account's IAM allows one of its principals. It carries the
 * narrowing of the key policy, and reaches only the owner's keys behind the alias.
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
    if (current.length > 0 && characters(policyDocument(candidate)) > iamLimits.managedPolicyCharacters) {
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
  return JSON.stringify(document).length;
}

function statementsOf(consumption: Consumption): PolicyStatement[] {
  const { key } = consumption;
  const alias = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [key.alias] } };
  return key.regions.flatMap((region): PolicyStatement[] => {
    const Resource = [keysArn(key.partition, region, key.ownerAccountId)];
    if ("use" in consumption) {
      const { use } = consumption;
      return partsOfUse({ ...use, label: use.label }, region).map((part) => ({
        Sid: `${{ use: "Use", describe: "Describe", grant: "GrantToAws" }[part.kind]}${sidPart(use.label)}`,
        Effect: "Allow",
        Action: part.actions,
        Resource,
        ...conditionOf(allOf(part.condition, alias)),
      }));
    }
    const { grant } = consumption;
    const context = encryptionContextCondition(grant.encryptionContext);
    const plain = grant.operations.filter((operation) => withoutContext.has(operation)).map((name) => `kms:${name}`);
    const cryptographic = grant.operations
      .filter((operation) => !withoutContext.has(operation))
      .map((name) => `kms:${name}`);
    const statement = (prefix: string, Action: string[], condition: PolicyStatement["Condition"]): PolicyStatement => ({
      Sid: `${prefix}${sidPart(grant.label)}`,
      Effect: "Allow",
      Action,
      Resource,
      ...conditionOf(condition),
    });
    return [
      ...(cryptographic.length === 0 ? [] : [statement("Granted", cryptographic, allOf(alias, context))]),
      ...(plain.length === 0 ? [] : [statement("GrantedDescribe", plain, alias)]),
    ];
  });
}

/** Operations whose requests have no encryption context. */
const withoutContext: ReadonlySet<GrantOperation> = new Set(["DescribeKey", "GetPublicKey", "RetireGrant"]);

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
