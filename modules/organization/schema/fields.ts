import { z } from "zod";
import { ACCOUNT_ID_PATTERN } from "../../aws/account-id";
import { kmsLimits } from "../../aws/kms-limits";

/**
 * The values that several files of the map share. A field's `describe` is what editors show, and its `error` the
 * "what is allowed; how to fix" part of the message.
 */

/** A name that becomes part of Terraform addresses, aliases and tags: short, lower case, stable. */
export const nameField = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, {
    error: "must be a name: lower-case letters, digits and hyphens, first a letter, at most 63 characters",
  })
  .describe("Lower-case letters, digits and hyphens");

export const accountIdField = z
  .string({
    error: (issue) =>
      typeof issue.input === "number"
        ? 'must be text, but is a bare number (YAML drops leading zeros and may read it as octal); write it in quotes, as in "210000000001"'
        : 'must be a 12-digit account id in quotes, as in "210000000001"',
  })
  .regex(ACCOUNT_ID_PATTERN, { error: "must be exactly 12 digits; copy it from AWS Organizations" })
  .describe('A 12-digit account id, always in quotes: "210000000001"');

export const regionField = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "must be a Region's name, as in us-east-1" })
  .describe("A Region's name, as in us-east-1");

/** `role/NAME` or `user/NAME`, with an IAM path in front of the name where there is one. */
export const localPrincipalField = z
  .string()
  .regex(/^(role|user)\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
    error: "must be role/NAME (or user/NAME); a path goes before the name, as in role/service/api",
  })
  .describe("role/NAME in each account that owns keys");

export const roleField = z
  .string()
  .regex(/^role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
    error: "must be role/NAME; a path goes before the name, as in role/service/api",
  })
  .describe("role/NAME");

export const rotationDaysField = z
  .int({ error: "must be a whole number of days" })
  .min(kmsLimits.rotationDays.least, { error: rotationMessage() })
  .max(kmsLimits.rotationDays.most, { error: rotationMessage() })
  .describe(`Automatic rotation period in days, ${kmsLimits.rotationDays.least} to ${kmsLimits.rotationDays.most}`);

function rotationMessage(): string {
  const { least, most } = kmsLimits.rotationDays;
  return `must be ${least} to ${most} days; choose a period in that range or leave it out for the data class's`;
}

export const deletionWindowDaysField = z
  .int({ error: "must be a whole number of days" })
  .min(kmsLimits.deletionWindowDays.least, { error: deletionWindowMessage() })
  .max(kmsLimits.deletionWindowDays.most, { error: deletionWindowMessage() })
  .describe(
    `Waiting period before a scheduled deletion, in days, ${kmsLimits.deletionWindowDays.least} to ${kmsLimits.deletionWindowDays.most}`,
  );

function deletionWindowMessage(): string {
  const { least, most } = kmsLimits.deletionWindowDays;
  return `must be ${least} to ${most} days; choose a window in that range or leave it out for ${most}`;
}

/** Tags as AWS takes them. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tagsField = z
  .record(
    z
      .string()
      .max(kmsLimits.tagKeyLength, { error: `must be at most ${kmsLimits.tagKeyLength} characters` })
      .regex(/^(?!aws:)[\p{L}\p{N} _.:/=+@-]+$/u, {
        error: "must be a tag name: letters, digits, spaces and _ . : / = + @ -, not starting with aws:",
      }),
    z
      .string({ error: 'must be text; put numbers and true/false in quotes, as in "42"' })
      .max(kmsLimits.tagValueLength, { error: `must be at most ${kmsLimits.tagValueLength} characters` })
      .regex(/^[\p{L}\p{N} _.:/=+@-]*$/u, { error: "must be letters, digits, spaces and _ . : / = + @ -" }),
  )
  .describe("Extra tags on every key");

/** `{workload}-{environment}` and the like; what a pattern may name is checked where the key is known. */
export const aliasPatternField = z
  .string()
  .regex(/^(?!alias\/)[a-zA-Z0-9:/_{}-]+$/, {
    error: "must be an alias without the prefix alias/: letters, digits, / _ - : and {placeholders}",
  })
  .refine((alias) => !alias.startsWith("aws/"), { error: "must not start with aws/: AWS keeps those for its own keys" })
  .describe("Alias without alias/, with {workload}, {environment}, {service}, {dataClass}, {zone}");

export const encryptionContextField = z
  .record(
    z.string().min(1),
    z.string({ error: 'must be text; put numbers and true/false in quotes, as in "42"' }).min(1),
  )
  .refine((pairs) => Object.keys(pairs).length > 0, { error: "must have at least one pair; leave it out for none" })
  .describe("Encryption context that the request has to carry, as key: value");

/** A calendar day. */
export const dayField = z
  .string({ error: "must be a day, as in 2027-01-31" })
  .refine(isCalendarDay, { error: "must be a day of the calendar, as in 2027-01-31" })
  .describe("A day, as in 2027-01-31");

export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** At least one, none twice. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).superRefine((items, context) => {
    const seen = new Set<string>();
    for (const [index, value] of items.entries()) {
      const text = JSON.stringify(value);
      if (seen.has(text)) context.addIssue({ code: "custom", path: [index], message: "stands here twice; drop one" });
      seen.add(text);
    }
  });
}

export function nonEmptyListOf<Item extends z.ZodType>(item: Item) {
  return listOf(item).refine((items) => items.length > 0, { error: "must have at least one entry" });
}
