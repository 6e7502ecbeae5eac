import { z } from "zod";
import { kmsLimits } from "../../aws/kms-limits";
import { goOnWith } from "./stand-ins";

/** The tags that every key gets from its place in the map, sorted. */
export const ownTagNames = ["DataClass", "Environment", "ManagedBy", "Owner", "Workload", "Zone"] as const;

const mostTags = kmsLimits.tagsPerKey - ownTagNames.length;

const tagNameField = z
  .string()
  .min(1, { error: "must not be empty; name the tag", abort: true })
  .max(kmsLimits.tagKeyLength, { error: `must be at most ${kmsLimits.tagKeyLength} characters; shorten it` })
  .refine((name) => !name.toLowerCase().startsWith("aws:"), {
    error: "must not start with aws:, which AWS keeps for its own tags; choose another name",
    abort: true,
  })
  // IAM takes no two tags that differ in case alone, and consumer policies carry some of the same ones.
  .refine((name) => !ownTagNames.some((own) => own.toLowerCase() === name.toLowerCase()), {
    error: `must not be one of ${ownTagNames.join(", ")}; leave it out: every key gets these from its place in the map`,
    abort: true,
  })
  .regex(/^(?!aws:)[\p{L}\p{N} _.:/=+@-]+$/u, {
    error: "must be letters, digits, blanks and _ . : / = + @ -; replace the other characters",
  });

const tagValueField = z
  .string()
  .max(kmsLimits.tagValueLength, { error: `must be at most ${kmsLimits.tagValueLength} characters; shorten it` })
  .regex(/^[\p{L}\p{N} _.:/=+@-]*$/u, {
    error: "must be letters, digits, blanks and _ . : / = + @ -; replace the other characters",
  });

/** Tags as AWS takes them. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tagsField = goOnWith(
  z
    .record(tagNameField, tagValueField)
    .refine((tags) => Object.keys(tags).length <= mostTags, {
      error: `must have at most ${mostTags} tags; drop some: AWS KMS takes ${kmsLimits.tagsPerKey}, and ${ownTagNames.length} of them are set already`,
    })
    .describe("Extra tags on every key"),
  undefined,
);
