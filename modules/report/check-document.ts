import { z } from "zod";
import { severities } from "../findings/finding";
import { jsonSchemaText } from "./json-schema-text";
import { severityCounts } from "./severity-counts";

/** What `orgkeys check --format json` prints. Fields are only ever added under the same name of the schema. */
export const CHECK_SCHEMA = "orgkeys/check/v1";

const severity = z.enum(severities).describe("How bad it is");
const count = z.int().min(0);
const line = z.int().min(1).describe("From 1");
const column = z.int().min(1).describe("From 1, in UTF-16 code units");

const outputPlace = z
  .strictObject({
    file: z.string().describe("The stack's cdk.tf.json: below the working directory, or its whole path"),
    line,
    column,
    stack: z.string().describe("The stack's name"),
    pointer: z.string().describe("JSON pointer into the file; the line is its nearest parent's when it is not there"),
  })
  .nullable()
  .describe("The place in the synthesized JSON; null for what is wrong in the map alone");

const mapPlaces = z
  .array(
    z.strictObject({
      file: z.string().describe("A file of the map: below the working directory, or its whole path"),
      line,
      column,
      path: z.string().describe("The path inside the file, as in payments.environments.prod"),
    }),
  )
  .describe("The places of the map behind it");

const finding = z.strictObject({
  id: z.string().describe("The check's id, which an exception names"),
  severity,
  where: z.string().describe("What it is about: an exception's subject repeats it word by word"),
  why: z.string().describe("What is wrong, with the values found"),
  whatToDo: z.string().describe("The next step, as an instruction"),
  output: outputPlace,
  map: mapPlaces,
});

const exception = z
  .strictObject({
    name: z.string().describe("Its name in exceptions.yaml"),
    owner: z.string().describe("Who answers for it"),
    reason: z.string().describe("Why it is accepted"),
    expires: z.string().describe("The day from which it no longer holds"),
  })
  .describe("The exception that accepts it");

const check = z.strictObject({
  id: z.string().describe("The check's id"),
  kind: z.enum(["proof", "hygiene"]).describe("proof: part of the zone proof; hygiene: everything else"),
  severity,
  requirement: z.string().describe("What has to hold"),
  reason: z.string().describe("Why"),
  fix: z.string().describe("How to mend it, where a finding says nothing of its own"),
});

const summary = z.strictObject({
  findings: count.describe("How many findings there are below; accepted ones are not among them"),
  bySeverity: severityCounts.describe("The same findings by severity"),
  accepted: count.describe("How many are accepted"),
  notSelected: count.describe("How many findings --zone, --ou and --account leave out"),
  belowSeverity: count.describe("How many findings --severity leaves out"),
  stacks: count.describe("Stacks read: all of the output, whatever is selected"),
  keys: count.describe("Keys and replicas looked at"),
  zones: z
    .array(
      z.strictObject({
        zone: z.string().describe("The zone's name"),
        accounts: count.describe("Accounts that are in it now"),
        keys: count.describe("Keys and replicas looked at in these accounts"),
      }),
    )
    .describe("Every zone of the map"),
});

/** The document as a schema: reports are typed by it, tests hold them against it, and the documentation is made of it. */
export const checkDocument = z.strictObject({
  schema: z.literal(CHECK_SCHEMA).describe(`Always ${CHECK_SCHEMA}`),
  output: z.string().describe("The folder that was checked"),
  today: z.string().describe("The day of the check, as in 2027-01-31"),
  proof: z
    .enum(["holds", "accepted", "breached"])
    .describe("Whether the zone proof holds for the whole output; accepted: but for what exceptions accept"),
  summary: summary.describe("How much of everything"),
  checks: z.array(check).describe("Every check that ran"),
  findings: z.array(finding).describe("What was found and nobody has accepted, most severe first"),
  accepted: z.array(z.strictObject({ finding, exception })).describe("What an exception accepts"),
  missingStacks: z.array(z.string()).describe("Stacks of the map that the output does not have: not checked"),
  leftOverStacks: z.array(z.string()).describe("Stacks of the output that the map no longer asks for"),
});

export type CheckDocument = z.infer<typeof checkDocument>;

export function checkJsonSchema(): string {
  return jsonSchemaText(checkDocument);
}
