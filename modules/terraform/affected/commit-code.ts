import { realpathSync } from "node:fs";
import { isAbsolute, posix, relative, sep } from "node:path";
import { git, type Variables } from "./git";
import { hasPath, type ResolvedCommit } from "./resolve-commit";

/** What an orgkeys is run by, below its folder. */
export const COMMAND = "modules/cli/orgkeys.cjs";
/** What decides what it makes of a map. */
const CODE = ["modules", "stacks", "package-lock.json"];

/** The orgkeys that a commit has: that which runs, another one, or none, where it is installed as a package. */
export type CommitCode = "same" | "other" | "none";

/** @param tool the folder of the orgkeys that runs */
export function codeOf(commit: ResolvedCommit, tool: string, environment: Variables): CommitCode {
  const path = toolPathIn(commit, tool);
  if (path === undefined || !hasPath(commit, posix.join(path, COMMAND), environment)) return "none";
  const changed = git(tool, ["diff", "--name-only", commit.commit, "--", ...CODE], environment);
  const added = git(tool, ["ls-files", "--others", "--exclude-standard", "--", ...CODE], environment);
  const isSame = "text" in changed && changed.text === "" && "text" in added && added.text === "";
  return isSame ? "same" : "other";
}

/** The tool's folder below the commit's root, with `/`; undefined for a tool from elsewhere. */
export function toolPathIn({ root }: ResolvedCommit, tool: string): string | undefined {
  const path = relative(realpathSync(root), realpathSync(tool)).split(sep).join("/");
  return path.startsWith("..") || isAbsolute(path) ? undefined : path;
}
