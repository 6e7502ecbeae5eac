import type { PartitionName } from "../aws/partition";
import { fillPattern, profilePrincipal, type ServiceProfile } from "../aws/service-profile";
import { encryptionContextCondition, escapePolicyVariables } from "./key-use";
import { allOf, type PolicyCondition, type PolicyStatement, sidPart } from "./policy-document";

/** An AWS service that calls KMS as itself, for the resources of one account. */
export interface ServiceKeyUse {
  readonly profile: ServiceProfile;
  readonly partition: PartitionName;
  readonly sourceAccountId: string;
  /** Resources the service acts for, where `*` and `?` stand for anything; the profile's default pattern when empty. */
  readonly sourceArns: readonly string[];
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** The key policy statements for a service, its source bound so that nobody else's resources can make it use the key. */
export function serviceStatements(use: ServiceKeyUse, region: string): PolicyStatement[] {
  const { profile, partition, sourceAccountId } = use;
  const scope = { partition, region, account: sourceAccountId };
  const named = profilePrincipal(profile.principal, scope);
  const principal = profile.principal.kind === "service-linked-role" ? { AWS: [named] } : { Service: [named] };
  const { bind } = profile;
  const sourceArns =
    use.sourceArns.length > 0
      ? use.sourceArns.map(escapePolicyVariables)
      : bind.sourceArn === undefined
        ? []
        : [fillPattern(bind.sourceArn, scope)];
  const source = allOf(
    bind.sourceAccount ? { StringEquals: { "aws:SourceAccount": [sourceAccountId] } } : undefined,
    sourceArns.length === 0 ? undefined : { ArnLike: { "aws:SourceArn": sourceArns } },
  );
  const boundContext: PolicyCondition | undefined =
    bind.encryptionContext === undefined
      ? undefined
      : {
          ArnLike: {
            [`kms:EncryptionContext:${bind.encryptionContext.key}`]: [
              fillPattern(bind.encryptionContext.pattern, scope),
            ],
          },
        };
  const context = encryptionContextCondition(use.encryptionContext);
  const sid = `Service${sidPart(profile.name)}${sourceAccountId}`;
  const statement = (suffix: string, actions: readonly string[], ...conditions: (PolicyCondition | undefined)[]) => {
    const condition = allOf(...conditions);
    return {
      Sid: `${sid}${suffix}`,
      Effect: "Allow",
      Principal: principal,
      Action: actions,
      Resource: ["*"],
      ...(condition === undefined ? {} : { Condition: condition }),
    } as const;
  };
  const statements: PolicyStatement[] = [statement("", profile.actions, source, boundContext, context)];
  if (profile.describes) statements.push(statement("Describe", ["kms:DescribeKey"], source));
  if (profile.grantsToAwsResources) {
    statements.push(
      statement("Grant", ["kms:CreateGrant"], source, boundContext, {
        Bool: { "kms:GrantIsForAWSResource": ["true"] },
      }),
    );
  }
  return statements;
}
