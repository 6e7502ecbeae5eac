import { existsSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { isFields } from "../../access/stack-reading";
import { uniqueNames } from "../../aws/name-order";
import { STACK_FILE, stackFolders, stackPath } from "./read-output";

/** Why nobody knows what an output folder applies. */
export interface OutputProblem {
  /** The file or folder, as the user wrote the output's name. */
  readonly file: string;
  readonly message: string;
  readonly fix: string;
}

export interface OutputListing {
  readonly stacks: readonly string[];
  /** Why the folder cannot be taken for a whole output. */
  readonly problems: readonly OutputProblem[];
}

/**
 * The stacks of an output, held against the manifest that CDKTF writes beside them: one that is missing on either side means
 * that nobody knows what will be applied.
 */
export function listOutput(out: string): OutputListing {
  const problem = (file: string, message: string, fix: string): OutputProblem => ({ file, message, fix });
  const none = (message: string): OutputListing => ({
    stacks: [],
    problems: [problem(out, message, "run orgkeys synth first, or name the folder with --out")],
  });
  if (!existsSync(out)) return none("is not there");
  if (!statSync(out).isDirectory()) return none("is not a folder");
  const manifest = posix.join(out.replaceAll("\\", "/"), "manifest.json");
  if (!existsSync(manifest)) return none("has no manifest.json: it is not a synthesized output");
  const listed = manifestStacks(readFileSync(manifest, "utf8"));
  if (listed === undefined) {
    return { stacks: [], problems: [problem(manifest, "is not a manifest of CDKTF", "run orgkeys synth")] };
  }
  const folders = new Set(stackFolders(out));
  const stacks = uniqueNames([...listed.keys(), ...folders]);
  if (stacks.length === 0) return none("has no stacks");
  const problems = stacks.flatMap((stack) => {
    const path = stackPath(out, stack);
    const folder = posix.dirname(path);
    if (!folders.has(stack)) return problem(manifest, `names stack ${stack}, which is not there`, "synthesize again");
    if (!existsSync(path)) return problem(folder, `has no ${STACK_FILE}`, "delete the folder, or synthesize again");
    if (!statSync(path).isFile()) return problem(path, "is not a file", "delete it and synthesize again");
    if (listed.get(stack) === undefined) {
      return problem(folder, "is not in manifest.json", "delete the folder if it is left over, or synthesize again");
    }
    if (listed.get(stack) !== `stacks/${stack}`) {
      return problem(manifest, `puts stack ${stack} into ${listed.get(stack)}`, "synthesize again");
    }
    return [];
  });
  return { stacks, problems };
}

/** Each stack's folder by its name, as the manifest has it; `cdktf deploy` runs Terraform there. */
function manifestStacks(text: string): ReadonlyMap<string, string> | undefined {
  const manifest = parse(text);
  if (!isFields(manifest) || !isFields(manifest.stacks)) return undefined;
  return new Map(
    Object.entries(manifest.stacks).map(([name, stack]) => {
      const { workingDirectory, synthesizedStackPath } = isFields(stack) ? stack : {};
      const agree = synthesizedStackPath === `${workingDirectory}/${STACK_FILE}`;
      return [name, agree ? String(workingDirectory) : "different folders"];
    }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
