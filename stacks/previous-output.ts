import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isFields } from "../modules/access/stack-reading";
import { nameOrder } from "../modules/aws/name-order";
import type { PreviousOutput } from "../modules/continuity/pair-stacks";
import { RESTING } from "./synthesize";

/**
 * The output in a folder, before another takes its place: the stacks of its manifest, whatever else lies beside them with a
 * stack's JSON in it, and the last stacks of accounts that have none for now.
 *
 * @param out a folder that `refuseOtherFolders` lets pass
 */
export function previousOutput(out: string): PreviousOutput {
  const stacks = new Set([...manifestStacks(out), ...folders(out, "stacks"), ...folders(out, RESTING)]);
  return {
    stacks: [...stacks].sort(nameOrder),
    textOf: (stack) => {
      const path = ["stacks", RESTING].map((folder) => stackFile(out, folder, stack)).find(existsSync);
      return path !== undefined && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
    },
  };
}

function manifestStacks(out: string): string[] {
  const path = join(out, "manifest.json");
  if (!existsSync(path)) return [];
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isFields(manifest) && isFields(manifest.stacks) ? Object.keys(manifest.stacks) : [];
}

function folders(out: string, folder: string): string[] {
  const path = join(out, folder);
  return existsSync(path) ? readdirSync(path).filter((name) => existsSync(stackFile(out, folder, name))) : [];
}

function stackFile(out: string, folder: string, stack: string): string {
  return join(out, folder, stack, "cdk.tf.json");
}
