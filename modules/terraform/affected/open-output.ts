import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { type CommitCode, codeOf } from "./commit-code";
import { extractTree } from "./extract-tree";
import { git } from "./git";
import { hasPath, type ResolvedCommit, resolveCommit } from "./resolve-commit";
import { pathInRepository, type SynthesizeCommit, synthesizeCommit } from "./synthesize-commit";

export interface OpenSettings extends SynthesizeCommit {
  /** The output folder, as the user wrote it. */
  readonly out: string;
  /** Where folders of this comparison alone may be made. */
  readonly temporary: string;
}

/** One side of a comparison, as a folder. */
export interface OpenedOutput {
  /** As the user wrote it. */
  readonly name: string;
  readonly folder: string;
  /** Undefined for a folder of the user's. */
  readonly commit: string | undefined;
  /** Whether the commit is where BASE and HEAD parted. */
  readonly isMergeBase: boolean;
  readonly from: "folder" | "committed" | "synthesized";
  /** Of a commit that was synthesized: what code it has, whichever made its stacks. */
  readonly code: CommitCode | undefined;
  /** What somebody should know who takes one for the other. */
  readonly notes: readonly string[];
  /** The folder of the commit's map; undefined for a folder, which belongs to no map that could be told. */
  openMap(): { readonly folder: string } | { readonly problem: string } | undefined;
  /** Deletes what was made for it. */
  close(): void;
}

/** What a name stands for: a folder, which is open as it is, or a commit. */
export type FoundOutput = { readonly opened: OpenedOutput } | { readonly commit: ResolvedCommit };

/**
 * Finds an output by the name of its folder, or of a commit. Nothing is made for it, so that both sides of a comparison can be
 * found before either is opened.
 *
 * @param head what the other side of the comparison is, for `NAME...`
 */
export function findOutput(
  name: string,
  head: string,
  { folder, environment }: OpenSettings,
): FoundOutput | { readonly problem: string } {
  const path = resolve(folder, name);
  if (existsSync(path) && statSync(path).isDirectory()) {
    const isRef =
      "text" in git(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`], environment);
    const notes = isRef
      ? [`${name} is a folder and a commit: the folder is compared; refs/heads/${name} is the branch.`]
      : [];
    return { opened: { ...folderOf(name), notes } };
  }
  const commit = resolveCommit(name, head, folder, environment);
  return "problem" in commit ? commit : { commit };
}

/**
 * Opens an output: as the commit has it, or, where it is not under version control, synthesized from what the commit has. What is
 * made for it is gone when it cannot be opened.
 */
export async function openOutput(
  found: FoundOutput,
  settings: OpenSettings,
): Promise<OpenedOutput | { readonly problem: string }> {
  if ("opened" in found) return found.opened;
  const { commit } = found;
  const { name } = commit;
  const { folder, environment, signal } = settings;
  const temporary = mkdtempSync(join(settings.temporary, "orgkeys-affected-"));
  const close = (): void => rmSync(temporary, { recursive: true, force: true });
  const opened = {
    name,
    folder: join(temporary, "out"),
    commit: commit.commit,
    isMergeBase: commit.isMergeBase,
    code: undefined,
    notes: [],
    openMap: () => mapOf(commit, join(temporary, "map"), settings),
    close,
  };
  let done = false;
  try {
    const out = pathInRepository(settings.out, commit, folder);
    if (out !== undefined && hasPath(commit, posix.join(out, "manifest.json"), environment)) {
      const why = extractTree(`${commit.commit}:${out}`, commit.root, opened.folder, false, environment);
      if (why !== undefined) return { problem: `${name}: ${out} of the commit cannot be read: ${why}` };
      done = !signal.aborted;
      return done ? { ...opened, from: "committed" } : stopped(name);
    }
    const code = codeOf(commit, settings.tool, environment);
    const why = await synthesizeCommit(commit, code, temporary, opened.folder, settings);
    if (signal.aborted) return stopped(name);
    if (why !== undefined) return { problem: `${name}: ${why}` };
    done = true;
    return { ...opened, from: "synthesized", code };
  } finally {
    if (!done) close();
  }
}

/** A folder of the user's, which stays. */
export function folderOf(name: string): OpenedOutput {
  return {
    name,
    folder: name,
    commit: undefined,
    isMergeBase: false,
    from: "folder",
    code: undefined,
    notes: [],
    openMap: () => undefined,
    close: () => undefined,
  };
}

function mapOf(
  commit: ResolvedCommit,
  into: string,
  { config, folder, environment }: OpenSettings,
): { readonly folder: string } | { readonly problem: string } {
  const path = pathInRepository(config, commit, folder);
  const problem = (what: string) => ({ problem: `${commit.name}: ${what}` });
  if (path === undefined) return problem(`${config} is outside of the repository ${commit.root}`);
  if (!hasPath(commit, path, environment)) return problem(`the commit has no folder ${path}`);
  const tree = path === "." ? commit.commit : `${commit.commit}:${path}`;
  const why = existsSync(into) ? undefined : extractTree(tree, commit.root, into, true, environment);
  return why === undefined ? { folder: into } : problem(`${path} of the commit cannot be read: ${why}`);
}

function stopped(name: string): { readonly problem: string } {
  return { problem: `${name}: stopped; nothing was compared` };
}

/** What somebody should know who compares up to HEAD and has edited since. From HEAD on, that is what is asked for. */
export function uncommitted({ folder, config, out, environment }: OpenSettings): string[] {
  const changed = git(folder, ["status", "--porcelain", "--", config, out], environment);
  const isClean = "why" in changed || changed.text === "";
  return isClean
    ? []
    : ["HEAD is the last commit: what is not committed yet is not compared. Leave HEAD out for the output on disk."];
}
