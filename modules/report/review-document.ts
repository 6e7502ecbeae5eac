import { z } from "zod";
import { severities } from "../findings/finding";
import { failReasons } from "../review/fail-on";
import { reviewIds } from "../review/review-ids";
import { jsonSchemaText } from "./json-schema-text";
import { severityCounts } from "./severity-counts";

/** What `orgkeys review --format json` prints. Fields are only ever added under the same name of the schema. */
export const REVIEW_SCHEMA = "orgkeys/review/v1";

const count = z.int().min(0);

const side = z.strictObject({
  name: z.string().describe("As it was written on the command line"),
  commit: z.string().nullable().describe("The commit's hash; null for a folder"),
  isMergeBase: z.boolean().describe("Whether the commit is where BASE and HEAD parted"),
  from: z
    .enum(["folder", "committed", "synthesized", "run"])
    .describe(
      "Where the stacks are from: a folder, the output in the commit, a synthesis of the commit, a run's plans",
    ),
  code: z
    .enum(["same", "other", "none"])
    .nullable()
    .describe("Of a commit that was synthesized: whether its orgkeys is the one that ran; none: it has no orgkeys"),
  byOwnCode: z.boolean().describe("Whether the commit's own code made its stacks; otherwise the one that ran did"),
  zones: z.enum(["own", "head"]).describe("By whose map accounts are in zones: that of this side, or that of HEAD"),
  stacks: count.describe("How many stacks there are"),
  keys: count.describe("How many keys, without replicas"),
  replicas: count.describe("How many replicas"),
});

const place = z
  .strictObject({
    organization: z.string().nullable().describe("The organization's name in the map"),
    account: z.string().nullable().describe("The account's name in the map"),
    accountId: z.string().nullable().describe("Its id"),
    partition: z.string().nullable().describe("As in ARNs: aws, aws-us-gov, aws-cn"),
    zone: z.string().nullable().describe("The zone; null where nobody can tell"),
    regions: z.array(z.string()).describe("The Regions that have the same change"),
    stack: z.string().describe("The stack"),
    address: z.string().nullable().describe("The Terraform address of the first Region; null for the stack as a whole"),
    resource: z.string().describe("What people call it, as in alias/payments-prod"),
  })
  .describe("What it is about");

const access = z.strictObject({
  effect: z.enum(["gains", "loses"]).describe("From BASE to HEAD"),
  who: z.string().describe("An ARN, an account, a service's name, or anybody"),
  whom: z.string().describe("The same in the map's words, as in role/payments-batch in payments-prod"),
  actions: z.array(z.string()).describe("As in kms:Decrypt; a pattern where no action is known that it means"),
  key: z.string().describe("The key's alias; of a policy that names keys by a pattern, the pattern"),
  zone: z.string().nullable().describe("The key's zone; null where nobody can tell"),
  regions: z.array(z.string()).describe("The Regions that it is in"),
  through: z.string().describe("The statement or the grant that does it"),
  outside: z.string().nullable().describe("Who of them is outside the zone, or may be; null when nobody is"),
  half: z
    .enum(["key", "identity"])
    .describe(
      "key: the key policy or a grant; identity: a policy of the account that uses it. Across accounts it takes both",
    ),
  until: z.string().nullable().describe("The day on which a grant is left out"),
  conditions: z.array(z.string()).describe("What has to hold besides, in words"),
});

const line = z.strictObject({
  side: z.enum(["base", "head"]).describe("On which side"),
  stack: z.string().describe("The stack's name there"),
  path: z.string().describe("A JSON pointer into its cdk.tf.json"),
  file: z.string().nullable().describe("The file; null where there is none to open"),
  line: z.int().min(1).nullable().describe("Its line there"),
});

const change = z.strictObject({
  id: z.enum(reviewIds).describe("What kind of change it is"),
  risk: z.enum(severities).describe("How much may go wrong by it"),
  place,
  detail: z.string().describe("Tells apart changes of one kind at one place; may be empty"),
  what: z.string().describe("What it means, as a clause on the place"),
  whatToDo: z.string().describe("What to make sure of before it is merged; empty where nothing is asked"),
  access: z.array(access).describe("Who gains or loses what by it"),
  lines: z.array(line).describe("Where it stands in the JSON"),
});

/** The document as a schema: reports are typed by it, tests hold them against it, and the documentation is made of it. */
export const reviewDocument = z.strictObject({
  schema: z.literal(REVIEW_SCHEMA).describe(`Always ${REVIEW_SCHEMA}`),
  base: side.describe("Before the change"),
  head: side.describe("After the change"),
  today: z.string().nullable().describe("The day that was given, as in 2027-01-31; null: nothing has ended"),
  verdict: z
    .strictObject({
      level: z
        .enum(["none", "harmless", "look", "stop"])
        .describe("none: nothing means anything else; harmless: nobody's access and no key; look: read it; stop: ask"),
      line: z.string().describe("The same in a line"),
    })
    .describe("What to make of it"),
  failOn: z
    .array(
      z.strictObject({
        reason: z.enum(failReasons).describe("As --fail-on names it"),
        why: z.string().describe("What it means"),
        of: z.array(z.string()).describe("What it holds for"),
      }),
    )
    .describe("What --fail-on stops at; empty when nothing is, or nothing was asked"),
  summary: z
    .strictObject({
      changes: count.describe("How many changes there are below"),
      byRisk: severityCounts.describe("The same changes by risk"),
    })
    .describe("How much of everything"),
  changes: z.array(change).describe("What means something else, most risky first"),
  zones: z
    .array(
      z.strictObject({
        zone: z.string().describe("Its name"),
        stacks: count.describe("Stacks of it in which something means something else"),
        changes: count.describe("How many changes"),
        wall: z.boolean().describe("Whether what keeps the zone apart is another"),
      }),
    )
    .describe("Zones that are touched, by name"),
  cost: z
    .strictObject({
      before: z.number().describe("Before the change"),
      after: z.number().describe("After it"),
      unpriced: z
        .strictObject({ before: count.describe("Before the change"), after: count.describe("After it") })
        .describe("Keys and replicas whose price is not known, as in GovCloud: they are in neither sum"),
    })
    .describe("US dollars a month, without requests unless the map gives rates"),
  sameMeaning: z.array(z.string()).describe("Stacks that differ in bytes and in nothing that they mean"),
});

export type ReviewDocument = z.infer<typeof reviewDocument>;

export function reviewJsonSchema(): string {
  return jsonSchemaText(reviewDocument);
}
