import { uniqueNames } from "../../aws/name-order";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyPair } from "../match/match-keys";
import { keyPlace } from "./key-place";

/**
 * Tags, and the description, which decide nothing in AWS itself; but people, bills and other people's policies go by them.
 *
 * Those that begin with `aws:` are AWS's own, and nobody can edit them: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
export function compareTags({ reviewed, live }: KeyPair, context: DriftContext): Drift[] {
  const { tags } = live;
  if ("unread" in tags) return [];
  const names = uniqueNames([...Object.keys(reviewed.tags), ...Object.keys(tags.value)]).filter(
    (name) => !name.startsWith("aws:") && reviewed.tags[name] !== tags.value[name],
  );
  if (names.length === 0) return [];
  const words = names.map((name) => `${name} is ${textOf(tags.value[name])}, reviewed ${textOf(reviewed.tags[name])}`);
  return [
    {
      id: "tags-changed",
      place: keyPlace(reviewed, context),
      detail: names.map((name) => `tag ${name}`),
      why: `${names.length === 1 ? "a tag differs" : `${names.length} tags differ`}: ${words.join("; ")}`,
      subject: { reviewedKey: reviewed, key: live },
    },
  ];
}

export function compareDescription({ reviewed, live }: KeyPair, context: DriftContext): Drift[] {
  if (live.description === reviewed.description) return [];
  return [
    {
      id: "description-changed",
      place: keyPlace(reviewed, context),
      detail: [],
      why: `the description is ${textOf(live.description)}, reviewed is ${textOf(reviewed.description)}`,
      subject: { reviewedKey: reviewed, key: live },
    },
  ];
}

function textOf(value: string | undefined): string {
  return value === undefined ? "not there" : JSON.stringify(value);
}
