import { z } from "zod";
import { cloudFormationLimits } from "../../aws/cloudformation-limits";
import { stackSetLimits } from "../../aws/stack-set-limits";
import { nameField, nonEmptyListOf, regionField } from "./fields";
import { goOnWith } from "./stand-ins";

/** Whose StackSets they are. */
export const rolloutAdministrators = ["management-account", "delegated-administrator"] as const;

const ousField = nonEmptyListOf(z.string());

const waveSchema = z.strictObject({
  name: nameField.describe("What the wave's StackSet is called after: choose it to last"),
  ous: ousField.describe("OU paths of the zone, each with everything below"),
});

/** A number of accounts, or a share of them. */
function quantityField(least: { readonly leastCount: number; readonly leastPercentage: number }) {
  const { leastCount, leastPercentage } = least;
  const error = `must be a number of accounts from ${leastCount} on, or a percentage from ${leastPercentage}% to 100%; write it as in 5 or "20%"`;
  const percentage = leastPercentage === 0 ? /^(100|[1-9]?\d)%$/ : /^(100|[1-9]\d?)%$/;
  return z.union([z.int({ error }).min(leastCount, { error }), z.string().regex(percentage, { error })], { error });
}

const daysError = "must be a whole number of days from 1 on; write it without quotes, or leave it out to keep none";

const parameterNameField = z
  .string()
  .regex(new RegExp(`^[a-zA-Z0-9]{1,${cloudFormationLimits.parameterNameLength}}$`), {
    error: `must be a parameter's name: letters and digits, at most ${cloudFormationLimits.parameterNameLength}; rename it`,
  });

const parameterValueField = z
  .string()
  .refine((value) => new TextEncoder().encode(value).length <= cloudFormationLimits.parameterValueBytes, {
    error: `must be at most ${cloudFormationLimits.parameterValueBytes.toLocaleString("en-US")} bytes; shorten it`,
  });

/** One template of one zone. Which field goes with which template is checked where the template is known. */
const rolloutSchema = z.strictObject({
  ous: goOnWith(
    ousField.optional().describe("OU paths of the zone, each with everything below; all that the zone has by default"),
    undefined,
  ),
  waves: goOnWith(
    nonEmptyListOf(waveSchema)
      .optional()
      .describe("Instead of ous: parts of the rollout, each after the one before is through"),
    undefined,
  ),
  canary: goOnWith(
    z
      .boolean()
      .optional()
      .describe("Whether the first of several waves goes account by account and takes no failure. Default true"),
    undefined,
  ),
  excludeAccounts: goOnWith(nonEmptyListOf(nameField).optional().describe("Accounts that it leaves out"), undefined),
  regions: goOnWith(
    nonEmptyListOf(regionField).optional().describe("Regions of the zone, in the order of the rollout"),
    undefined,
  ),
  replicas: goOnWith(
    nonEmptyListOf(regionField)
      .optional()
      .describe("baseline-keys only: the Regions in which the keys get replicas, after their primaries"),
    undefined,
  ),
  concurrency: goOnWith(
    quantityField(stackSetLimits.concurrency)
      .optional()
      .describe('How many accounts of a Region at a time, as in 5 or "20%". Default 1'),
    undefined,
  ),
  failureTolerance: goOnWith(
    quantityField(stackSetLimits.failureTolerance)
      .optional()
      .describe('How many accounts of a Region may fail before the rest is given up, as in 1 or "10%". Default 0'),
    undefined,
  ),
  concurrencyMode: goOnWith(
    z
      .enum(["strict", "soft"])
      .optional()
      .describe("strict: slows down with every failure. soft: keeps its pace. Default strict"),
    undefined,
  ),
  regionConcurrency: goOnWith(
    z
      .enum(["sequential", "parallel"])
      .optional()
      .describe("Whether a Region waits for the one before. Default sequential"),
    undefined,
  ),
  autoDeployment: goOnWith(
    z.boolean().optional().describe("Whether an account that joins an OU gets it by itself. Default true"),
    undefined,
  ),
  retain: goOnWith(
    z
      .boolean()
      .optional()
      .describe("Whether what is in an account stays when it leaves the OUs. Default false for roles and rules"),
    undefined,
  ),
  busAccount: goOnWith(
    nameField
      .optional()
      .describe("key-events only: the account with the zone's bus; the key management account by default"),
    undefined,
  ),
  archiveDays: goOnWith(
    z
      .int({ error: daysError })
      .min(1, { error: daysError })
      .optional()
      .describe("key-events only: how long the bus keeps events, in days; not at all by default"),
    undefined,
  ),
  parameters: goOnWith(
    z
      .record(parameterNameField, parameterValueField)
      .refine((parameters) => Object.keys(parameters).length <= cloudFormationLimits.parameters, {
        error: `must have at most ${cloudFormationLimits.parameters} parameters; drop some: CloudFormation takes no more`,
      })
      .optional()
      .describe("Own templates only: values of the template's parameters, as text"),
    undefined,
  ),
});

const zoneRolloutsSchema = z.strictObject({
  administrator: goOnWith(
    z
      .enum(rolloutAdministrators)
      .optional()
      .describe("The account that keeps the StackSets; the delegated administrator by default, where there is one"),
    undefined,
  ),
  templates: z
    .record(nameField, rolloutSchema)
    .refine((templates) => Object.keys(templates).length > 0, {
      error: "must name a template at least; add one, or delete the zone's entry",
    })
    .describe("Templates by name: access-roles, baseline-keys, key-events, or a file rollouts/NAME.yaml.hbs"),
});

/** By zone. */
export const rolloutsSchema = z.record(nameField, zoneRolloutsSchema);

export type ZoneRolloutsFile = z.infer<typeof zoneRolloutsSchema>;
export type RolloutFile = z.infer<typeof rolloutSchema>;
