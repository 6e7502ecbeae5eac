import { posix } from "node:path";
import { type FilePlace, locateOutputs } from "../report/locate-findings";
import type { ReviewReport } from "../report/review-report";
import type { ReviewChange } from "../review/review";
import type { ReviewOutput } from "../review/review-outputs";
import type { OpenedOutput } from "../terraform/affected/open-output";
import { stackPath } from "../terraform/graph/read-output";

type Sides<Side> = Readonly<Record<"base" | "head", Side>>;

/** What people call the file of a stack, by side. */
export type FileNames = Sides<(stack: string) => string>;

/** Files on disk by their paths; those of a commit as git names them, below the output. */
export function fileNames({ name, folder, commit }: OpenedOutput): (stack: string) => string {
  return (stack) => {
    const path = stackPath(folder, stack);
    return commit === undefined ? path : `${name}:${posix.relative(folder, path)}`;
  };
}

/** The lines behind changes: nothing is read before the first is asked for, and each stack's text once. */
export function reviewedLines(
  changes: readonly ReviewChange[],
  outputs: Sides<Pick<ReviewOutput, "textOf">>,
  fileOf: FileNames,
): ReviewReport["lineOf"] {
  const located: { [side in "base" | "head"]?: ReturnType<typeof locateOutputs> } = {};
  const locate = (side: "base" | "head"): ReturnType<typeof locateOutputs> => {
    const places = changes
      .flatMap(({ lines }) => lines.filter((line) => line.side === side))
      .map(({ stack, path }) => ({ document: stack, path }));
    return locateOutputs(places, {
      stackText: (stack) => {
        const text = outputs[side].textOf(stack);
        return text === undefined ? undefined : { file: fileOf[side](stack), text };
      },
    });
  };
  return ({ side, stack, path }): FilePlace | undefined => {
    located[side] ??= locate(side);
    return located[side]?.get(stack)?.(path);
  };
}
