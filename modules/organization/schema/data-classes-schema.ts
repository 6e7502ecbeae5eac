import { z } from "zod";
import { keyOrigins, keySpecs, keyUsages } from "../../aws/key-kind";
import {
  aliasPatternField,
  deletionWindowDaysField,
  dropAliasesField,
  formerlyField,
  furtherAliasesField,
  nameField,
  rotationDaysField,
} from "./fields";
import { goOnWith } from "./stand-ins";

/** What one key is for. */
export const keyScopes = ["environment", "workload", "workload-environment", "service"] as const;
export type KeyScope = (typeof keyScopes)[number];

/** Whether each grant on a key of the class has to have a field that grants can otherwise do without. */
export const grantDemands = ["required", "optional"] as const;
export type GrantDemand = (typeof grantDemands)[number];

const grantsSchema = z.strictObject({
  encryptionContext: goOnWith(
    z
      .enum(grantDemands)
      .optional()
      .describe("required: every grant has an encryption context constraint. Default optional"),
    undefined,
  ),
  expires: goOnWith(
    z.enum(grantDemands).optional().describe("required: every grant has a day on which it ends. Default optional"),
    undefined,
  ),
});

const customerManagedSchema = z.strictObject({
  key: z.literal("customer-managed").describe("A key that the organization creates, owns and pays for"),
  per: z
    .enum([...keyScopes, "account"])
    .describe("What gets a key of its own. Only environment and account let two workloads share one"),
  // As with a wrong scope, nobody knows what such a class was to be.
  deliver: z
    .literal("rollout")
    .optional()
    .describe("per: account alone: the zone's rollout of baseline-keys brings the key into each account"),
  alias: aliasPatternField,
  aliases: furtherAliasesField,
  dropAliases: dropAliasesField,
  formerly: formerlyField,
  // A wrong spec, usage or origin leaves nothing to go on with: what else is wrong depends on them.
  spec: z.enum(keySpecs).optional().describe("The kind of key material. Default SYMMETRIC_DEFAULT, for encryption"),
  usage: z.enum(keyUsages).optional().describe("What the keys are for, where the spec leaves a choice"),
  origin: z.enum(keyOrigins).optional().describe("Where the key material comes from. Default AWS_KMS"),
  keyStore: nameField
    .optional()
    .describe("The custom key store with the material, by its name in the zone's keyStores"),
  rotation: goOnWith(
    z
      .boolean({ error: "must be true or false; write false to have AWS KMS rotate no key of the class by itself" })
      .optional()
      .describe("Whether AWS KMS rotates the keys by itself, where it can. Default true"),
    undefined,
  ),
  rotationDays: rotationDaysField.optional(),
  deletionWindowDays: deletionWindowDaysField.optional(),
  rootAccess: goOnWith(
    z
      .enum(["full", "administration-only"])
      .optional()
      .describe("full: IAM policies of the owning account can grant use. administration-only: named principals alone"),
    undefined,
  ),
  multiRegion: goOnWith(
    z
      .boolean()
      .optional()
      .describe("Whether replicas can be added later; cannot be changed without replacing the key. Default true"),
    undefined,
  ),
  grants: goOnWith(grantsSchema.optional().describe("What every grant on a key of this class has to have"), undefined),
});

const awsKeySchema = z.strictObject({ key: z.enum(["aws-owned", "aws-managed"]).describe("A key of AWS's own") });

const dataClassSchema = z.discriminatedUnion("key", [customerManagedSchema, awsKeySchema]);

export const dataClassesSchema = z.record(nameField, dataClassSchema);

export type DataClassesFile = z.infer<typeof dataClassesSchema>;
export type DataClassFile = z.infer<typeof dataClassSchema>;
export type CustomerManagedFile = z.infer<typeof customerManagedSchema>;
