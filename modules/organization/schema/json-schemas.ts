import { z } from "zod";
import { dataClassesSchema } from "./data-classes-schema";
import { driftSchema } from "./drift-schema";
import { exceptionsSchema } from "./exceptions-schema";
import { lifecyclesSchema } from "./lifecycle-schema";
import { organizationSchema } from "./organization-schema";
import { rolloutsSchema } from "./rollouts-schema";
import { workloadsSchema } from "./workloads-schema";
import { zonesSchema } from "./zones-schema";

const titles = {
  organization: [organizationSchema, "An AWS organization: its OUs and accounts"],
  zones: [zonesSchema, "Compliance zones: independent key domains"],
  "data-classes": [dataClassesSchema, "Data classes: which key protects what"],
  workloads: [workloadsSchema, "Workloads of one team"],
  exceptions: [exceptionsSchema, "Exceptions: findings that somebody answers for until a day"],
  lifecycle: [lifecyclesSchema, "The life of single keys: taken over, replaced, rotated, handed over, ended"],
  drift: [driftSchema, "Drift that somebody answers for until a day"],
  rollouts: [rolloutsSchema, "Rollouts: what every account of a zone gets by CloudFormation StackSets"],
} as const;

/** The JSON Schemas for editors, by file name, generated from the schemas that the map is held against. */
export function jsonSchemas(): Map<string, string> {
  return new Map(
    Object.entries(titles).map(([name, [schema, title]]) => {
      const json = z.toJSONSchema(schema, { target: "draft-7", io: "input", reused: "ref" });
      return [`${name}.schema.json`, `${JSON.stringify({ title, ...json }, null, 2)}\n`];
    }),
  );
}
