import { iamLimits } from "../aws/kms-limits";
import { resolveIntrinsics, type TemplatePlace } from "./resolve-intrinsics";
import type { TemplateDocument, TemplateResource } from "./template";

/** How much of a limit a policy in a template takes. */
export interface IamPolicySize {
  /** The resource's logical id. */
  readonly resource: string;
  readonly what: "managed policy" | "inline policies" | "trust policy";
  readonly characters: number;
  readonly most: number;
}

/**
 * The sizes of all IAM policies of a template, in the account where they are largest.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
export function iamPolicySizes(document: TemplateDocument): IamPolicySize[] {
  return Object.entries(document.Resources).flatMap(([resource, { Type, Properties = {} }]) => {
    if (Type === "AWS::IAM::ManagedPolicy") return [managedPolicy(resource, Properties)];
    return Type === "AWS::IAM::Role" ? rolePolicies(resource, Properties) : [];
  });
}

type Properties = NonNullable<TemplateResource["Properties"]>;

function managedPolicy(resource: string, { PolicyDocument }: Properties): IamPolicySize {
  return {
    resource,
    what: "managed policy",
    characters: charactersOf(PolicyDocument),
    most: iamLimits.managedPolicyCharacters,
  };
}

function rolePolicies(resource: string, { AssumeRolePolicyDocument, Policies }: Properties): IamPolicySize[] {
  const trust = charactersOf(AssumeRolePolicyDocument);
  const policies = resolveIntrinsics(Policies ?? [], largest);
  const inline = Array.isArray(policies) ? policies.map((policy) => charactersOf(policy?.PolicyDocument)) : [];
  return [
    { resource, what: "trust policy", characters: trust, most: iamLimits.trustPolicyCharacters },
    {
      resource,
      what: "inline policies",
      characters: inline.reduce((sum, characters) => sum + characters, 0),
      most: iamLimits.inlineRolePolicyCharacters,
    },
  ];
}

/** Compact JSON has no white space outside of values, where IAM would not count it either. */
function charactersOf(policy: unknown): number {
  return JSON.stringify(resolveIntrinsics(policy, largest) ?? "").length;
}

/** The longest name of a partition, and of two branches the longer one. */
const largest: TemplatePlace = {
  accountId: "123456789012",
  partition: "aws-us-gov",
  decide: (_condition, yes, no) => ((JSON.stringify(yes) ?? "").length < (JSON.stringify(no) ?? "").length ? no : yes),
};
