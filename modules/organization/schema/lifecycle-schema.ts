import { z } from "zod";
import { aliasNameField, dayField, localPrincipalField, nameField, nonEmptyListOf, regionField } from "./fields";
import { goOnWith } from "./stand-ins";

const mostReasonCharacters = 1024;

const reasonField = z
  .string()
  .regex(/^\s*\S+\s+\S+/, { error: "must be a few words at least; say why" })
  .max(mostReasonCharacters, {
    error: `must be at most ${mostReasonCharacters.toLocaleString("en-US")} characters; shorten it`,
  });

const ownerField = z.string().regex(/\S/, { error: "must not be empty; name the team" });

const decommissionSchema = z.strictObject({
  disabled: dayField.describe("The day on which the key is disabled: nobody can use it, and it can come back at once"),
  scheduled: goOnWith(
    dayField.optional().describe("The day on which Terraform lets go of it and its deletion is scheduled in AWS"),
    undefined,
  ),
  gone: goOnWith(
    dayField.optional().describe("The day on which AWS has deleted it, and all data under it with it"),
    undefined,
  ),
});

const handOverSchema = z.strictObject({
  to: ownerField.describe("Who looks after the key from then on"),
  day: dayField.describe("The day on which Terraform lets go of the key, which stays as it is"),
});

/** The id that Terraform imports a key by: no ARN, no alias, because these name a Region or can move. */
const keyIdField = z
  .string()
  .regex(/^(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/, {
    error:
      "must be a key id; copy KeyId from aws kms describe-key, as in mrk-1234abcd12ab34cd56ef1234567890ab: no ARN, no alias",
  });

const adoptSchema = z.strictObject({
  keyId: keyIdField.describe("The id of the key in AWS, as in mrk-1234abcd12ab34cd56ef1234567890ab"),
  replicas: goOnWith(
    nonEmptyListOf(regionField).optional().describe("Regions in which the key has replicas already"),
    undefined,
  ),
  aliases: goOnWith(
    nonEmptyListOf(aliasNameField).optional().describe("Aliases of the key that exist already, without alias/"),
    undefined,
  ),
  grants: goOnWith(
    z
      .record(
        z.string(),
        z.string().regex(/^[0-9a-f]{64}$/, {
          error: "must be a grant id of 64 hexadecimal digits; copy GrantId from aws kms list-grants",
        }),
      )
      .optional()
      .describe("Grants that exist already: the Terraform id that the plan gives it, and the grant's id in AWS"),
    undefined,
  ),
});

const rotationSchema = z.strictObject({
  day: dayField.describe("The day of the rotation"),
  by: localPrincipalField.describe("Who rotated it, as in role/KeyAdministrator"),
  reason: reasonField.describe("Why the key did not wait for its automatic rotation"),
});

const importSchema = z.strictObject({
  imported: dayField.describe("The day on which the material was imported there"),
  expires: goOnWith(
    dayField.optional().describe("The day on which AWS deletes the material; none by default"),
    undefined,
  ),
});

const materialSchema = importSchema.extend({
  replicas: goOnWith(
    z
      .record(regionField, importSchema)
      .refine((replicas) => Object.keys(replicas).length > 0, {
        error: "must name a Region at least; leave it out for none",
      })
      .optional()
      .describe("The same for replicas, by Region: each has its material imported by itself"),
    undefined,
  ),
});

const lifecycleSchema = z.strictObject({
  account: nameField.describe("The account that owns the key"),
  key: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, {
      error: "must be a key's identity, as explain shows it; write it as in payments_prod",
    })
    .describe("The key's identity, as orgkeys explain shows it: payments_prod"),
  region: goOnWith(
    regionField.optional().describe("Where the key is; can be left out where the account has only one such key"),
    undefined,
  ),
  owner: goOnWith(ownerField.describe("The team that answers for what happens to the key"), "unknown"),
  reason: goOnWith(reasonField.describe("Why, for whoever reviews it"), "unknown for now"),
  decommission: goOnWith(
    decommissionSchema.optional().describe("The days of the steps that were taken on the way to deletion"),
    undefined,
  ),
  replicas: goOnWith(
    z
      .record(
        regionField,
        z.strictObject({ decommission: decommissionSchema.describe("The days of the replica's own steps") }),
      )
      .refine((replicas) => Object.keys(replicas).length > 0, {
        error: "must name a Region at least; leave it out for none",
      })
      .optional()
      .describe("Replicas that end before their primary, by Region"),
    undefined,
  ),
  handOver: goOnWith(
    handOverSchema.optional().describe("Somebody else looks after the key, which stays as it is"),
    undefined,
  ),
  adopt: goOnWith(adoptSchema.optional().describe("The key exists already and is taken over as it is"), undefined),
  replaced: goOnWith(
    dayField.optional().describe("The day on which a new key takes over its aliases and all new data"),
    undefined,
  ),
  rotated: goOnWith(
    nonEmptyListOf(rotationSchema).optional().describe("Rotations on demand, as they happened"),
    undefined,
  ),
  material: goOnWith(
    materialSchema.optional().describe("Of a key with imported material: when it came, and until when it stays"),
    undefined,
  ),
});

export const lifecyclesSchema = z.record(nameField, lifecycleSchema);

export type LifecycleFile = z.infer<typeof lifecycleSchema>;
