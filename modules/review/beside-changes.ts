import { uniqueNames } from "../aws/name-order";
import { changeIn } from "./compared-change";
import type { ComparedChange } from "./comparer";
import type { ReviewContext } from "./review-context";
import type { ReviewOutput } from "./review-output";
import { remaining, type StackPair } from "./stack-pair";
import { stackWords } from "./stack-words";

/** Written by `terraform init` wherever it runs, whether it is kept under version control or not. */
const LOCK_FILE = ".terraform.lock.hcl";

/** Whether a file is another, by what tells contents apart. A lock file that one side has not says nothing: it may never have been made there. */
export function isOtherBeside(file: string, was: string | undefined, is: string | undefined): boolean {
  return was !== is && (file !== LOCK_FILE || (was !== undefined && is !== undefined));
}

function lockChange(pair: StackPair, context: ReviewContext): ComparedChange {
  return changeIn(
    pair,
    {
      id: "other-changed",
      risk: "medium",
      detail: LOCK_FILE,
      resource: stackWords(remaining(pair)),
      what: `has other providers chosen in ${LOCK_FILE}: their versions, or what they must be to the byte`,
      whatToDo: "make sure that terraform init has written it",
    },
    context,
  );
}

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
    if (!isOtherBeside(file, was, is)) return [];
    if (file === LOCK_FILE) return [lockChange(pair, context)];
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
