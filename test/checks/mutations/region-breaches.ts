import type { Json } from "../sample-output";
import {
  type Breach,
  inPciStack,
  inProvider,
  keyAt,
  onKey,
  onReplica,
  onStack,
  pci,
  policyOf,
  replicaAt,
  resourceOf,
} from "./mutation";

export const regionBreaches: readonly Breach[] = [
  inProvider("a Region outside the zone, behind the alias of one inside", "zone-regions", (aws) => {
    aws.region = "eu-west-1";
  }),
  inPciStack(
    "a replica in a Region outside the zone",
    "zone-regions",
    (json) => {
      json.provider.aws.push({ ...structuredClone(json.provider.aws[1]), alias: "eu-west-1", region: "eu-west-1" });
      resourceOf(json, "aws_kms_replica_key", pci.replica).provider = "aws.eu-west-1";
      resourceOf(json, "aws_kms_alias", pci.replicaAlias).provider = "aws.eu-west-1";
      resourceOf(json, "aws_kms_grant", `${pci.replica}_payments-batch`).provider = "aws.eu-west-1";
    },
    replicaAt,
  ),
  inPciStack(
    "a key in a Region outside the zone",
    "zone-regions",
    (json) => {
      json.provider.aws.push({ ...structuredClone(json.provider.aws[1]), alias: "eu-west-1", region: "eu-west-1" });
      resourceOf(json, "aws_kms_key", "fraud-scoring_us-east-1").provider = "aws.eu-west-1";
      resourceOf(json, "aws_kms_alias", "fraud-scoring_us-east-1").provider = "aws.eu-west-1";
    },
    "pci-key-management aws_kms_key.fraud-scoring_us-east-1",
  ),
  inPciStack(
    "leave to replicate anywhere",
    "zone-regions",
    (json) => {
      const deploy = policyOf(json, pci.key).Statement.find((statement: Json) => statement.Sid === "DeployReplicates");
      deploy.Condition = undefined;
    },
    keyAt,
  ),
  inPciStack(
    "leave to replicate to one Region more",
    "zone-regions",
    (json) => {
      const deploy = policyOf(json, pci.key).Statement.find((statement: Json) => statement.Sid === "DeployReplicates");
      deploy.Condition.StringEquals["kms:ReplicaRegion"].push("eu-west-1");
    },
    keyAt,
  ),
  inPciStack(
    "leave to replicate to a Region if one is named",
    "zone-regions",
    (json) => {
      const deploy = policyOf(json, pci.key).Statement.find((statement: Json) => statement.Sid === "DeployReplicates");
      deploy.Condition = { StringLike: { "kms:ReplicaRegion": "us-*" } };
    },
    keyAt,
  ),
  inPciStack(
    "leave to move the primary anywhere",
    "zone-regions",
    (json) => {
      const moves = policyOf(json, pci.key).Statement.find(
        (statement: Json) => statement.Sid === "BreakGlassMovesPrimary",
      );
      moves.Condition.StringEquals["kms:PrimaryRegion"].push("eu-west-1");
    },
    keyAt,
  ),
  {
    name: "a single-Region class made multi-Region",
    change: onStack("commercial.workloads.prod.customer-data-prod", (json) => {
      resourceOf(json, "aws_kms_key", "crm_prod_eu-west-1").multi_region = true;
    }),
    found: { "keys-as-mapped": "customer-data-prod aws_kms_key.crm_prod_eu-west-1" },
    within: ["customer-data-prod aws_kms_key.crm_prod_eu-west-1"],
  },
  {
    name: "a key whose material is kept outside AWS",
    change: onKey((key) => {
      key.custom_key_store_id = "cks-1234567890abcdef0";
      key.xks_key_id = "abc";
    }),
    found: { "zone-regions": keyAt },
    within: [keyAt],
  },
  {
    name: "a replica whose provider is not there",
    change: onReplica((replica) => {
      replica.provider = "aws.eu-west-1";
    }),
    found: { readable: "aws_kms_replica_key" },
    within: ["pci-key-management"],
  },
];
