import { statSync } from "node:fs";
import { git } from "../terraform/affected/git";

/** Where a review to lay over the page comes from: a file that `orgkeys review` has written, or what is compared with the output. */
export type ReviewSource =
  | { readonly file: string; readonly notes: readonly string[] }
  | { readonly base: string }
  | { readonly problem: string };

/**
 * Tells a file from what `orgkeys review` takes as BASE. Whatever there is on disk goes before a commit of that name, as it does
 * for `orgkeys review`. A name ending in `.json` is never taken for a commit: who mistypes a file should not wait for another
 * comparison than they asked for.
 */
export function reviewSourceOf(name: string): ReviewSource {
  const found = statSync(name, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return { base: name };
  if (found?.isFile() === true) {
    const commit = git(
      process.cwd(),
      ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`],
      process.env,
    );
    const notes =
      "text" in commit ? [`${name} is a file and a commit: the file is read; refs/heads/${name} is the branch.`] : [];
    return { file: name, notes };
  }
  if (found !== undefined) return { problem: "is neither a file, nor a folder, nor a commit" };
  if (name.endsWith(".json") && !name.startsWith("refs/")) {
    return {
      problem:
        "there is no such file; name one that orgkeys review --format json has written, an output folder, or a commit",
    };
  }
  return { base: name };
}
