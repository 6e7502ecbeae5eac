import { z } from "zod";
import { jsonSchemaText } from "./json-schema-text";

/** What `--dry-run --format json` prints. Fields are only ever added under the same name of the schema. */
export const DRY_RUN_SCHEMA = "orgkeys/dry-run/v1";

const need = z.strictObject({
  stack: z.string().describe("The stack that comes before"),
  hard: z.boolean().describe("Whether the stack cannot even be planned before that one is applied"),
  why: z.string().describe("Why"),
});

const stack = z.strictObject({
  stack: z.string().describe("The stack's name"),
  layer: z.int().min(0).describe("From 0: stacks of one layer need nothing of each other"),
  why: z.string().describe("What selected it"),
  kind: z.enum(["account", "guardrails", "rollouts", "direct-rollouts"]).describe("What the stack is about"),
  organization: z.string().describe("The organization's name in the map"),
  ou: z.string().nullable().describe("The account's OU path; null for a zone's own stacks"),
  zone: z.string().describe("The zone"),
  account: z.string().nullable().describe("The account's name; null for a zone's own stacks"),
  accountId: z.string().describe("The account that Terraform works in"),
  providers: z.int().min(0).describe("Provider processes that Terraform starts, of about 600 MB each"),
  resources: z.int().min(0).describe("Resources in it"),
  needs: z.array(need).describe("What comes before it in this run"),
  needsOutside: z.array(need).describe("What is not selected and has to be applied already"),
  needsLeftOut: z.array(need).describe("What would come before it, but for a circle: it may be applied after it"),
});

export const dryRunDocument = z.strictObject({
  schema: z.literal(DRY_RUN_SCHEMA).describe(`Always ${DRY_RUN_SCHEMA}`),
  output: z.string().describe("The output folder"),
  layers: z.int().min(0).describe("How many layers there are"),
  stacks: z.array(stack).describe("In the order of a run"),
});

export type DryRunDocument = z.infer<typeof dryRunDocument>;

export function dryRunJsonSchema(): string {
  return jsonSchemaText(dryRunDocument);
}
