import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isFields } from "../modules/access/stack-reading";
import { nameOrder } from "../modules/aws/name-order";
import type { PreviousOutput } from "../modules/continuity/compare-outputs";

/**
 * The output in a folder, before another takes its place: the stacks of its manifest, and whatever else lies beside them with a
 * stack's JSON in it.
 *
 * @param out a folder that `refuseOtherFolders` lets pass
 */
export function previousOutput(out: string): PreviousOutput {
  const stacks = new Set([...manifestStacks(out), ...folders(out)]);
  return {
    stacks: [...stacks].sort(nameOrder),
    textOf: (stack) => {
      const path = stackFile(out, stack);
      return existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
    },
  };
}

function manifestStacks(out: string): string[] {
  const path = join(out, "manifest.json");
  if (!existsSync(path)) return [];
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isFields(manifest) && isFields(manifest.stacks) ? Object.keys(manifest.stacks) : [];
}

function folders(out: string): string[] {
  const folder = join(out, "stacks");
  return existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(stackFile(out, name))) : [];
}

function stackFile(out: string, stack: string): string {
  return join(out, "stacks", stack, "cdk.tf.json");
}
