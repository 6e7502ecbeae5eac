import { describe, expect, test } from "@jest/globals";
import { isServiceGrant } from "../../modules/drift/match/service-grant";
import type { LiveGrant } from "../../modules/live/live-account";
import { outputOf } from "../checks/sample-output";
import { liveGrant } from "./live-grant";

const { zones } = outputOf("config").rules;
const zone = zones.named("pci");
if (zone === undefined) throw new Error("the sample has no zone pci");

const ours = "310000000001";
/** Of zone corporate. */
const foreign = "210000000001";

const ec2 = liveGrant({
  name: "0d8aa621-43ef-4657-b29c-3752c41dc132",
  grantee: `arn:aws:sts::${ours}:assumed-role/aws:ec2-infrastructure/i-5d476fab`,
  retiring: "ec2.us-east-1.amazonaws.com",
  subset: { "aws:ebs:id": "vol-5cccfb4e" },
});
const dynamodb = liveGrant({
  grantee: "dynamodb.us-east-1.amazonaws.com",
  retiring: "dynamodb.us-east-1.amazonaws.com",
  operations: ["DescribeKey", "GenerateDataKey", "Decrypt", "Encrypt", "ReEncryptFrom", "ReEncryptTo", "RetireGrant"],
  subset: { "aws:dynamodb:tableName": "Books", "aws:dynamodb:subscriberId": ours },
});
const networkFirewall = liveGrant({
  grantee: "network-firewall.us-east-1.amazonaws.com",
  retiring: "network-firewall.us-east-1.amazonaws.com",
  issuingAccount: ours,
  operations: ["Decrypt", "GenerateDataKey", "RetireGrant"],
  subset: { "aws:network-firewall:resource-id": "11223344-aabb-1122-3344-111222333444" },
});
const bedrock = liveGrant({ grantee: "bedrock.amazonaws.com", retiring: "bedrock.amazonaws.com" });
const healthImaging = liveGrant({
  name: "MedicalImagingGrantForQIDO_ebff634a-2d16-4046-9238-e3dc4ab54d29",
  grantee: "AWS Internal",
  retiring: "medical-imaging.us-east-1.amazonaws.com",
  issuingAccount: "medical-imaging.us-east-1.amazonaws.com",
  operations: ["Decrypt", "Encrypt", "CreateGrant", "RetireGrant", "DescribeKey"],
});
const linkedRole = liveGrant({
  grantee: `arn:aws:iam::${ours}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  retiring: "autoscaling.us-east-1.amazonaws.com",
});

function isService(grant: LiveGrant, region = "us-east-1"): boolean {
  return isServiceGrant(grant, region, zone as NonNullable<typeof zone>);
}

describe("a grant as AWS documents those of its services", () => {
  test.each([
    ["EC2 for a volume", ec2],
    ["DynamoDB for a table", dynamodb],
    ["Network Firewall, with a bare account id", networkFirewall],
    ["a service without a Region and without constraints", bedrock],
    ["a service for a principal that AWS does not name", healthImaging],
    ["a service-linked role", linkedRole],
  ])("is a service's: %s", (_, grant) => {
    expect(isService(grant)).toBe(true);
  });
});

describe("a grant that looks like a service's", () => {
  test.each<[string, LiveGrant]>([
    ["EC2's grant made by hand, which nobody of AWS retires", { ...ec2, retiring: undefined }],
    ["one that a person retires", { ...dynamodb, retiring: `arn:aws:iam::${ours}:role/payments-batch` }],
    ["one that another service retires", { ...dynamodb, retiring: "ec2.us-east-1.amazonaws.com" }],
    ["one that was asked for with the field for services", { ...dynamodb, namesService: true }],
    ["one for a role of the account", { ...ec2, grantee: `arn:aws:iam::${ours}:role/payments-batch` }],
    ["one for a session of a role", { ...ec2, grantee: `arn:aws:sts::${ours}:assumed-role/payments/i-5d476fab` }],
    [
      "one for a role called almost so",
      { ...ec2, grantee: `arn:aws:sts::${ours}:assumed-role/aws.ec2-infrastructure/i-5d476fab` },
    ],
    ["one for an instance of another zone", { ...ec2, grantee: ec2.grantee.replace(ours, foreign) }],
    ["one for an instance of another partition", { ...ec2, grantee: ec2.grantee.replace("arn:aws:", "arn:aws-cn:") }],
    ["EC2's without its volume", { ...ec2, subset: undefined }],
    ["EC2's for more than its volume", { ...ec2, subset: { app: "x" } }],
    ["EC2's with a pair that EC2 does not set", { ...ec2, subset: { ...ec2.subset, app: "x" } }],
    ["EC2's to encrypt", { ...ec2, operations: ["Decrypt", "Encrypt"] }],
    ["EC2's to hand on", { ...ec2, operations: ["Decrypt", "CreateGrant"] }],
    ["one that an account outside of the zone made", { ...dynamodb, issuingAccount: `arn:aws:iam::${foreign}:root` }],
    ["one that an account outside of the zone made, by its id", { ...networkFirewall, issuingAccount: foreign }],
    ["one of which AWS does not say who made it", { ...bedrock, issuingAccount: undefined }],
    ["one for another account's table", { ...dynamodb, subset: { "aws:dynamodb:subscriberId": foreign } }],
    [
      "one for another account's resource",
      { ...dynamodb, equals: { "aws:x:arn": `arn:aws:x:us-east-1:${foreign}:y` } },
    ],
    ["one that another service made", { ...healthImaging, issuingAccount: "ec2.us-east-1.amazonaws.com" }],
    ["one of a service in another Region", { ...dynamodb, grantee: "dynamodb.us-west-2.amazonaws.com" }],
    ["one for what is no service's name", { ...bedrock, grantee: "bedrock.amazonaws.com.example.org" }],
    ["one for an account", { ...bedrock, grantee: `arn:aws:iam::${ours}:root` }],
    ["a service-linked role of another zone", { ...linkedRole, grantee: linkedRole.grantee.replace(ours, foreign) }],
    ["a service-linked role of another service", { ...linkedRole, retiring: "ec2.us-east-1.amazonaws.com" }],
    [
      "a role below a path of the same beginning",
      { ...linkedRole, grantee: linkedRole.grantee.replace("aws-service-role", "aws-service-roles") },
    ],
    ["a service-linked role that a person was told to grant", { ...linkedRole, retiring: undefined }],
  ])("is somebody's: %s", (_, grant) => {
    expect(isService(grant)).toBe(false);
  });

  test("is somebody's where the key is in another Region", () => {
    expect(isService(dynamodb, "us-west-2")).toBe(false);
  });
});
