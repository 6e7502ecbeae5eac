import { z } from "zod";
import { driftIds } from "../findings/drift-ids";
import { severities } from "../findings/finding";
import { jsonSchemaText } from "./json-schema-text";
import { severityCounts } from "./severity-counts";

/** What `orgkeys drift --format json` prints. Fields are only ever added under the same name of the schema. */
export const DRIFT_SCHEMA = "orgkeys/drift/v1";

const count = z.int().min(0);
const severity = z.enum(severities).describe("How bad it is here");
const id = z.enum(driftIds).describe("The kind of drift, which a rule of drift.yaml names");
const fingerprint = z
  .string()
  .describe("The same for as long as the drift is the same; who gains or loses access by it is part of it");

const place = z
  .strictObject({
    account: z.string().describe("The account's name in the map"),
    accountId: z.string().describe("Its id"),
    partition: z.string().describe("As in ARNs: aws, aws-us-gov, aws-cn"),
    zone: z.string().describe("The zone of the account"),
    region: z.string().nullable().describe("Null for what is in no Region"),
    stack: z.string().nullable().describe("The stack that says what it has to be; null for what no stack has"),
    address: z.string().nullable().describe("The Terraform address there; null for what no stack has"),
    resource: z.string().describe("What it is to people, as in alias/payments-prod: a rule of drift.yaml matches it"),
  })
  .describe("Where in AWS it is");

const access = z.strictObject({
  effect: z.enum(["gains", "loses"]).describe("Compared with what was reviewed"),
  who: z.string().describe("An ARN, an account, a service's name, or anybody"),
  actions: z.array(z.string()).describe("As in kms:Decrypt; a pattern where no action is known that it means"),
  through: z.string().describe("The statement or the grant that does it"),
  outside: z.string().nullable().describe("Who of them is outside the zone, or may be; null when nobody is"),
});

const finding = z.strictObject({
  id,
  severity,
  where: z.string().describe("What it is about"),
  why: z.string().describe("What is, and what was reviewed"),
  whatToDo: z.string().describe("The next step, as an instruction"),
  commands: z.array(z.string()).describe("Shell commands of the next step, in their order"),
  place,
  detail: z.array(z.string()).describe("What exactly, within the resource"),
  access: z.array(access).describe("Who gains or loses what by it"),
  fingerprint,
  terraform: z.string().nullable().describe("What Terraform's own refresh says of it; null where it says nothing"),
});

const known = z.strictObject({
  id,
  severity,
  where: z.string().describe("What it is about"),
  account: z.string().describe("The account's name in the map"),
  accountId: z.string().describe("Its id"),
  region: z.string().nullable().describe("Null for what is in no Region"),
  stack: z.string().nullable().describe("The stack that says what it has to be; null for what no stack has"),
  fingerprint,
});

const rule = z
  .strictObject({
    name: z.string().describe("Its name in drift.yaml"),
    drift: id,
    owner: z.string().describe("Who answers for it"),
    reason: z.string().describe("Why it can stay"),
    expires: z.string().describe("The day from which the rule no longer holds"),
  })
  .describe("The rule of drift.yaml");

const covered = z.strictObject({
  managed: count.describe("How many reviewed JSON has"),
  total: count.describe("How many there are in what was read"),
});

const coverage = z
  .strictObject({
    keys: covered.describe("Customer managed keys and replicas"),
    aliases: covered.describe("Aliases, without those of AWS"),
    grants: covered.describe("Grants, without those that AWS services made"),
    serviceGrants: count.describe("Grants that AWS services made for themselves"),
  })
  .describe("How much of what is in AWS reviewed JSON has");

const account = z.strictObject({
  account: z.string().describe("Its name in the map"),
  accountId: z.string().describe("Its id"),
  organization: z.string().describe("The organization's name in the map"),
  zone: z.string().describe("Its zone"),
  stacks: z.array(z.string()).describe("The synthesized stacks that were held against it"),
  regions: z.array(z.string()).describe("The Regions that were read"),
  status: z
    .enum(["read", "partly", "unread", "inactive"])
    .describe("read: everything; partly: see unread; unread: nothing; inactive: by the map, and not asked"),
  unread: z
    .array(
      z.strictObject({
        what: z.string().describe("What could not be read"),
        region: z.string().nullable().describe("Null for what is in no Region"),
        unread: z.string().describe("Why not"),
        whatToDo: z.string().describe("The next step, as an instruction"),
      }),
    )
    .describe("What nobody has checked: it is not clean"),
  coverage,
});

/** The document as a schema: reports are typed by it, tests hold them against it, and the documentation is made of it. */
export const driftDocument = z.strictObject({
  schema: z.literal(DRIFT_SCHEMA).describe(`Always ${DRIFT_SCHEMA}`),
  output: z.string().describe("The folder with the reviewed JSON"),
  today: z.string().describe("The day, as in 2027-01-31"),
  startedAt: z.string().describe("When the reading began: ISO 8601, UTC"),
  engine: z.enum(["aws", "terraform"]).describe("terraform: Terraform was asked as well"),
  summary: z
    .strictObject({
      findings: count.describe("How many findings there are below"),
      bySeverity: severityCounts.describe("The same findings by severity"),
      ignored: count.describe("How many findings rules of drift.yaml ignore"),
      belowSeverity: count.describe("How many findings --severity leaves out"),
      known: count.describe("How many findings the report of --since has as well"),
      gone: count.describe("How many findings of that report, on what was read again, are no more"),
      accounts: z
        .strictObject({
          read: count.describe("Of how many everything was read"),
          partly: count.describe("Of how many a part was not"),
          unread: count.describe("Of how many nothing was read"),
          inactive: count.describe("How many the map calls suspended or pending"),
        })
        .describe("How many accounts there are below"),
      coverage,
      calls: count.describe("Calls of AWS's interfaces, retries included"),
    })
    .describe("How much of everything"),
  findings: z.array(finding).describe("What is not as reviewed, most severe first"),
  known: z.array(known).describe("What the report of --since has as well: the next --since knows it by this"),
  ignored: z.array(z.strictObject({ finding, rule })).describe("What a rule of drift.yaml ignores"),
  idleRules: z
    .array(rule.extend({ expired: z.boolean().describe("Past its day; otherwise nothing matches it") }))
    .describe("Rules of drift.yaml that can go"),
  accounts: z.array(account).describe("What was read, in the order of the map"),
});

export type DriftDocument = z.infer<typeof driftDocument>;

export function driftJsonSchema(): string {
  return jsonSchemaText(driftDocument);
}
