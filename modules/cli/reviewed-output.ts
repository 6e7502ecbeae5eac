import type { ReviewOutput } from "../review/review-outputs";
import type { OpenedOutput } from "../terraform/affected/open-output";
import { comparedFolder, type StackFiles } from "../terraform/affected/stack-files";
import { sha256 } from "../terraform/run/sha256";

/**
 * One side of a review, each file read when it is asked for.
 *
 * @param stacks as the folder's manifest has them
 */
export function reviewedOutput({ name, commit, folder }: OpenedOutput, stacks: readonly string[]): ReviewOutput {
  const output = comparedFolder(folder, stacks);
  // Whoever asks for a stack's text asks for what stands beside it next.
  let last: { readonly stack: string; readonly files: StackFiles } | undefined;
  const filesOf = (stack: string): StackFiles => {
    if (last?.stack !== stack) last = { stack, files: output.filesOf(stack) };
    return last.files;
  };
  return {
    name,
    commit,
    stacks,
    textOf: (stack) => filesOf(stack).json?.toString("utf8"),
    besideOf: (stack) =>
      new Map([...filesOf(stack).others].map(([file, bytes]) => [file, sha256(bytes.toString("latin1"))])),
  };
}
