import { z } from "zod";
import { aliasPatternField, deletionWindowDaysField, nameField, rotationDaysField } from "./fields";

/** What one key is for. */
export const keyScopes = ["environment", "workload", "workload-environment", "service"] as const;
export type KeyScope = (typeof keyScopes)[number];

const customerManagedSchema = z.strictObject({
  key: z.literal("customer-managed"),
  per: z.enum(keyScopes).describe("What gets a key of its own. Only environment lets two workloads share one"),
  alias: aliasPatternField.optional(),
  rotationDays: rotationDaysField.optional(),
  deletionWindowDays: deletionWindowDaysField.optional(),
  rootAccess: z
    .enum(["full", "administration-only"])
    .optional()
    .describe("full: IAM policies of the owning account can grant use. administration-only: named principals alone"),
  multiRegion: z
    .boolean()
    .optional()
    .describe("Whether replicas can be added later; cannot be changed without replacing the key. Default true"),
});

const awsKeySchema = z.strictObject({ key: z.enum(["aws-owned", "aws-managed"]) });

const dataClassSchema = z.discriminatedUnion("key", [customerManagedSchema, awsKeySchema], {
  error: "must have key: aws-owned, aws-managed or customer-managed",
});

export const dataClassesSchema = z.record(nameField, dataClassSchema);

export type DataClassesFile = z.infer<typeof dataClassesSchema>;
export type DataClassFile = z.infer<typeof dataClassSchema>;
