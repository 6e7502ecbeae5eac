import { kmsLimits } from "../../aws/kms-limits";
import type { RuleFlaw, TemplateRule } from "./template-rule";
import { isMapping, type NamedResource, resourcesOf, textOf } from "./template-values";

const reference = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference";
const key = "AWS::KMS::Key";
const replica = "AWS::KMS::ReplicaKey";

/** One flaw for each KMS key or replica that a test finds something about. */
function ofKeys(
  types: readonly string[],
  test: (resource: NamedResource) => Omit<RuleFlaw, "path"> | undefined,
): TemplateRule["flaws"] {
  return ({ document }) =>
    resourcesOf(document)
      .filter(({ resource }) => types.includes(resource.Type))
      .flatMap((each) => {
        const flaw = test(each);
        return flaw === undefined ? [] : [{ path: each.path, ...flaw }];
      });
}

function isWholeNumber(value: unknown, { least, most }: { readonly least: number; readonly most: number }): boolean {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= least && number <= most;
}

/** KMS rotates by itself what it has made the material of, and symmetric keys alone. */
function rotates({ properties: { KeySpec, Origin } }: NamedResource): boolean {
  return (KeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" && (Origin ?? "AWS_KMS") === "AWS_KMS";
}

const { deletionWindowDays, rotationDays } = kmsLimits;

export const keyRules: readonly TemplateRule[] = [
  {
    id: "keys-retained",
    rule: "keys and replicas have DeletionPolicy: Retain and UpdateReplacePolicy: Retain",
    because: "a stack that goes, or a resource that is renamed, otherwise takes the data of an account with it",
    source:
      "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html",
    flaws: ofKeys([key, replica], ({ resource: { DeletionPolicy, UpdateReplacePolicy } }) =>
      DeletionPolicy === "Retain" && UpdateReplacePolicy === "Retain"
        ? undefined
        : {
            message: "is a key that CloudFormation may delete",
            fix: "write DeletionPolicy: Retain and UpdateReplacePolicy: Retain beside its Type",
          },
    ),
  },
  {
    id: "key-policies",
    rule: "keys and replicas have a KeyPolicy of their own",
    because: "without one a key gets AWS's default, which leaves it to every IAM policy of the account",
    source: `${reference}/aws-resource-kms-key.html`,
    flaws: ofKeys([key, replica], ({ properties: { KeyPolicy } }) =>
      isMapping(KeyPolicy) && "Statement" in KeyPolicy
        ? undefined
        : { message: "is a key without a policy that can be read here", fix: "give it a KeyPolicy with Statement" },
    ),
  },
  {
    id: "key-deletion-window",
    rule: `keys and replicas have PendingWindowInDays, ${deletionWindowDays.least} to ${deletionWindowDays.most}`,
    because: "it is the time to notice a mistake, so it is chosen and not left to a default",
    source: `${reference}/aws-resource-kms-key.html`,
    flaws: ofKeys([key, replica], ({ properties: { PendingWindowInDays } }) =>
      isWholeNumber(PendingWindowInDays, deletionWindowDays)
        ? undefined
        : {
            message: "is a key without a written deletion window",
            fix: `write PendingWindowInDays: ${deletionWindowDays.most}`,
          },
    ),
  },
  {
    id: "key-rotation",
    rule: `keys with AWS's own symmetric material have EnableKeyRotation: true and RotationPeriodInDays, ${rotationDays.least} to ${rotationDays.most}; others have neither`,
    because: "no rotation is a decision, and one that AWS KMS refuses stops a rollout in its first account",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    flaws: ofKeys([key], (each) => {
      const { EnableKeyRotation, RotationPeriodInDays } = each.properties;
      if (!rotates(each)) {
        const asked = EnableKeyRotation === true || RotationPeriodInDays !== undefined;
        const fix = "leave EnableKeyRotation and RotationPeriodInDays out";
        return asked ? { message: "is a key that AWS KMS cannot rotate", fix } : undefined;
      }
      if (EnableKeyRotation === true && isWholeNumber(RotationPeriodInDays, rotationDays)) return undefined;
      const fix = "write EnableKeyRotation: true and RotationPeriodInDays: 365";
      return { message: "is a key without written rotation", fix };
    }),
  },
  {
    id: "key-lockout-check",
    rule: "no key has BypassPolicyLockoutSafetyCheck",
    because: "it lets through a policy that nobody can ever change again",
    source: `${reference}/aws-resource-kms-key.html`,
    flaws: ofKeys([key, replica], ({ properties }) =>
      "BypassPolicyLockoutSafetyCheck" in properties
        ? { message: "is a key that may lock everybody out", fix: "leave BypassPolicyLockoutSafetyCheck out" }
        : undefined,
    ),
  },
  {
    id: "alias-names",
    rule: "the name of a KMS alias begins with alias/, and not with alias/aws/",
    because: "AWS keeps alias/aws/ for its own keys, and CloudFormation's check of a template does not see it",
    source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    flaws: ({ document, values }) =>
      resourcesOf(document)
        .filter(({ resource }) => resource.Type === "AWS::KMS::Alias")
        .filter(({ properties }) => !/^alias\/(?!aws\/)/.test(textOf(properties.AliasName, values) ?? ""))
        .map(({ path }) => ({
          path: [...path, "Properties", "AliasName"],
          message: "is no name that an alias of ours can have",
          fix: "begin it with alias/, as text or Fn::Sub",
        })),
  },
];
