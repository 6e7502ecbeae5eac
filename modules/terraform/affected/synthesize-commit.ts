import { spawn } from "node:child_process";
import { existsSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { COMMAND, type CommitCode, toolPathIn } from "./commit-code";
import { extractTree } from "./extract-tree";
import { git, type Variables } from "./git";
import { hasPath, type ResolvedCommit } from "./resolve-commit";

/** Whose code synthesizes a commit: the commit's own, where it has any, or that of the orgkeys that runs. */
export type SynthesizedBy = "own" | "this";

export interface SynthesizeCommit {
  /** Where the command was started. */
  readonly folder: string;
  /** The folder of the map, as the user wrote it. */
  readonly config: string;
  readonly today: string | undefined;
  /** The folder of the orgkeys that runs. */
  readonly tool: string;
  /** @default "own" */
  readonly code?: SynthesizedBy;
  /** The program that runs JavaScript. */
  readonly node: string;
  readonly environment: Variables;
  /** Ends what runs. */
  readonly signal: AbortSignal;
  tell(line: string): void;
}

/** Of what a program has said before it failed. */
const MOST_LINES = 20;

/**
 * Synthesizes a commit: as it was, its map by its own code, since another code makes other stacks of the same map; or by the code
 * that runs, for who wants to see what the map alone makes another.
 *
 * @param own what code the commit has
 * @param temporary a folder for the commit's files, which the caller deletes
 * @param out where the stacks are written
 * @returns why not
 */
export async function synthesizeCommit(
  commit: ResolvedCommit,
  own: CommitCode,
  temporary: string,
  out: string,
  settings: SynthesizeCommit,
): Promise<string | undefined> {
  const { environment, tell } = settings;
  const config = pathInRepository(settings.config, commit, settings.folder);
  const short = commit.commit.slice(0, 12);
  if (config === undefined) {
    return `${settings.config} is outside of the repository ${commit.root}: no commit has it; name an output folder instead`;
  }
  if (!hasPath(commit, config, environment)) {
    return `commit ${short} has no folder ${config}; name the map with --config, or an output folder instead`;
  }
  const tree = join(temporary, "tree");
  const why = extractTree(commit.commit, commit.root, tree, true, environment);
  if (why !== undefined) return `commit ${short} cannot be read: ${why}`;
  const toolPath = toolPathIn(commit, settings.tool);
  const byOwn = own !== "none" && settings.code !== "this" && toolPath !== undefined;
  if (byOwn) {
    const failed = await installPackages(commit, toolPath, tree, settings);
    if (failed !== undefined) return failed;
  }
  tell(`${commit.name}: synthesizing commit ${short}${byWhose(own, byOwn)}`);
  const words = [
    join(byOwn ? join(tree, toolPath) : settings.tool, COMMAND),
    "synth",
    "--config",
    isAbsolute(settings.config) ? join(tree, config) : settings.config,
    "--out",
    out,
    ...(settings.today === undefined ? [] : ["--today", settings.today]),
  ];
  const failed = await runQuietly(settings.node, words, join(tree, commit.prefix), settings);
  if (failed === undefined) return undefined;
  const way = own === "other" && !byOwn ? "take its own code with --own-code" : "mend it";
  return `commit ${short} cannot be synthesized; ${way}, or name an output folder instead:\n${failed}`;
}

function byWhose(own: CommitCode, byOwn: boolean): string {
  if (own === "none") return ", which has no orgkeys of its own, with this one";
  return own === "other" && !byOwn ? ", whose orgkeys is another, with this one" : "";
}

/** Below the repository's root, with `/`. */
export function pathInRepository(path: string, { root, prefix }: ResolvedCommit, folder: string): string | undefined {
  if (!isAbsolute(path)) {
    const below = posix.normalize(posix.join(prefix, path.split(sep).join("/"))).replace(/\/$/, "");
    return below === ".." || below.startsWith("../") ? undefined : below;
  }
  const absolute = resolve(folder, path);
  const below = relative(realpathSync(root), existsSync(absolute) ? realpathSync(absolute) : absolute);
  return below.startsWith("..") || isAbsolute(below) ? undefined : below.split(sep).join("/");
}

/** Those that are installed here, where the commit asks for the same; otherwise its own. */
async function installPackages(
  commit: ResolvedCommit,
  toolPath: string,
  tree: string,
  settings: SynthesizeCommit,
): Promise<string | undefined> {
  const lock = posix.join(toolPath, "package-lock.json");
  const here = join(settings.tool, "package-lock.json");
  const committed = git(commit.root, ["cat-file", "-p", `${commit.commit}:${lock}`], settings.environment);
  const installed = existsSync(here) ? readFileSync(here, "utf8").trimEnd() : undefined;
  if (("text" in committed ? committed.text.trimEnd() : undefined) === installed) {
    for (let folder = settings.tool; ; folder = dirname(folder)) {
      const packages = join(folder, "node_modules");
      const below = relative(commit.root, folder);
      if (existsSync(packages) && !below.startsWith("..")) {
        const link = join(tree, below, "node_modules");
        if (!existsSync(link)) symlinkSync(realpathSync(packages), link, "junction");
        return undefined;
      }
      if (folder === dirname(folder)) return undefined;
    }
  }
  settings.tell(`${commit.name}: its package-lock.json is another; installing its packages with npm ci`);
  // No script of a package is needed, and none of them shall run here unasked.
  const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const failed = await runQuietly("npm", words, join(tree, toolPath), settings);
  return failed === undefined
    ? undefined
    : `the packages of commit ${commit.commit.slice(0, 12)} cannot be installed; synthesize it in a checkout of its own and name the output folder instead:\n${failed}`;
}

/** Runs a program to its end; returns the last lines that it said when it failed. */
function runQuietly(
  program: string,
  words: readonly string[],
  folder: string,
  { environment, signal }: SynthesizeCommit,
): Promise<string | undefined> {
  return new Promise((done) => {
    let said = "";
    const child = spawn(program, words, {
      cwd: folder,
      env: environment,
      signal,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(-64 * 1024);
    });
    let failed: string | undefined;
    child.on("error", (error) => {
      failed = signal.aborted ? "it was stopped" : error.message;
      // What could not be started does not end either.
      if (child.pid === undefined) done(failed);
    });
    child.on("close", (code, killedBy) => {
      if (code === 0 && failed === undefined) return done(undefined);
      const lines = said.trimEnd().split("\n").slice(-MOST_LINES).join("\n");
      done(failed ?? (lines === "" ? `it ended with ${killedBy ?? code}` : lines));
    });
  });
}
