import { z } from "zod";
import { keyOperations } from "../../aws/key-operations";
import { grantOperations } from "../../aws/kms-actions";
import { kmsLimits } from "../../aws/kms-limits";
import {
  aliasPatternField,
  consumedBy,
  dayField,
  deletionWindowDaysField,
  dropAliasesField,
  encryptionContextField,
  formerlyField,
  furtherAliasesField,
  instantField,
  listOf,
  nameField,
  nonEmptyListOf,
  regionField,
  rotationDaysField,
} from "./fields";
import { goOnWith } from "./stand-ins";
import { tagsField } from "./tags-field";

const principalField = z
  .string()
  .min(1)
  .describe(
    "role/NAME, user/NAME or permission-set/NAME in the account, ACCOUNT:role/NAME, account:NAME, ou:PATH, or an ARN",
  );

const statusField = z
  .enum(["active", "pending"])
  .optional()
  .describe("pending: the principal does not exist yet; kept out of policies and grants");

const ipField = z
  .union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
    error: "must be an IP address or a CIDR block; write it as in 203.0.113.0/24",
  })
  .describe("IP address or CIDR block");

const sourceVpceField = z
  .string()
  .regex(/^vpce-[0-9a-f]{8,17}$/, { error: "must be a VPC endpoint's id; copy it, as in vpce-0a1b2c3d4e5f60718" });

const byField = goOnWith(
  z
    .enum(consumedBy)
    .optional()
    .describe("How the policy in the using account names the key: alias or arn; as the zone's consumers by default"),
  undefined,
);

const attachField = z
  .boolean()
  .optional()
  .describe("false: the using account's policy is there by its name, and somebody else attaches it");

const useSchema = z.strictObject({
  principal: principalField,
  operations: goOnWith(nonEmptyListOf(z.enum(keyOperations)).describe("What the principal may do with the key"), [
    "encrypt",
  ]),
  via: nonEmptyListOf(z.string()).optional().describe("Only through these AWS services: s3, ebs, rds …"),
  encryptionContext: encryptionContextField.optional(),
  sourceVpce: goOnWith(
    nonEmptyListOf(sourceVpceField).optional().describe("Only through these VPC endpoints"),
    undefined,
  ),
  sourceIp: goOnWith(nonEmptyListOf(ipField).optional().describe("Only from these addresses"), undefined),
  organizationPath: goOnWith(z.string().optional().describe("Only principals below this OU path"), undefined),
  from: goOnWith(instantField.optional().describe("Not before this day or instant"), undefined),
  until: goOnWith(instantField.optional().describe("Not from this day or instant on"), undefined),
  by: byField,
  attach: attachField,
  service: z.string().optional().describe("Which of the perService keys this is about"),
  status: statusField,
});

const grantSchema = z.strictObject({
  grantee: principalField,
  retiring: principalField.optional().describe("Who may retire the grant"),
  operations: goOnWith(nonEmptyListOf(z.enum(grantOperations)).describe("What the grantee may do with the key"), [
    "Decrypt",
  ]),
  encryptionContext: goOnWith(
    z
      .union([z.strictObject({ equals: encryptionContextField }), z.strictObject({ subset: encryptionContextField })], {
        error: "must be either {equals: {…}} or {subset: {…}}; choose one",
      })
      .optional()
      .describe("Constraint: the request's encryption context equals these pairs, or contains them"),
    undefined,
  ),
  expires: goOnWith(dayField.optional().describe("Left out of synthesis from this day on (see --today)"), undefined),
  name: goOnWith(
    z
      .string()
      .max(kmsLimits.grantNameLength, { error: `must be at most ${kmsLimits.grantNameLength} characters; shorten it` })
      .regex(/^[a-zA-Z][\w-]*$/, { error: "must be letters, digits, _ and -, first a letter; replace the others" })
      .optional()
      .describe("Tells two grants to the same grantee apart"),
    undefined,
  ),
  issuedBy: goOnWith(
    z
      .enum(["owner", "user"])
      .optional()
      .describe("Whose stack makes the grant: the key's owner's (by default), or that of the grantee's account"),
    undefined,
  ),
  by: byField,
  attach: attachField,
  service: z.string().optional().describe("Which of the perService keys this is about"),
  regions: goOnWith(nonEmptyListOf(regionField).optional().describe("Regions of the key; all by default"), undefined),
  status: statusField,
});

const serviceSchema = z.strictObject({
  profile: z.string().describe("The AWS service that calls KMS as itself; see docs/service-profiles.md"),
  account: nameField
    .optional()
    .describe("The account whose resources the service acts for; the environment's by default"),
  sourceArns: nonEmptyListOf(
    z.string().regex(/^arn:[a-z-]+:([a-z0-9-]+:[a-z0-9*-]*:\d{12}|(route53|s3)::):.+$/, {
      error:
        "must be an ARN with its account id, or a bucket's or hosted zone's; write it as in arn:aws:sns:us-east-1:210000000001:topic",
    }),
  )
    .optional()
    .describe("Resources the service acts for, instead of the profile's default"),
  encryptionContext: encryptionContextField.optional(),
  service: z.string().optional().describe("Which of the perService keys this is about"),
});

const textOrList = z.union([z.string().min(1), nonEmptyListOf(z.string().min(1))], {
  error: "must be text or a list of text; put numbers and true/false in quotes",
});

const servicePrincipalField = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/, {
  error: "must be an AWS service's principal; write it as in sns.amazonaws.com",
});

/** A part of IAM's language that has no place here: a person who writes it is told why. */
const refusedField = (error: string) => goOnWith(z.never({ error }).optional(), undefined);

const statementSchema = z.strictObject({
  sid: z
    .string()
    .regex(/^[A-Za-z0-9]{1,64}$/, { error: "must be letters and digits, at most 64; replace the others" })
    .describe("Tells the statement from the others"),
  effect: z.enum(["Allow", "Deny"]).describe("Whether the actions are allowed or denied"),
  principals: nonEmptyListOf(principalField).optional().describe("Whom the statement is about"),
  services: nonEmptyListOf(servicePrincipalField)
    .optional()
    .describe("AWS services that it is about, bound to a source of the zone by its conditions"),
  notPrincipals: nonEmptyListOf(principalField)
    .optional()
    .describe("Deny only: whom it leaves out; it denies everybody else"),
  actions: nonEmptyListOf(z.string()).optional().describe("Actions on the key, written out, as in kms:Decrypt"),
  notActions: nonEmptyListOf(z.string())
    .optional()
    .describe("Deny only: the actions that it leaves out; it denies all others"),
  resources: refusedField("cannot be set: in a key policy Resource is always *, which is this key; leave it out"),
  notResources: refusedField("cannot be set: in a key policy Resource is always *, which is this key; leave it out"),
  federated: refusedField(
    "cannot be set: sessions of an identity provider can be in any account and any role; name the role that they assume in principals",
  ),
  canonicalUsers: refusedField(
    "cannot be set: canonical user ids are Amazon S3's, and AWS KMS does not know them; name the account in principals",
  ),
  conditions: z.record(z.string(), z.record(z.string(), textOrList)).optional(),
  service: z.string().optional().describe("Which of the perService keys this is about"),
});

const requestsSchema = z.strictObject({
  perMonth: goOnWith(
    z
      .int({ error: "must be a whole number of requests; round it" })
      .min(1, { error: "must be at least 1; leave the entry out where there are none" })
      .max(1e12, { error: "must be at most 1,000,000,000,000 requests; check it" })
      .describe("Cryptographic requests in a month, of the workload and of services on its behalf"),
    1,
  ),
  peakPerSecond: goOnWith(
    z
      .int({ error: "must be a whole number of requests; round it up" })
      .min(1, { error: "must be at least 1; leave it out where nobody knows" })
      .max(1e7, { error: "must be at most 10,000,000 requests; check it" })
      .optional()
      .describe("Requests in the busiest second, which quotas are held against; the month's average by default"),
    undefined,
  ),
  service: z.string().optional().describe("Which of the perService keys this is about"),
});

const environmentSchema = z.strictObject({
  account: nameField.describe("The account the workload runs in"),
  formerly: formerlyField,
  region: regionField
    .optional()
    .describe("Where the data is, and so the key; the organization's home Region by default"),
  replicas: listOf(regionField).optional().describe("Other Regions that disaster recovery needs the key in"),
  use: z.array(useSchema).optional(),
  services: z.array(serviceSchema).optional(),
  grants: z.array(grantSchema).optional(),
  statements: z.array(statementSchema).optional().describe("Further statements of the key policy"),
  requests: z
    .array(requestsSchema)
    .optional()
    .describe("An estimate of requests, for reports of cost and quotas alone: nothing in AWS follows from it"),
});

const workloadSchema = z.strictObject({
  owner: goOnWith(z.string().min(1).describe("The team that answers for this workload; the tag Owner"), "unknown"),
  description: goOnWith(
    z.string().max(1024, { error: "must be at most 1,024 characters; shorten it" }).optional(),
    undefined,
  ),
  dataClass: goOnWith(nameField.describe("What kind of data, by its name in data-classes.yaml"), "unknown"),
  perService: nonEmptyListOf(z.string()).optional().describe("Services heavy enough for keys of their own"),
  alias: aliasPatternField.describe("Instead of the data class's alias"),
  aliases: furtherAliasesField,
  dropAliases: dropAliasesField,
  formerly: formerlyField,
  rotationDays: rotationDaysField.optional(),
  deletionWindowDays: deletionWindowDaysField.optional(),
  tags: tagsField.optional(),
  environments: z
    .record(nameField, environmentSchema)
    .refine((environments) => Object.keys(environments).length > 0, {
      error: "must have at least one environment; add one, as in prod: {account: NAME}",
    })
    .describe("prod, test, dev …: where the workload runs, and with what"),
});

export const workloadsSchema = z.record(
  nameField.refine((name) => name !== "shared", {
    error: "must not be called shared, the name of keys per environment; rename it",
  }),
  workloadSchema,
);

export type WorkloadsFile = z.infer<typeof workloadsSchema>;
export type WorkloadFile = z.infer<typeof workloadSchema>;
export type EnvironmentFile = z.infer<typeof environmentSchema>;
export type UseFile = z.infer<typeof useSchema>;
export type GrantFile = z.infer<typeof grantSchema>;
export type ServiceFile = z.infer<typeof serviceSchema>;
export type RequestsFile = z.infer<typeof requestsSchema>;
export type StatementFile = z.infer<typeof statementSchema>;
