import { z } from "zod";
import {
  deletionWindowDaysField,
  listOf,
  localPrincipalField,
  nameField,
  nonEmptyListOf,
  regionField,
  roleField,
  rotationDaysField,
  tagsField,
} from "./fields";

export const topologies = ["centralized", "decentralized", "hybrid"] as const;
export const frameworks = [
  "cis",
  "fedramp-high",
  "fedramp-moderate",
  "hipaa",
  "nist-800-53",
  "pci-dss-4.0",
  "security-hub",
] as const;

const centralizeSchema = z.strictObject({
  environments: nonEmptyListOf(nameField).optional(),
  dataClasses: nonEmptyListOf(nameField).optional(),
});

const zoneSchema = z.strictObject({
  organization: nameField.describe("The organization whose OUs this zone owns"),
  ous: listOf(z.string()).optional().describe("OU paths, each with everything below; the deepest zone wins"),
  accounts: listOf(nameField).optional().describe("Single accounts, such as the management account below the root"),
  owner: z.string().min(1).describe("The team that answers for this zone and its shared keys"),
  keyManagementAccount: nameField.optional().describe("The account that owns the zone's central keys"),
  topology: z.enum(topologies),
  centralize: nonEmptyListOf(centralizeSchema)
    .optional()
    .describe("hybrid only: a key is central when it meets every condition of one of these rules"),
  administrators: nonEmptyListOf(localPrincipalField).describe("Who may manage keys, in each account that owns keys"),
  breakGlass: roleField.describe("The only principal that may disable keys or schedule their deletion"),
  regions: nonEmptyListOf(regionField).describe("Residency: no key or replica anywhere else"),
  frameworks: listOf(z.enum(frameworks)).optional(),
  floor: z
    .strictObject({
      rotationDays: rotationDaysField.optional().describe("Rotate at least this often"),
      deletionWindowDays: deletionWindowDaysField.optional().describe("Wait at least this long before a deletion"),
      key: z.literal("customer-managed").optional().describe("Refuse AWS owned and AWS managed keys"),
    })
    .optional()
    .describe("What every key of the zone meets, whatever its data class says"),
  state: z
    .strictObject({
      s3: z.strictObject({
        bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "must be an S3 bucket's name" }),
        region: regionField,
        kmsKeyId: z.string().min(1).optional().describe("Key ARN or alias ARN for the state objects"),
        role: z
          .string()
          .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, { error: "must be a role's ARN" })
          .optional()
          .describe("Role to assume for reading and writing the state"),
      }),
    })
    .optional()
    .describe("Where Terraform keeps the zone's state; files beside the output by default"),
  tags: tagsField.optional(),
});

export const zonesSchema = z.record(nameField, zoneSchema);

export type ZonesFile = z.infer<typeof zonesSchema>;
export type ZoneFile = z.infer<typeof zoneSchema>;
