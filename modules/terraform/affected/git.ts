import { spawnSync } from "node:child_process";

export type Variables = Readonly<Record<string, string | undefined>>;

/** What git printed, or why it did not do it. */
export type GitEnd = { readonly text: string } | { readonly why: string };

/**
 * Runs one git command to its end. None of those that are run here changes the repository or its work tree.
 *
 * @param folder where it is run
 */
export function git(folder: string, words: readonly string[], environment: Variables): GitEnd {
  const { status, stdout, stderr, error, signal } = spawnSync("git", words, {
    cwd: folder,
    // Messages are read here, and a status of the work tree must not take a lock that somebody else waits for.
    env: { ...environment, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) {
    const isMissing = "code" in error && error.code === "ENOENT";
    return { why: isMissing ? "git is not installed, or not on the PATH" : error.message };
  }
  if (status === 0) return { text: stdout.replace(/\r?\n$/, "") };
  const said = stderr.trim().replace(/^fatal: /, "");
  return { why: said === "" ? `git ${words[0]} ended with ${signal ?? status}` : said };
}
