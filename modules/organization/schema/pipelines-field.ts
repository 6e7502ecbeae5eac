import { z } from "zod";
import { sessionTagLimits } from "../../aws/session-tag-limits";
import { nonEmptyListOf } from "./fields";
import { goOnWith } from "./stand-ins";

/** One role of one account: what runs a pipeline is in no account that goes without saying. */
const pipelinePrincipalField = z
  .string()
  .regex(/^([a-z][a-z0-9-]{0,62}:|arn:[a-z-]+:iam::\d{12}:)role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
    error:
      "must be ACCOUNT:role/NAME or a role's ARN; write it as in key-management:role/Pipeline: no whole account, no user",
  })
  .describe("ACCOUNT:role/NAME, of an account of the zone");

const characters = "must be letters, digits, blanks and _ . : / = + - @; replace the other characters";

const sessionTagNameField = z
  .string()
  .min(1, { error: "must not be empty; name the tag", abort: true })
  .max(sessionTagLimits.keyLength, { error: `must be at most ${sessionTagLimits.keyLength} characters; shorten it` })
  .refine((name) => !name.toLowerCase().startsWith("aws:"), {
    error: "must not start with aws:, which AWS keeps for its own tags; choose another name",
    abort: true,
  })
  .regex(/^[\p{L}\p{N} _.:/=+@-]+$/u, { error: characters });

const sessionTagValueField = z
  .string()
  .min(1, { error: "must not be empty; say which value the session has to bring" })
  .max(sessionTagLimits.valueLength, {
    error: `must be at most ${sessionTagLimits.valueLength} characters; shorten it`,
  })
  .regex(/^[\p{L}\p{N} _.:/=+@-]*$/u, { error: characters });

/** Who may assume the zone's deploy and audit roles. */
export const pipelinesField = goOnWith(
  z
    .strictObject({
      deploy: nonEmptyListOf(pipelinePrincipalField).describe(
        "Roles that may assume the deploy role: they run Terraform",
      ),
      audit: nonEmptyListOf(pipelinePrincipalField).describe("Roles that may assume the audit role: they only read"),
      sessionTags: z
        .record(sessionTagNameField, sessionTagValueField)
        .refine((tags) => Object.keys(tags).length > 0, {
          error: "must have at least one tag; leave the field out for none",
        })
        .refine((tags) => Object.keys(tags).length <= sessionTagLimits.tags, {
          error: `must have at most ${sessionTagLimits.tags} tags; drop some: AWS STS takes no more`,
        })
        .refine(
          (tags) => new Set(Object.keys(tags).map((name) => name.toLowerCase())).size === Object.keys(tags).length,
          {
            error: "must not have two tags that differ in case alone; drop one: AWS STS takes them for the same",
          },
        )
        .optional()
        .describe("Session tags that they have to bring along, as key: value"),
    })
    .describe("Who may assume the zone's deploy and audit roles: access-roles brings them to every account"),
  undefined,
);

export type PipelinesFile = z.infer<typeof pipelinesField>;
