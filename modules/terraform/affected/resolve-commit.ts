import { type GitEnd, git, type Variables } from "./git";

/** A commit of the repository around a folder. */
export interface ResolvedCommit {
  /** As the user wrote it. */
  readonly name: string;
  /** All of its hash. */
  readonly commit: string;
  /** The root of the work tree. */
  readonly root: string;
  /** From the root to the folder, with a `/` at its end unless it is empty. */
  readonly prefix: string;
  /** Whether the commit is where the named one and HEAD parted. */
  readonly isMergeBase: boolean;
}

/**
 * Finds a commit by a name of git's. `NAME...` is, as in git's own notation, where NAME and HEAD parted.
 *
 * @param head what the other side of the comparison is, for `NAME...`
 * @returns the commit, or why there is none and what to do
 */
export function resolveCommit(
  name: string,
  head: string,
  folder: string,
  environment: Variables,
): ResolvedCommit | { readonly problem: string } {
  const run = (...words: string[]): GitEnd => git(folder, words, environment);
  const isMergeBase = name.endsWith("...");
  const ref = isMergeBase ? name.slice(0, -3) : name;
  if (ref === "" || ref.startsWith("-") || ref.includes("..")) {
    return {
      problem: `${name}: is no name of a commit; give BASE and HEAD as two words, BASE... for where they parted`,
    };
  }
  const root = run("rev-parse", "--show-toplevel");
  if ("why" in root)
    return { problem: `${name}: is no folder here, and git cannot be asked for a commit: ${root.why}` };
  const prefix = run("rev-parse", "--show-prefix");
  const commit = run("rev-parse", "--verify", "--quiet", `${ref}^{commit}`);
  if ("why" in prefix || "why" in commit) return { problem: `${name}: ${whyUnknown(ref, run)}` };
  const found = { name, root: root.text, prefix: prefix.text, isMergeBase };
  if (!isMergeBase) return { ...found, commit: commit.text };
  const other = run("rev-parse", "--verify", "--quiet", `${head}^{commit}`);
  if ("why" in other) return { problem: `${head}: ${whyUnknown(head, run)}` };
  const base = run("merge-base", commit.text, other.text);
  if ("text" in base) return { ...found, commit: base.text };
  const shallow = isShallow(run)
    ? "; this clone is shallow: fetch all of its history (fetch-depth: 0, GIT_DEPTH: 0)"
    : "";
  return { problem: `${name}: ${ref} and ${head} have no commit in common${shallow}` };
}

function whyUnknown(ref: string, run: (...words: string[]) => GitEnd): string {
  const remote = run("rev-parse", "--verify", "--quiet", `refs/remotes/origin/${ref}^{commit}`);
  const hints = [
    ...("text" in remote ? [`there is origin/${ref}: write that`] : []),
    ...(isShallow(run) ? ["this clone is shallow: fetch the commit first (fetch-depth: 0, GIT_DEPTH: 0)"] : []),
  ];
  const hint = hints.length > 0 ? hints.join("; ") : "git branch --all and git log name those that there are";
  return `is neither a folder nor a commit that git knows here; ${hint}`;
}

function isShallow(run: (...words: string[]) => GitEnd): boolean {
  const answer = run("rev-parse", "--is-shallow-repository");
  return "text" in answer && answer.text === "true";
}

/** Whether a commit has a file or folder. */
export function hasPath({ commit, root }: ResolvedCommit, path: string, environment: Variables): boolean {
  return "text" in git(root, ["cat-file", "-e", `${commit}:${path}`], environment);
}
