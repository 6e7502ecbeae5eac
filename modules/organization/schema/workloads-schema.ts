import { z } from "zod";
import { keyOperations } from "../../aws/key-operations";
import { grantOperations } from "../../aws/kms-actions";
import { kmsLimits } from "../../aws/kms-limits";
import {
  aliasPatternField,
  dayField,
  deletionWindowDaysField,
  encryptionContextField,
  listOf,
  nameField,
  nonEmptyListOf,
  regionField,
  rotationDaysField,
  tagsField,
} from "./fields";

const principalField = z
  .string()
  .min(1)
  .describe("role/NAME or user/NAME in the account, ACCOUNT:role/NAME, account:NAME, ou:PATH, or an ARN");

const statusField = z
  .enum(["active", "pending"])
  .optional()
  .describe("pending: the principal does not exist yet; kept out of policies and grants");

const ipField = z
  .union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
    error: "must be an IP address or a CIDR block, as in 203.0.113.0/24",
  })
  .describe("IP address or CIDR block");

const useSchema = z.strictObject({
  principal: principalField,
  operations: nonEmptyListOf(z.enum(keyOperations)),
  via: nonEmptyListOf(z.string()).optional().describe("Only through these AWS services: s3, ebs, rds …"),
  encryptionContext: encryptionContextField.optional(),
  sourceVpce: nonEmptyListOf(
    z.string().regex(/^vpce-[0-9a-f]{8,17}$/, { error: "must be a VPC endpoint's id, as in vpce-0a1b2c3d4e5f60718" }),
  )
    .optional()
    .describe("Only through these VPC endpoints"),
  sourceIp: nonEmptyListOf(ipField).optional().describe("Only from these addresses"),
  organizationPath: z.string().optional().describe("Only principals below this OU path"),
  service: z.string().optional().describe("Which of the perService keys this is about"),
  status: statusField,
});

const grantSchema = z.strictObject({
  grantee: principalField,
  retiring: principalField.optional().describe("Who may retire the grant"),
  operations: nonEmptyListOf(z.enum(grantOperations)),
  encryptionContext: z
    .union([z.strictObject({ equals: encryptionContextField }), z.strictObject({ subset: encryptionContextField })], {
      error: "must be either {equals: {…}} or {subset: {…}}, not both",
    })
    .optional()
    .describe("Constraint: the request's encryption context equals these pairs, or contains them"),
  expires: dayField.optional().describe("Left out of synthesis from this day on (see --today)"),
  name: z
    .string()
    .max(kmsLimits.grantNameLength, { error: `must be at most ${kmsLimits.grantNameLength} characters` })
    .regex(/^[a-zA-Z][\w-]*$/, { error: "must be letters, digits, _ and -, first a letter" })
    .optional()
    .describe("Tells two grants to the same grantee apart"),
  service: z.string().optional().describe("Which of the perService keys this is about"),
  regions: nonEmptyListOf(regionField).optional().describe("Regions of the key; all by default"),
  status: statusField,
});

const serviceSchema = z.strictObject({
  profile: z.string().describe("The AWS service that calls KMS as itself; see docs/service-profiles.md"),
  account: nameField
    .optional()
    .describe("The account whose resources the service acts for; the environment's by default"),
  sourceArns: nonEmptyListOf(
    z.string().regex(/^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9*-]*:(\d{12}):.+$/, {
      error: "must be an ARN with the account id written out",
    }),
  )
    .optional()
    .describe("Resources the service acts for, instead of the profile's default"),
  encryptionContext: encryptionContextField.optional(),
  service: z.string().optional().describe("Which of the perService keys this is about"),
});

const textOrList = z.union([z.string().min(1), nonEmptyListOf(z.string().min(1))], {
  error: "must be text or a list of text",
});

const statementSchema = z.strictObject({
  sid: z.string().regex(/^[A-Za-z0-9]{1,64}$/, { error: "must be letters and digits, at most 64" }),
  effect: z.enum(["Allow", "Deny"]),
  principals: nonEmptyListOf(principalField),
  actions: nonEmptyListOf(z.string()),
  conditions: z.record(z.string(), z.record(z.string(), textOrList)).optional(),
  service: z.string().optional().describe("Which of the perService keys this is about"),
});

const environmentSchema = z.strictObject({
  account: nameField.describe("The account the workload runs in"),
  region: regionField
    .optional()
    .describe("Where the data is, and so the key; the organization's home Region by default"),
  replicas: listOf(regionField).optional().describe("Other Regions that disaster recovery needs the key in"),
  use: z.array(useSchema).optional(),
  services: z.array(serviceSchema).optional(),
  grants: z.array(grantSchema).optional(),
  statements: z.array(statementSchema).optional().describe("Further statements of the key policy"),
});

const workloadSchema = z.strictObject({
  owner: z.string().min(1).describe("The team that answers for this workload; the tag Owner"),
  description: z.string().max(1024, { error: "must be at most 1,024 characters" }).optional(),
  dataClass: nameField,
  perService: nonEmptyListOf(z.string()).optional().describe("Services heavy enough for keys of their own"),
  alias: aliasPatternField.optional().describe("Instead of the data class's alias"),
  rotationDays: rotationDaysField.optional(),
  deletionWindowDays: deletionWindowDaysField.optional(),
  tags: tagsField.optional(),
  environments: z
    .record(nameField, environmentSchema)
    .refine((environments) => Object.keys(environments).length > 0, { error: "must have at least one environment" }),
});

export const workloadsSchema = z.record(
  nameField.refine((name) => name !== "shared", {
    error: "must not be called shared: that is the name of keys per environment",
  }),
  workloadSchema,
);

export type WorkloadsFile = z.infer<typeof workloadsSchema>;
export type WorkloadFile = z.infer<typeof workloadSchema>;
export type EnvironmentFile = z.infer<typeof environmentSchema>;
export type UseFile = z.infer<typeof useSchema>;
export type GrantFile = z.infer<typeof grantSchema>;
export type ServiceFile = z.infer<typeof serviceSchema>;
export type StatementFile = z.infer<typeof statementSchema>;
