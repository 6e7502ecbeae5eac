import { fieldsOf } from "../access/json-parts";
import { isFields } from "../access/stack-reading";
import { changedEntries } from "../continuity/stack-json/changed-entries";
import type { StackDifference } from "../continuity/stack-json/stack-differences";
import { changeIn } from "./compared-change";
import { type ComparedChange, explained } from "./comparer";
import { resourceTypeOf } from "./key-identity";
import type { ReviewContext } from "./review-context";
import type { StackPair } from "./stack-pair";
import { valueWords } from "./words";

/** Tags of resources that both sides have, one change a tag and resource: `sumUp` makes one of all that are alike. */
export function compareTags(pair: StackPair, context: ReviewContext): ComparedChange[] {
  return pair.differences.flatMap((difference): ComparedChange[] => {
    const { address, argument, before, after } = difference;
    if (argument !== "tags" || ![before, after].every((tags) => tags === undefined || isTexts(tags))) return [];
    return changedEntries(before, after).map((tag) =>
      changeIn(
        pair,
        {
          id: "tags-changed",
          address,
          detail: `${tag.name} of ${tagged[resourceTypeOf(address)] ?? resourceTypeOf(address)}`,
          resource: `tag ${tag.name}`,
          what: tagWords(tag.before, tag.after),
          at: [pathOf(difference)],
          explains: [explained(address, "tags")],
        },
        context,
      ),
    );
  });
}

/** What people call what a type makes. */
const tagged: Readonly<Record<string, string>> = {
  aws_cloudformation_stack: "CloudFormation stacks",
  aws_cloudformation_stack_set: "StackSets",
  aws_iam_policy: "consumer policies",
  aws_kms_external_key: "keys",
  aws_kms_key: "keys",
  aws_kms_replica_external_key: "keys",
  aws_kms_replica_key: "keys",
  aws_organizations_policy: "guardrails",
};

/** `becomes "3210", where it was "3200"` */
function tagWords(before: unknown, after: unknown): string {
  const [was, is] = [valueWords(before), valueWords(after)];
  if (after === undefined) return `is gone${was === undefined ? "" : `, where it was ${was}`}`;
  if (before === undefined) return `is added${is === undefined ? "" : ` as ${is}`}`;
  return was === undefined || is === undefined ? "is another" : `becomes ${is}, where it was ${was}`;
}

function isTexts(tags: unknown): boolean {
  return isFields(tags) && Object.values(fieldsOf(tags)).every((value) => typeof value === "string");
}

function pathOf({ beforePath, afterPath }: StackDifference): string {
  return afterPath ?? beforePath ?? "";
}
