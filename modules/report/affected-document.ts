import { z } from "zod";
import { reasonKinds } from "../terraform/affected/affected-reason";
import { jsonSchemaText } from "./json-schema-text";

/** What `orgkeys affected --format json` prints. Fields are only ever added under the same name of the schema. */
export const AFFECTED_SCHEMA = "orgkeys/affected/v1";

const count = z.int().min(0);

const side = z.strictObject({
  name: z.string().describe("As it was written: a folder, or git's name of a commit"),
  commit: z.string().nullable().describe("The commit's hash; null for a folder"),
  isMergeBase: z.boolean().describe("Whether the commit is where BASE and HEAD parted"),
  from: z
    .enum(["folder", "committed", "synthesized"])
    .describe("Where the stacks are from: a folder, the output that is in the commit, or a synthesis of the commit"),
});

const reason = z.strictObject({
  kind: z.enum(Object.keys(reasonKinds) as [keyof typeof reasonKinds]).describe("What kind of difference it is"),
  address: z.string().describe("The resource, or the place in the JSON; empty for the stack as a whole"),
  text: z.string().describe("What exactly is another; may be empty"),
});

const affected = z.strictObject({
  stack: z.string().describe("The stack's name after the change; of a removed one, the name that it had"),
  before: z.string().nullable().describe("Its name before the change; null for a new stack"),
  after: z.string().nullable().describe("Its name after the change; null for a removed stack"),
  kind: z.string().describe("What the stack is about: account, guardrails, rollouts or direct-rollouts"),
  organization: z.string().nullable().describe("The organization's name in the map"),
  ou: z.string().nullable().describe("The account's OU path; null for a zone's own stacks"),
  zone: z.string().nullable().describe("The zone"),
  account: z.string().nullable().describe("The account's name in the map"),
  summary: z.string().describe("One line on all reasons, as in `only tags`"),
  reasons: z.array(reason).describe("Everything that is another, most far-reaching first"),
});

const dependent = z.strictObject({
  stack: z.string().describe("A stack that is the same"),
  needs: z
    .array(
      z.strictObject({
        stack: z.string().describe("The affected stack that it needs"),
        hard: z.boolean().describe("Whether it cannot even be planned before that one is applied"),
        why: z.string().describe("What it needs of it"),
      }),
    )
    .describe("What it needs"),
});

/** The document as a schema: reports are typed by it, tests hold them against it, and the documentation is made of it. */
export const affectedDocument = z.strictObject({
  schema: z.literal(AFFECTED_SCHEMA).describe(`Always ${AFFECTED_SCHEMA}`),
  base: side.describe("Before the change"),
  head: side.describe("After the change"),
  stacks: count.describe("How many stacks there are after the change"),
  shard: z
    .strictObject({
      index: z.int().min(1).describe("Which of the shares, from 1"),
      count: z.int().min(1).describe("How many shares there are"),
    })
    .nullable()
    .describe("The share that this is about; null for all"),
  affected: z.array(affected).describe("Stacks of which Terraform may plan something else, by name"),
  dependents: z
    .array(dependent)
    .nullable()
    .describe("Stacks that are the same and need an affected one; null when a stack cannot be read"),
});

export type AffectedDocument = z.infer<typeof affectedDocument>;

export function affectedJsonSchema(): string {
  return jsonSchemaText(affectedDocument);
}
