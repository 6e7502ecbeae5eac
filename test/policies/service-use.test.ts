import { describe, expect, test } from "@jest/globals";
import { symmetricKind } from "../../modules/aws/key-kind";
import { allKeyActions } from "../../modules/aws/kms-actions";
import type { PartitionName } from "../../modules/aws/partition";
import { fillPattern, profilePrincipal, type ServiceProfile } from "../../modules/aws/service-profile";
import { serviceProfiles } from "../../modules/aws/service-profiles";
import { guardKeyPolicy } from "../../modules/policies/guard-key-policy";
import type { KeyDuties } from "../../modules/policies/key-duties";
import { keyPolicy } from "../../modules/policies/key-policy";
import { type PolicyDocument, policyDocument } from "../../modules/policies/policy-document";
import { type ServiceKeyUse, serviceStatements } from "../../modules/policies/service-use";
import { type Call, isAllowed } from "./simulate";
import { duties, other, owner, region, serviceFor, smallRequest, third } from "./small-key";

const regionOf: Readonly<Record<PartitionName, readonly string[]>> = {
  // me-south-1 is an opt-in Region, where some services call under another name.
  aws: ["us-east-1", "me-south-1"],
  "aws-us-gov": ["us-gov-west-1"],
  "aws-cn": ["cn-north-1"],
};

function dutiesIn(partition: PartitionName, where: string): KeyDuties {
  const moved = (arn: string): string => arn.replace(/^arn:aws:/, `arn:${partition}:`);
  return {
    ...duties,
    partition,
    administrators: duties.administrators.map(moved),
    deployRole: moved(duties.deployRole),
    auditRole: moved(duties.auditRole),
    breakGlass: moved(duties.breakGlass),
    zoneRegions: [where],
  };
}

/**
 * The service's statements alone, which is quicker: no other names a service. The oracle takes a principal that ends in
 * `amazonaws.com.cn` for no service, so that one goes by its other name here.
 */
function policyOf(service: ServiceKeyUse, where: string): PolicyDocument {
  const document = policyDocument(serviceStatements(service, where));
  return JSON.parse(JSON.stringify(document).replaceAll("amazonaws.com.cn", "amazonaws.com")) as PolicyDocument;
}

const everywhere = serviceProfiles.flatMap((profile) =>
  profile.partitions.flatMap((partition) =>
    regionOf[partition].map((where) => [profile.name, where, profile, partition] as const),
  ),
);

/** A resource that the pattern stands for. */
function example(pattern: string): string {
  return pattern.replaceAll("*", "x");
}

/** A call as the service makes it for one of the account's resources, for an action that it may need. */
function callOf(
  profile: ServiceProfile,
  partition: PartitionName,
  where: string,
  account: string,
  action: string,
): Call {
  const scope = { partition, region: where, account };
  const { bind } = profile;
  return {
    principal: profilePrincipal(profile.principal, scope).replace(/\.cn$/, ""),
    action,
    key: `arn:${partition}:kms:${where}:${owner}:key/mrk-1`,
    source: {
      ...(bind.sourceAccount ? { account } : {}),
      ...(bind.sourceArn === undefined ? {} : { arn: example(fillPattern(bind.sourceArn, scope)) }),
    },
    encryptionContext:
      bind.encryptionContext === undefined || action === "kms:DescribeKey"
        ? {}
        : { [bind.encryptionContext.key]: example(fillPattern(bind.encryptionContext.pattern, scope)) },
  };
}

function actionsOf(profile: ServiceProfile): string[] {
  const cryptographic = profile.actions.flatMap((pattern) =>
    allKeyActions.filter((action) =>
      pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern,
    ),
  );
  return [...cryptographic, ...(profile.describes ? ["kms:DescribeKey"] : [])];
}

describe("a service profile", () => {
  test.each(everywhere)(
    "%s in %s gives statements that the guard takes, all of them bound",
    (_, where, profile, partition) => {
      const service = serviceFor(profile.name, { partition, sourceAccountId: owner });
      const kind = profile.key === undefined ? symmetricKind : { ...profile.key, origin: "AWS_KMS" as const };
      const own = { ...dutiesIn(partition, where), kind };
      const bare = { ...smallRequest, uses: [], grants: [], statements: [] };
      const document = keyPolicy({ ...bare, ...own, region: where, services: [service] });
      expect(guardKeyPolicy(document, own, [])).toEqual([]);
      for (const statement of serviceStatements(service, where)) {
        const role = profile.principal.kind === "service-linked-role";
        expect(JSON.stringify(role ? statement.Principal : statement.Condition)).toContain(owner);
      }
    },
  );

  test.each(everywhere.filter(([, , { principal }]) => principal.kind !== "service-linked-role"))(
    "%s in %s lets the service act for the bound account's resources, and for nobody else's",
    (_, where, profile, partition) => {
      const policy = policyOf(serviceFor(profile.name, { partition, sourceAccountId: other }), where);
      for (const action of actionsOf(profile)) {
        const call = callOf(profile, partition, where, other, action);
        expect([action, isAllowed(policy, call)]).toEqual([action, true]);
        expect([action, isAllowed(policy, callOf(profile, partition, where, third, action))]).toEqual([action, false]);
        const { source: _, ...unbound } = call;
        expect([action, isAllowed(policy, { ...unbound, encryptionContext: {} })]).toEqual([action, false]);
      }
    },
  );

  test.each(everywhere.filter(([, , { principal }]) => principal.kind !== "service-linked-role"))(
    "%s in %s lets the service neither manage the key nor grant it",
    (_, where, profile, partition) => {
      const policy = policyOf(serviceFor(profile.name, { partition, sourceAccountId: other }), where);
      for (const action of ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateGrant", "kms:ReplicateKey"]) {
        expect(isAllowed(policy, callOf(profile, partition, where, other, action))).toBe(false);
      }
    },
  );
});

describe("the statements of a service", () => {
  test("that is bound by source and encryption context put DescribeKey apart, which has no context", () => {
    expect(serviceStatements(serviceFor("cloudtrail"), region)).toEqual([
      {
        Sid: "ServiceCloudtrail222222222222",
        Effect: "Allow",
        Principal: { Service: ["cloudtrail.amazonaws.com"] },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: ["*"],
        Condition: {
          ArnLike: {
            "aws:SourceArn": ["arn:aws:cloudtrail:*:222222222222:trail/*"],
            "kms:EncryptionContext:aws:cloudtrail:arn": ["arn:aws:cloudtrail:*:222222222222:trail/*"],
          },
        },
      },
      {
        Sid: "ServiceCloudtrail222222222222Describe",
        Effect: "Allow",
        Principal: { Service: ["cloudtrail.amazonaws.com"] },
        Action: ["kms:DescribeKey"],
        Resource: ["*"],
        Condition: { ArnLike: { "aws:SourceArn": ["arn:aws:cloudtrail:*:222222222222:trail/*"] } },
      },
    ]);
  });

  test("that acts as a service-linked role name the role, and let it grant to AWS resources only", () => {
    const [, , grant] = serviceStatements(serviceFor("autoscaling", { sourceAccountId: owner }), region);
    expect(grant).toEqual({
      Sid: "ServiceAutoscaling111111111111Grant",
      Effect: "Allow",
      Principal: {
        AWS: ["arn:aws:iam::111111111111:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"],
      },
      Action: ["kms:CreateGrant"],
      Resource: ["*"],
      Condition: { Bool: { "kms:GrantIsForAWSResource": ["true"] } },
    });
  });

  test.each([
    ["*", "arn:aws:sns:us-east-1:222222222222:orders-*", "arn:aws:sns:us-east-1:222222222222:orders-*"],
    [
      "a policy variable",
      "arn:aws:sns:us-east-1:222222222222:${aws:x}",
      "arn:aws:sns:us-east-1:222222222222:${$}{aws:x}",
    ],
  ])("take the map's source ARNs, where %s is written %j as %j", (_, arn, written) => {
    const [statement] = serviceStatements(serviceFor("sns", { sourceArns: [arn] }), region);
    expect(statement?.Condition).toEqual({
      ArnLike: { "aws:SourceArn": [written] },
      StringEquals: { "aws:SourceAccount": [other] },
    });
  });

  test("are narrowed by the map's encryption context on top of the profile's own", () => {
    const arn = "arn:aws:cloudtrail:us-east-1:222222222222:trail/audit";
    const [use, describe] = serviceStatements(
      serviceFor("cloudtrail", { encryptionContext: { "aws:cloudtrail:arn": arn } }),
      region,
    );
    expect(use?.Condition?.StringEquals).toEqual({ "kms:EncryptionContext:aws:cloudtrail:arn": [arn] });
    expect(use?.Condition?.ArnLike).toHaveProperty(["kms:EncryptionContext:aws:cloudtrail:arn"]);
    expect(describe?.Condition).not.toHaveProperty("StringEquals");
  });
});
