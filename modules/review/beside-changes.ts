import { uniqueNames } from "../aws/name-order";
import { changeIn } from "./compared-change";
import type { ComparedChange } from "./comparer";
import type { ReviewContext } from "./review-context";
import type { ReviewOutput } from "./review-output";
import { remaining, type StackPair } from "./stack-pair";
import { stackWords } from "./stack-words";

/** Other files that Terraform loads with a stack: an override could say anything. */
export function besideChanges(
  pair: StackPair,
  base: ReviewOutput,
  head: ReviewOutput,
  context: ReviewContext,
): ComparedChange[] {
  const filesOf = (output: ReviewOutput, name: string | undefined): ReadonlyMap<string, string> =>
    (name === undefined ? undefined : output.besideOf?.(name)) ?? new Map();
  const [old, fresh] = [filesOf(base, pair.before?.name), filesOf(head, pair.after?.name)];
  return uniqueNames([...old.keys(), ...fresh.keys()]).flatMap((file): ComparedChange[] => {
    const [was, is] = [old.get(file), fresh.get(file)];
    if (was === is) return [];
    const how = was === undefined ? "is added" : is === undefined ? "is removed" : "is another";
    return [
      changeIn(
        pair,
        {
          id: "other-changed",
          // What it said before it went, nobody can do by it.
          ...(is === undefined ? {} : { risk: "critical" }),
          detail: file,
          resource: stackWords(remaining(pair)),
          what: `file ${file} ${how}, which Terraform loads with the stack`,
          whatToDo: "read it: it can change anything of the stack",
        },
        context,
      ),
    ];
  });
}
