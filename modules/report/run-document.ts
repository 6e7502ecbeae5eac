import { z } from "zod";
import { severities } from "../findings/finding";
import { gateIds } from "../findings/gate-ids";
import { RUN_SCHEMA } from "../terraform/run/run-report";
import { jsonSchemaText } from "./json-schema-text";

const count = z.int().min(0);
const instant = z.string().describe("ISO 8601, UTC");

const actions = z
  .strictObject({
    create: count.optional().describe("Made anew"),
    update: count.optional().describe("Changed in place"),
    replace: count.optional().describe("Destroyed and made anew"),
    delete: count.optional().describe("Destroyed"),
    forget: count.optional().describe("Let go of by Terraform, and left as it is"),
    import: count.optional().describe("Taken over by Terraform"),
  })
  .describe("How many resources, by action; an action that none has is left out");

const failure = z.strictObject({
  step: z.enum(["init", "plan", "show", "apply", "import"]).describe("The step that failed"),
  cause: z.string().describe("The kind of cause, as in state-locked"),
  message: z.string().describe("In Terraform's words, without secrets"),
  whatToDo: z.string().describe("The next step, as an instruction"),
  transient: z.boolean().describe("Whether waiting helps"),
  uncertain: z.boolean().describe("Whether something may have been changed in AWS that no state has"),
  unfinished: z.array(z.string()).readonly().describe("Addresses whose change was begun and whose end is not known"),
});

const gateEntry = z.strictObject({
  id: z.string().describe(`What it is: ${gateIds.join(", ")}`),
  severity: z.enum(severities).describe("How bad it is"),
  where: z.string().describe("What it is about: an allowance or an exception repeats it word by word"),
  why: z.string().describe("What is wrong, with the values found"),
  whatToDo: z.string().describe("The next step, as an instruction"),
  stack: z.string().describe("The stack whose plan it is"),
  address: z.string().optional().describe("The resource; left out for what is about the plan as a whole"),
  allowed: z
    .strictObject({
      by: z.enum(["exception", "command line"]).describe("Where it is allowed"),
      reason: z.string().describe("Why"),
    })
    .optional()
    .describe("Who allows it; left out for what stops the run"),
});

const stack = z.strictObject({
  stack: z.string().describe("The stack's name"),
  kind: z.enum(["account", "guardrails", "rollouts", "direct-rollouts"]).describe("What the stack is about"),
  organization: z.string().describe("The organization's name in the map"),
  ou: z.string().optional().describe("The account's OU path; left out for a zone's own stacks"),
  zone: z.string().describe("The zone"),
  account: z.string().optional().describe("The account's name; left out for a zone's own stacks"),
  accountId: z.string().describe("The account that Terraform works in"),
  providers: count.describe("Provider processes that Terraform starts"),
  resources: count.describe("Resources in the stack"),
  layer: count.describe("Of the order, from 0"),
  why: z.string().describe("What selected it"),
  status: z
    .enum([
      "waiting",
      "planning",
      "unchanged",
      "planned",
      "deferred",
      "held",
      "applying",
      "applied",
      "failed",
      "interrupted",
      "skipped",
    ])
    .describe("What came of it; planning and applying, where the run is over: it was killed meanwhile"),
  jsonSha256: z.string().optional().describe("SHA-256 of the cdk.tf.json that was planned"),
  changes: z
    .strictObject({
      actions,
      types: z.record(z.string(), actions).readonly().describe("The same by type of resource"),
    })
    .optional()
    .describe("What the plan changes; left out where there is none"),
  durations: z
    .strictObject({
      initMs: z.number().min(0).optional().describe("Of init, in milliseconds"),
      planMs: z.number().min(0).optional().describe("Of the plan"),
      applyMs: z.number().min(0).optional().describe("Of the apply"),
    })
    .describe("How long its steps took"),
  attempts: count.describe("Attempts of the step that took most of them"),
  failure: failure.optional().describe("Why it failed"),
  note: z.string().optional().describe("Why it is deferred, skipped or held"),
  applyStartedAt: z.string().optional().describe("When its apply began: what a cut apply made is younger"),
  process: z
    .strictObject({
      pid: count.describe("Its id"),
      started: z
        .string()
        .optional()
        .describe("When it began, in the system's words: another process may get the same id"),
    })
    .optional()
    .describe("The Terraform that applies the stack, or did when the run was killed"),
  imported: z.array(z.string()).readonly().describe("Addresses taken into the state because a cut apply had made them"),
});

/** `runs/<id>/report.json` as a schema: tests hold reports against it. Fields are only ever added under the same name. */
export const runDocument = z.strictObject({
  schema: z.literal(RUN_SCHEMA).describe(`Always ${RUN_SCHEMA}`),
  id: z.string().describe("The run: its folder's name"),
  command: z.enum(["plan", "apply"]).describe("What was to be done"),
  audit: z
    .literal(true)
    .optional()
    .describe("Planned with the audit role: such plans cannot be applied; left out otherwise"),
  status: z
    .enum(["running", "done", "failed", "held", "stopped", "waiting", "declined"])
    .describe(
      "running: or its process was killed; held: the gate stopped it; stopped: somebody did; waiting: for a word after the canaries; declined: the word was no",
    ),
  startedAt: instant.describe("When it began: ISO 8601, UTC"),
  endedAt: instant.optional().describe("When it ended; left out while it runs"),
  resumedAt: z.array(instant).readonly().describe("When --resume went on with it"),
  tool: z
    .strictObject({
      name: z.string().describe("terraform or tofu"),
      version: z.string().describe("Its version"),
    })
    .describe("What planned and applied"),
  out: z.string().describe("The output folder"),
  config: z.string().optional().describe("The folder of the map"),
  selection: z.array(z.string()).readonly().describe("The words of the command line that chose the stacks"),
  concurrency: count.describe("How many stacks at a time"),
  canary: count.describe("How many canaries were asked for"),
  gate: z
    .strictObject({
      findings: z.array(gateEntry).readonly().describe("What it found, most severe first"),
      open: count.describe("How many of them nobody allows"),
      mistakes: z.array(z.string()).readonly().describe("What is wrong with allowances: it stops the run as well"),
    })
    .optional()
    .describe("What the gate found; left out before it looked"),
  canaries: z
    .strictObject({
      stacks: z.array(z.string()).readonly().describe("Accounts' stacks, in the order in which they were chosen"),
      passed: z.boolean().describe("Whether they were applied and a plan after that was empty"),
    })
    .optional()
    .describe("Those that went first, with --canary"),
  stacks: z.array(stack).readonly().describe("In the order of the run"),
});

export type RunDocument = z.infer<typeof runDocument>;

export function runJsonSchema(): string {
  return jsonSchemaText(runDocument);
}
