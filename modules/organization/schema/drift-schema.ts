import { z } from "zod";
import { driftIds } from "../../findings/drift-ids";
import { listNames, suggestName } from "../problem";
import { accountIdMessage, dayField, nameField, nonEmptyListOf } from "./fields";
import { goOnWith } from "./stand-ins";

/** `what is wrong; how to fix` for what is no kind of drift. */
function driftMessage(given: unknown): string {
  if (given === undefined) return "is missing; add the id of the drift that is ignored";
  if (given === null) return "is empty; fill in the id of the drift that is ignored";
  if (typeof given !== "string") return "must be the id of one kind of drift; write a rule for each";
  return `is no kind of drift; ${suggestName(given, driftIds, `kinds are ${listNames(driftIds, driftIds.length)}`)}`;
}

const mostReasonCharacters = 1024;

const driftIgnoreSchema = z.strictObject({
  drift: z
    .enum(driftIds, { error: ({ input }) => driftMessage(input) })
    .describe("The kind of drift, by its id as orgkeys drift shows it"),
  accounts: goOnWith(
    nonEmptyListOf(
      z
        .string({ error: ({ input }) => accountIdMessage(input) })
        .regex(/\S/, { error: "must not be empty; name an account" }),
    )
      .optional()
      .describe("Where: names or ids of accounts; all of them by default"),
    undefined,
  ),
  zones: goOnWith(
    nonEmptyListOf(z.string().regex(/\S/, { error: "must not be empty; name a zone" }))
      .optional()
      .describe("Where: names of zones; all of them by default"),
    undefined,
  ),
  resource: goOnWith(
    z
      .string()
      .regex(/^\S(.*\S)?$/, {
        error: "must be one line without blanks around it; copy it from the finding",
      })
      .refine((resource) => !/^\*+$/.test(resource), {
        error: "must say which; leave the field out for every resource",
      })
      .optional()
      .describe("What: the finding's resource, with * and ? as wildcards, as in alias/legacy-*; all by default"),
    undefined,
  ),
  critical: goOnWith(
    z
      .boolean()
      .optional()
      .describe("Whether it also ignores what is critical by what it means; with accounts and one resource alone"),
    undefined,
  ),
  owner: goOnWith(
    z
      .string()
      .regex(/\S/, { error: "must not be empty; name the team" })
      .describe("The team that answers for the drift"),
    "unknown",
  ),
  reason: goOnWith(
    z
      .string()
      .regex(/^\s*\S+\s+\S+\s+\S/, { error: "must be a few words at least; say why this drift can stay" })
      .max(mostReasonCharacters, {
        error: `must be at most ${mostReasonCharacters.toLocaleString("en-US")} characters; shorten it`,
      })
      .describe("Why it can stay until then, for whoever reviews it"),
    "unknown for now",
  ),
  expires: goOnWith(
    dayField.describe("The first day on which it no longer holds, as in 2027-01-31; none holds for ever"),
    "9999-12-31",
  ),
});

export const driftSchema = z.record(nameField, driftIgnoreSchema);

export type DriftIgnoreFile = z.infer<typeof driftIgnoreSchema>;
