import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { git, type Variables } from "./git";

/**
 * Writes a tree of a commit into a folder, with an index of its own: the work tree, the index and the list of work trees of the
 * repository stay as they are, and no hook runs.
 *
 * @param tree as in `3f2a…:cdktf.out`
 * @param into is made here
 * @param links whether symbolic links are made; otherwise each is a file that says where it leads
 * @returns why not
 */
export function extractTree(
  tree: string,
  root: string,
  into: string,
  links: boolean,
  environment: Variables,
): string | undefined {
  mkdirSync(into, { recursive: true });
  const index = join(into, ".orgkeys-index");
  const withIndex = { ...environment, GIT_INDEX_FILE: index };
  try {
    const read = git(root, ["read-tree", tree], withIndex);
    if ("why" in read) return read.why;
    const settings = links ? [] : ["-c", "core.symlinks=false"];
    const written = git(root, [...settings, "checkout-index", "--all", "--quiet", `--prefix=${into}/`], withIndex);
    return "why" in written ? written.why : undefined;
  } finally {
    rmSync(index, { force: true });
  }
}
