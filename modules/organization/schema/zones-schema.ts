import { z } from "zod";
import { frameworkIds } from "../../findings/framework-ids";
import {
  consumedBy,
  decommissionDaysField,
  deletionWindowDaysField,
  listOf,
  localPrincipalField,
  nameField,
  nonEmptyListOf,
  regionField,
  roleField,
  rotationDaysField,
} from "./fields";
import { keyStoresField } from "./key-stores-field";
import { pipelinesField } from "./pipelines-field";
import { goOnWith } from "./stand-ins";
import { tagsField } from "./tags-field";

export const topologies = ["centralized", "decentralized", "hybrid"] as const;
const centralizeSchema = z
  .strictObject({
    environments: nonEmptyListOf(nameField).optional(),
    dataClasses: nonEmptyListOf(nameField).optional(),
  })
  .refine((rule) => rule.environments !== undefined || rule.dataClasses !== undefined, {
    error: "is a rule without a condition; name environments, dataClasses or both",
  });

/** One part of a guardrail, which is on by itself. */
const switchField = (description: string) =>
  z
    .boolean({ error: "must be true or false; write one of them without quotes, or leave it out: it is on by itself" })
    .optional()
    .describe(description);

/** `parts` is how a person who got it wrong is told what there is. */
function guardrailField<Shape extends z.ZodRawShape>(parts: string, shape: Shape) {
  const error = `must be false, or a mapping of ${parts} to true or false; leave it out to have all of it`;
  return goOnWith(z.union([z.literal(false), z.strictObject(shape)], { error }).optional(), undefined);
}

const guardrailsSchema = z.strictObject(
  {
    resourceControl: guardrailField("principals and services", {
      principals: switchField("Only principals of the zone touch its keys"),
      services: switchField("AWS services touch its keys only for resources of the zone"),
    }).describe("The resource control policy (RCP) on the zone's keys"),
    serviceControl: guardrailField("destruction, ownKeys, policies and regions", {
      destruction: switchField("Only the break-glass role disables keys or schedules their deletion"),
      ownKeys: switchField("Principals of the zone use only keys of the zone"),
      policies: switchField("Only the deploy and break-glass roles change key policies"),
      regions: switchField("No key or replica comes into being outside the zone's Regions"),
    }).describe("The service control policy (SCP) on the zone's principals"),
  },
  {
    error: ({ code, input }) =>
      code === "invalid_type" && input !== null && input !== undefined
        ? "must be a mapping of resourceControl and serviceControl; to switch one off, write it as in {serviceControl: false}"
        : undefined,
  },
);

const zoneSchema = z.strictObject({
  organization: goOnWith(nameField.describe("The organization whose OUs this zone owns"), "unknown"),
  ous: listOf(z.string()).optional().describe("OU paths, each with everything below; the deepest zone wins"),
  accounts: listOf(nameField).optional().describe("Single accounts, such as the management account below the root"),
  owner: goOnWith(z.string().min(1).describe("The team that answers for this zone and its shared keys"), "unknown"),
  keyManagementAccount: goOnWith(
    nameField.optional().describe("The account that owns the zone's central keys"),
    "unknown",
  ),
  // A wrong topology may have had its keyManagementAccount and its centralize: hybrid has a place for both.
  topology: goOnWith(z.enum(topologies).describe("Whose account owns the keys"), "hybrid"),
  centralize: goOnWith(
    nonEmptyListOf(centralizeSchema)
      .optional()
      .describe("hybrid only: a key is central when it meets every condition of one of these rules"),
    [{ environments: ["unknown"] }],
  ),
  administrators: goOnWith(
    nonEmptyListOf(localPrincipalField).describe("Who may manage keys, in each account that owns keys"),
    ["role/unknown"],
  ),
  breakGlass: goOnWith(
    roleField.describe("The only principal that may disable keys or schedule their deletion"),
    "role/unknown-break-glass",
  ),
  consumers: goOnWith(
    z.enum(consumedBy).optional().describe("How policies in using accounts name the zone's keys; alias by default"),
    undefined,
  ),
  regions: nonEmptyListOf(regionField).describe("Residency: no key or replica anywhere else"),
  frameworks: goOnWith(listOf(z.enum(frameworkIds)).optional(), undefined),
  floor: goOnWith(
    z
      .strictObject({
        rotationDays: rotationDaysField.optional().describe("Rotate at least this often"),
        deletionWindowDays: deletionWindowDaysField.optional().describe("Wait at least this long before a deletion"),
        decommissionDays: decommissionDaysField.optional(),
        key: z.literal("customer-managed").optional().describe("Refuse AWS owned and AWS managed keys"),
      })
      .optional()
      .describe("What every key of the zone meets, whatever its data class says"),
    undefined,
  ),
  state: goOnWith(
    z
      .strictObject({
        s3: z
          .strictObject({
            bucket: z
              .string()
              .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
                error: "must be an S3 bucket's name; write it without s3://",
              })
              .describe("The bucket, of this zone alone"),
            region: regionField.describe("The bucket's Region"),
            kmsKeyId: z.string().min(1).optional().describe("Key ARN or alias ARN for the state objects"),
            role: z
              .string()
              .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, {
                error: "must be a role's ARN; write it as in arn:aws:iam::210000000001:role/State",
              })
              .optional()
              .describe("Role to assume for reading and writing the state"),
          })
          .describe("An S3 bucket with one object an account"),
      })
      .optional()
      .describe("Where Terraform keeps the zone's state; files beside the output by default"),
    undefined,
  ),
  guardrails: goOnWith(
    guardrailsSchema
      .optional()
      .describe("What AWS Organizations holds even against a key policy edited by hand; all of it is on by default"),
    undefined,
  ),
  keyStores: keyStoresField.optional(),
  organizationPaths: goOnWith(
    z
      .boolean({
        error: "must be true or false; write one of them without quotes, or leave it out: it is off by itself",
      })
      .optional()
      .describe(
        "A key policy that is too large otherwise names everybody below an OU by its organization path, with *",
      ),
    undefined,
  ),
  pipelines: pipelinesField.optional(),
  tags: tagsField.optional(),
});

export const zonesSchema = z.record(nameField, zoneSchema);

export type ZonesFile = z.infer<typeof zonesSchema>;
export type ZoneFile = z.infer<typeof zoneSchema>;
