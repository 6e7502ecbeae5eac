import { z } from "zod";
import { costGroupings } from "../inventory/cost";
import { quotaIds } from "../inventory/quota-use";
import { jsonSchemaText } from "./json-schema-text";

/** What `orgkeys report --cost --format json` prints. Fields are only ever added under the same name of the schema. */
export const COST_SCHEMA = "orgkeys/cost/v1";

const count = z.int().min(0);
const dollars = z.number().min(0);

const cost = {
  keys: count.describe("Customer managed keys, without replicas"),
  replicas: count,
  now: dollars.describe("US dollars a month for keys and replicas, with the rotations on demand that the map records"),
  later: dollars.describe("The same once two rotations have been of every key that rotates"),
  unpriced: count.describe("Keys and replicas in neither, because their partition's prices are not known"),
  requests: dollars.describe("US dollars a month for the requests that the map gives rates for"),
  unpricedRequests: z.number().min(0).describe("Requests a month in partitions whose prices are not known"),
};

const row = z.strictObject({
  name: z.string().nullable().describe("Null where the stacks do not say it"),
  isRollout: z.boolean().describe("Whether it is all keys that a rollout makes in accounts, which are in no other row"),
  ...cost,
});

const quota = z.strictObject({
  quota: z.enum(quotaIds),
  account: z.string().nullable().describe("Null for an account without a stack of its own"),
  accountId: z.string().describe("Of requests the account that makes them, whoever owns the key"),
  region: z.string(),
  subject: z.string().nullable().describe("The key or key store; null for a quota of the account and Region"),
  used: z.number().min(0),
  limit: z.number().min(0).describe("What AWS gives by default"),
  isAverage: z.boolean().describe("Whether a month's rate stands for a peak that the map does not give"),
  isNear: z.boolean(),
});

export const costDocument = z
  .strictObject({
    schema: z.literal(COST_SCHEMA),
    prices: z.strictObject({ source: z.string(), read: z.string().describe("The day on which they were read") }),
    quotasOf: z.strictObject({ source: z.string(), read: z.string() }),
    stacks: count.describe("Stacks that were read"),
    unreadable: z
      .array(z.string())
      .describe("Stacks with something that could not be understood: there may be keys that nobody sees"),
    by: z.enum(costGroupings),
    rows: z.array(row),
    total: z.strictObject(cost),
    quotas: z.array(quota).describe("Requests with a rate in the map, and whatever else is near; the most used first"),
  })
  .describe("What the keys of an output cost, and how near they come to quotas");

export type CostDocument = z.infer<typeof costDocument>;

export function costJsonSchema(): string {
  return jsonSchemaText(costDocument);
}
