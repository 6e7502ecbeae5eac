import { z } from "zod";
import { ACCOUNT_ID_PATTERN } from "../../aws/account-id";
import { kmsLimits } from "../../aws/kms-limits";
import { isCalendarDay } from "../../findings/calendar-day";
import { instantOf } from "../../findings/instant";
import { decommissionDays } from "../decommission-days";
import { goOnWith } from "./stand-ins";

/**
 * The values that several files of the map share. A field's `describe` is what editors show, and its `error` the
 * "what is allowed; how to fix" part of the message.
 */

/** `what is allowed; how to fix` for an account id that is no text. */
export function accountIdMessage(given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  return typeof given === "number"
    ? "must be a 12-digit account id in quotes; put it in quotes: YAML reads bare digits as a number and drops leading zeros"
    : 'must be a 12-digit account id in quotes; write it as in "210000000001"';
}

/** A name that becomes part of Terraform addresses, aliases and tags: short, lower case, stable. */
export const nameField = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, {
    error: "must be a name: lower-case letters, digits and hyphens, first a letter, at most 63 characters; rename it",
  })
  .describe("Lower-case letters, digits and hyphens");

/** What an account that has a mistake in its id goes on with; nobody's real id. */
export const UNKNOWN_ACCOUNT_ID = "000000000000";

export const accountIdField = goOnWith(
  z
    .string({ error: (issue) => accountIdMessage(issue.input) })
    .regex(ACCOUNT_ID_PATTERN, { error: "must be exactly 12 digits; copy the id from AWS Organizations" })
    .describe('A 12-digit account id, always in quotes: "210000000001"'),
  UNKNOWN_ACCOUNT_ID,
);

export const regionField = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "must be a Region's name; write it as in us-east-1" })
  .describe("A Region's name, as in us-east-1");

/** `role/NAME` or `user/NAME`, with an IAM path in front of the name where there is one. */
export const localPrincipalField = z
  .string()
  .regex(/^(role|user)\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
    error: "must be role/NAME or user/NAME; write it as in role/KeyAdministrator",
  })
  .describe("role/NAME in each account that owns keys");

export const roleField = z
  .string()
  .regex(/^role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
    error: "must be role/NAME; write it as in role/KeyBreakGlass",
  })
  .describe("role/NAME");

const daysBetween = ({ least, most }: { least: number; most: number }) => ({
  error: ({ input }: { input?: unknown }) =>
    `must be a whole number of days from ${least} to ${most}; ${
      typeof input === "string" ? "write it without quotes" : "choose one in that range or leave the field out"
    }`,
});

export const rotationDaysField = goOnWith(
  z
    .int(daysBetween(kmsLimits.rotationDays))
    .min(kmsLimits.rotationDays.least, daysBetween(kmsLimits.rotationDays))
    .max(kmsLimits.rotationDays.most, daysBetween(kmsLimits.rotationDays))
    .describe(`Automatic rotation period in days, ${kmsLimits.rotationDays.least} to ${kmsLimits.rotationDays.most}`),
  undefined,
);

export const deletionWindowDaysField = goOnWith(
  z
    .int(daysBetween(kmsLimits.deletionWindowDays))
    .min(kmsLimits.deletionWindowDays.least, daysBetween(kmsLimits.deletionWindowDays))
    .max(kmsLimits.deletionWindowDays.most, daysBetween(kmsLimits.deletionWindowDays))
    .describe(
      `Waiting period before a scheduled deletion, in days, ${kmsLimits.deletionWindowDays.least} to ${kmsLimits.deletionWindowDays.most}`,
    ),
  undefined,
);

export const decommissionDaysField = goOnWith(
  z
    .int(daysBetween(decommissionDays))
    .min(decommissionDays.least, daysBetween(decommissionDays))
    .max(decommissionDays.most, daysBetween(decommissionDays))
    .describe(
      `How long a key is disabled before its deletion can be scheduled, in days, ${decommissionDays.least} to ${decommissionDays.most}`,
    ),
  undefined,
);

const mostAliasCharacters = kmsLimits.aliasLength - "alias/".length;

/** `{workload}-{environment}` and the like; what a pattern may name is checked where the key is known. */
const aliasPattern = z
  .string()
  .max(mostAliasCharacters, { error: `must be at most ${mostAliasCharacters} characters; shorten it` })
  .refine((alias) => !alias.startsWith("alias/"), {
    error: "must be an alias without its prefix; drop alias/",
    abort: true,
  })
  .refine((alias) => !alias.startsWith("aws/"), {
    error: "must not start with aws/, which AWS keeps for its own keys; choose another alias",
    abort: true,
  })
  .regex(/^(?!alias\/)[a-zA-Z0-9:/_{}-]+$/, {
    error: "must be letters, digits, / _ - : and {placeholders}; replace the other characters",
  })
  .describe("Alias without alias/, with {workload}, {environment}, {service}, {dataClass}, {zone}");

export const aliasPatternField = goOnWith(aliasPattern.optional(), undefined);

/** An alias in full: what it is named by is one alias and no pattern. */
export const aliasNameField = z
  .string()
  .refine((alias) => !alias.startsWith("alias/"), {
    error: "must be an alias without its prefix; drop alias/",
    abort: true,
  })
  .regex(/^[a-zA-Z0-9:/_-]{1,250}$/, {
    error: "must be one alias in full: letters, digits, / _ - :; write it as in shop-prod",
  })
  .describe("An alias without alias/");

/** The three fields that workloads and data classes have alike. */
export const furtherAliasesField = goOnWith(
  nonEmptyListOf(aliasPattern).optional().describe("Patterns of further aliases, beside the first"),
  undefined,
);

export const dropAliasesField = goOnWith(
  nonEmptyListOf(aliasNameField).optional().describe("Aliases without alias/ that go: nothing resolves them any more"),
  undefined,
);

export const formerlyField = goOnWith(
  nameField.optional().describe("Its name when its keys were made: after a rename they stay what they are"),
  undefined,
);

export const encryptionContextField = goOnWith(
  z
    .record(
      z.string().min(1, { error: "must not be empty; name the key of the pair" }),
      z.string().min(1, { error: "must not be empty; give the pair a value" }),
    )
    .refine((pairs) => Object.keys(pairs).length > 0, {
      error: "must have at least one pair; leave the field out for none",
    })
    .describe("Encryption context that the request has to carry, as key: value"),
  undefined,
);

/** A calendar day. */
const dayMessage = "must be a day of the calendar; write it as in 2027-01-31";

export const dayField = z
  .string({ error: ({ input }) => (input === undefined ? undefined : dayMessage) })
  .refine(isCalendarDay, { error: dayMessage })
  .describe("A day, as in 2027-01-31");

const instantMessage =
  "must be a day, or an instant with its time zone; write it as in 2026-12-01, 2026-12-01T18:00:00Z or 2026-12-01T18:00+01:00";

/** A day, which begins at midnight UTC, or an instant. */
export const instantField = z
  .string({ error: ({ input }) => (input === undefined ? undefined : instantMessage) })
  .refine((text) => instantOf(text) !== undefined, { error: instantMessage })
  .describe("A day, as in 2026-12-01, or an instant with its time zone, as in 2026-12-01T18:00:00Z");

/** How a consumer policy names a key. */
export const consumedBy = ["alias", "arn"] as const;

/** At least one, none twice. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).superRefine((items, context) => {
    const seen = new Set<string>();
    for (const [index, value] of items.entries()) {
      const text = JSON.stringify(value);
      if (seen.has(text))
        context.addIssue({ code: "custom", path: [index], message: "stands in this list twice; drop one" });
      seen.add(text);
    }
  });
}

export function nonEmptyListOf<Item extends z.ZodType>(item: Item) {
  return listOf(item).min(1);
}
