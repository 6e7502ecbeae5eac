import { posix } from "node:path";
import { type FilePlace, locateOutputs } from "../report/locate-findings";
import type { ReviewReport } from "../report/review-report";
import type { ReviewChange } from "../review/review";
import type { ReviewOutput } from "../review/review-outputs";
import type { OpenedOutput } from "../terraform/affected/open-output";
import { stackPath } from "../terraform/graph/read-output";

type Sides<Side> = Readonly<Record<"base" | "head", Side>>;

/**
 * The lines behind changes: nothing is read before the first is asked for, and each stack's text once.
 *
 * @param opened where the files are: those of a commit are named as git names them
 */
export function reviewedLines(
  changes: readonly ReviewChange[],
  opened: Sides<Pick<OpenedOutput, "name" | "folder" | "commit">>,
  outputs: Sides<Pick<ReviewOutput, "textOf">>,
): ReviewReport["lineOf"] {
  const located: { [side in "base" | "head"]?: ReturnType<typeof locateOutputs> } = {};
  const locate = (side: "base" | "head"): ReturnType<typeof locateOutputs> => {
    const { name, folder, commit } = opened[side];
    const places = changes
      .flatMap(({ lines }) => lines.filter((line) => line.side === side))
      .map(({ stack, path }) => ({ document: stack, path }));
    return locateOutputs(places, {
      stackText: (stack) => {
        const text = outputs[side].textOf(stack);
        const path = stackPath(folder, stack);
        const file = commit === undefined ? path : `${name}:${posix.relative(folder, path)}`;
        return text === undefined ? undefined : { file, text };
      },
    });
  };
  return ({ side, stack, path }): FilePlace | undefined => {
    located[side] ??= locate(side);
    return located[side]?.get(stack)?.(path);
  };
}
